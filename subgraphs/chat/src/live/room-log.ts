import { isId } from '@chorus/kit/ids';
import { LOG_PAGE, type LogPage, type LogRetention } from '@chorus/kit/live';
import { Turnstile } from '@chorus/kit/turnstile';
import { raw, type Sql, sql, type SqlClient } from '@chorus/kit/sql';
import type { Departure, RoomRole } from '../__generated__/resolvers.ts';
import { messageColumns, type MessageRow } from '../message/message.model.ts';
import { openTo } from '../room/room.policy.ts';

/** Where wake-ups of a room are published; the message is the sequence number committed. */
export const roomChannel = (roomId: string): string => `chorus:live:room:${roomId}`;

/** One entry of a room's log. */
export type LogEntry = { seq: number } & (
  | { kind: 'MESSAGE_CREATED' | 'MESSAGE_EDITED' | 'MESSAGE_DELETED'; message: MessageRow }
  | { kind: 'REACTION_ADDED' | 'REACTION_REMOVED'; message: MessageRow; userId: string; emoji: string }
  | RoomEntry
);

/** One that is not about a message. */
export type RoomEntry =
  | { kind: 'MEMBER_JOINED' | 'MEMBER_ROLE_CHANGED'; userId: string; byUserId: string | null; role: RoomRole }
  | { kind: 'MEMBER_LEFT'; userId: string; byUserId: string | null; reason: Departure }
  | { kind: 'ROOM_UPDATED'; byUserId: string | null; name: string | null; avatarMediaId: string | null };

/** What a member reads of a room's log. */
export interface RoomLogPage extends LogPage<LogEntry> {
  /** The sequence number of the reader's joining. */
  joinedSeq: number;
}

export interface RoomLog {
  /**
   * What follows `position`, or nothing but the head when `position` is null.
   * @returns null when this user is not a member of the room now, it is closed to them, or there is no such room
   */
  read(roomId: string, userId: string, position: number | null): Promise<RoomLogPage | null>;
  /**
   * The same for nobody in particular: for a hub, which hands it to those who were members at the position and whom no
   * entry since then concerns (`endsFor`). A room that may close to members who stay asks for its readers each time.
   */
  tail(roomId: string, position: number): Promise<LogPage<LogEntry> | null>;
  /** Which of these users may read the room now. */
  readers(roomId: string, userIds: readonly string[]): Promise<ReadonlySet<string>>;
}

/** Which kinds of entries may end the right to read the room of the user they name. */
const ends: Record<LogEntry['kind'], boolean> = {
  MESSAGE_CREATED: false,
  MESSAGE_EDITED: false,
  MESSAGE_DELETED: false,
  REACTION_ADDED: false,
  REACTION_REMOVED: false,
  MEMBER_JOINED: false,
  MEMBER_ROLE_CHANGED: false,
  MEMBER_LEFT: true,
  ROOM_UPDATED: false,
};

/**
 * Whose right to read the room an entry may end: they are asked for it before the entry is forwarded to them. What ends
 * rights without an entry publishes READERS_CHANGED on the room's channel.
 */
export const endsFor = (entry: LogEntry): string | null =>
  ends[entry.kind] && 'userId' in entry ? entry.userId : null;

type Row = { epoch: string; lastSeq: number; joinedSeq: number; mayClose: boolean } & (
  | { entrySeq: null }
  | ({ entrySeq: number } & RoomEntry)
  | ({ entrySeq: number; kind: 'MESSAGE_CREATED' | 'MESSAGE_EDITED' | 'MESSAGE_DELETED' } & MessageRow)
  | ({ entrySeq: number; kind: 'REACTION_ADDED' | 'REACTION_REMOVED'; userId: string; emoji: string } & MessageRow)
);

