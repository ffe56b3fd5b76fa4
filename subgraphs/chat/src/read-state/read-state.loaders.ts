import { batchOne } from '@chorus/kit/loaders';
import { sql, type SqlClient } from '@chorus/kit/sql';
import type { Viewer } from '@chorus/kit/viewer';
import { visible } from '../room/room.policy.ts';
import { FOR_GOOD } from './mute.ts';
import type { RoomViewerRow, UnreadRow } from './read-state.model.ts';
import { MAX_COUNTED, readUpTo, unread } from './unread.ts';

/** What the viewer has read and muted. Rooms given here have been read, so the viewer may. */
export interface ReadStateLoaders {
  /** Null when the viewer is not a member. */
  ofRoom(roomId: string): Promise<RoomViewerRow | null>;
  unread(roomId: string): Promise<UnreadRow | null>;
  /** Unread messages in all rooms of the viewer that are not muted, at most MAX_COUNTED; null when nobody is signed in. */
  total(): Promise<number | null>;
}

export function createReadStateLoaders(db: SqlClient, viewer: Viewer): ReadStateLoaders {
  const states = batchOne({
    name: 'read state',
    load: (ids: readonly string[]) =>
      db.$queryRaw<RoomViewerRow[]>(sql`
        select room_id as "roomId", ${readUpTo} as "lastReadSeq", coalesce(muted_until > now(), false) as "isMuted",
          case when muted_until > now() and muted_until < ${FOR_GOOD} then muted_until end as "mutedUntil"
        from room_member where user_id = ${viewer.userId} and room_id = any(${ids}::text[])`),
    keyOf: (row) => row.roomId,
  });
  const unreadOf = batchOne({
    name: 'unread messages',
    load: (ids: readonly string[]) =>
      db.$queryRaw<UnreadRow[]>(sql`
        select room_member.room_id as "roomId", found.count, message.id as "firstId"
        from room_member cross join lateral (
          select count(*)::int as count, min(seq) as first from (${unread}) as unread
        ) as found
        left join message on message.room_id = room_member.room_id and message.seq = found.first
        where room_member.user_id = ${viewer.userId} and room_member.room_id = any(${ids}::text[])`),
    keyOf: (row) => row.roomId,
  });
  return {
    ofRoom: (roomId) => states.load(roomId),
    unread: (roomId) => unreadOf.load(roomId),
    async total() {
      if (viewer.userId === null) return null;
      const [row] = await db.$queryRaw<{ count: number }[]>(sql`
        select count(*)::int as count from (
          select from room_member join room on room.id = room_member.room_id cross join lateral (${unread}) as unread
          where room_member.user_id = ${viewer.userId} and room.last_seq > ${readUpTo}
            and coalesce(room_member.muted_until <= now(), true) and ${visible(viewer)}
          limit ${MAX_COUNTED}
        ) as counted`);
      return row?.count ?? 0;
    },
  };
}