/**
 * The log of every room. An entry says what happened; the message of which it tells is read as it is now, and so a late
 * reader meets edits, reactions and a tombstone earlier than the entries that brought them. That is harmless, for those
 * entries follow and say the same: whoever puts each message that comes in the place of the one before ends with what is
 * stored. Retention is part of the read, whether or not what it gave up is deleted yet (retention.ts):
 * as numbers have no gaps, a page with one after the position has lost entries to it.
 *
 * @param readsAtOnce how many readers are served at one time: thousands who come back together, after a process was
 *   lost, wait for each other, and not everybody else for all of them
 */
export function createRoomLog(db: SqlClient, retention: LogRetention, readsAtOnce: number): RoomLog {
  const turnstile = new Turnstile(readsAtOnce);
  /** @param reader a relation `reader` with the reader's `joined_seq`, or no row when there is no right to read */
  const read = async (roomId: string, reader: Sql, position: number | null): Promise<RoomLogPage | null> => {
    if (!isId('rom', roomId)) return null;
    const rows = await db.$queryRaw<Row[]>(sql`
      select room.log_epoch as epoch, room.last_seq as "lastSeq", reader.joined_seq as "joinedSeq",
        entry.seq as "entrySeq", entry.kind, entry.user_id as "userId", entry.by_user_id as "byUserId",
        entry.reason, entry.role, entry.name, entry.avatar_media_id as "avatarMediaId", entry.emoji,
        room.kind in ('DIRECT', 'POST') as "mayClose", ${messageColumns}
      from room
      cross join lateral (${reader}) as reader
      left join lateral (
        select * from room_event
        where room_event.room_id = room.id
          and room_event.seq > greatest(${position}::int, room.last_seq - ${retention.count}::int)
          and room_event.created_at > now() - ${retention.ms}::bigint * interval '1 millisecond'
        order by room_event.seq limit ${position === null ? 0 : LOG_PAGE}::int
      ) as entry on true
      left join message on message.id = entry.message_id
      where room.id = ${roomId}
      order by entry.seq`);
    const [first] = rows;
    if (first === undefined) return null;
    const { epoch, lastSeq, joinedSeq, mayClose } = first;
    return { epoch, lastSeq, joinedSeq, entries: rows.flatMap(toEntry), asksReaders: mayClose };
  };
  const member = (userId: string) => sql`
    select joined_seq from room_member where room_member.room_id = room.id and room_member.user_id = ${userId}
      and ${openTo(sql`${userId}`)}`;
  return {
    read: (roomId, userId, position) => turnstile.pass(() => read(roomId, member(userId), position)),
    tail: (roomId, position) => read(roomId, sql`select 0 as joined_seq`, position),
    async readers(roomId, userIds) {
      const rows = await db.$queryRaw<{ userId: string }[]>(sql`
        select room_member.user_id as "userId" from room
        join room_member on room_member.room_id = room.id and room_member.user_id = any(${userIds}::text[])
        where room.id = ${roomId} and ${openTo(raw('room_member.user_id'))}`);
      return new Set(rows.map((row) => row.userId));
    },
  };
}

function toEntry(row: Row): LogEntry[] {
  if (row.entrySeq === null) return [];
  const seq = row.entrySeq;
  switch (row.kind) {
    case 'MESSAGE_CREATED':
    case 'MESSAGE_EDITED':
    case 'MESSAGE_DELETED':
      return [{ seq, kind: row.kind, message: row }];
    case 'REACTION_ADDED':
    case 'REACTION_REMOVED':
      return [{ seq, kind: row.kind, message: row, userId: row.userId, emoji: row.emoji }];
    case 'MEMBER_JOINED':
    case 'MEMBER_ROLE_CHANGED':
      return [{ seq, kind: row.kind, userId: row.userId, byUserId: row.byUserId, role: row.role }];
    case 'ROOM_UPDATED':
      return [{ seq, kind: row.kind, byUserId: row.byUserId, name: row.name, avatarMediaId: row.avatarMediaId }];
  }
  return [{ seq, kind: row.kind, userId: row.userId, byUserId: row.byUserId, reason: row.reason }];
}
