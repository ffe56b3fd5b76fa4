import { accountOpenAt, erasedKey } from '@chorus/kit/accounts';
import { newId } from '@chorus/kit/ids';
import { raw, sql, type SqlClient } from '@chorus/kit/sql';
import { openTo, writable } from '../room/room.policy.ts';
import { messageColumns, type MessageRow } from './message.model.ts';

/** A message that is to be sent, well-formed. */
export interface NewMessage {
  authorId: string;
  roomId: string;
  clientId: string;
  text: string;
  mentionIds: string[];
  mediaIds: string[];
  replyToId: string | null;
  /** When it was written elsewhere; null: now. */
  createdAt: Date | null;
}

/** What became of one: `refused` when its sender may not send it, or has sent it before; `later` when its room is busy. */
export type Inserted = MessageRow | 'refused' | 'later';

const author = raw('given.author_id');

/** Where a message may go that its author is a member of: to a room that is open to them, or one that they may write in. */
const GATES = { openTo: openTo(author), writable: writable(author) };

/**
 * Sends messages, all of them in one statement, and so one round trip and one transaction: the senders' places in the
 * rooms, the next places in their logs, the entries and the messages. Refused is one whose sender is not a member or has used the
 * clientId before, whose room is not open to them, and that answers or mentions what it cannot.
 *
 * The locks are always taken in the order member, message, room, here and wherever a room changes. The member's row is
 * locked against being deleted, so that nobody's message comes after their MEMBER_LEFT; a message's, which is there to
 * be changed, lets one change after another look at it; the room's lets one writer at a time into the
 * log.
 *
 * @param messages no two of them with the same author and clientId
 * @param options.wait whether to wait for rooms in which another writes now. If not, what goes there is told to come
 *   `later`; else the messages have to be of one room, for else two callers could wait for each other
 */
export async function insertMessages(
  client: SqlClient,
  messages: readonly NewMessage[],
  { gate, wait }: { gate: keyof typeof GATES; wait: boolean },
): Promise<Inserted[]> {
  const given = messages.map((message, nth) => ({
    ...message,
    nth,
    id: newId('msg'),
    authorKey: erasedKey(message.authorId),
  }));
  const rows = await client.$queryRaw<(MessageRow & { nth: number })[]>(sql`
    with given as materialized (
      select nth, id, "roomId" as room_id, "authorId" as author_id, "authorKey" as author_key, "clientId" as client_id,
        text, "mentionIds" as mention_ids, "mediaIds" as media_ids, "replyToId" as reply_to_id, "createdAt" as created_at
      from jsonb_to_recordset(${JSON.stringify(given)}::jsonb) as given (
        nth int, id text, "roomId" text, "authorId" text, "authorKey" text, "clientId" text, text text,
        "mentionIds" text[], "mediaIds" text[], "replyToId" text, "createdAt" timestamptz)
    ), admitted as materialized (
      -- Each by its key: left to itself, Postgres would read the tables to the end.
      select given.* from given
      cross join lateral (
        select from room_member where room_member.room_id = given.room_id and room_member.user_id = ${author}
        limit 1 for key share
      ) as member
      where ${accountOpenAt(author, raw('given.author_key'))}
        and (select true from room where room.id = given.room_id and ${GATES[gate]} limit 1)
        and (select true from message where message.author_id = ${author} and message.client_id = given.client_id
          limit 1) is null
        and (given.reply_to_id is null or (
          select true from message where message.id = given.reply_to_id and message.room_id = given.room_id
            and message.deleted_at is null limit 1))
        and (given.mention_ids = '{}' or cardinality(given.mention_ids) = (
          select count(*) from room_member mentioned
          where mentioned.room_id = given.room_id and mentioned.user_id = any(given.mention_ids)))
    ), free as materialized (
      select locked.id from (select distinct room_id from admitted) as asked
      cross join lateral (
        select room.id from room where room.id = asked.room_id
        limit 1 for no key update ${wait ? sql`` : sql`skip locked`}
      ) as locked
    ), news as materialized (
      select room_id, count(*)::int as count, (array_agg(id order by nth desc))[1] as last_id,
        max(coalesce(created_at, clock_timestamp())) as latest
      from admitted where room_id in (select id from free) group by room_id
    ), place as (
      update room set last_seq = last_seq + news.count, last_message_id = news.last_id,
        last_activity_at = greatest(last_activity_at, news.latest)
      from news where room.id = news.room_id
      returning room.id as room_id, room.last_seq - news.count as before, clock_timestamp() as now
    ), placed as materialized (
      select admitted.*, place.now,
        (place.before + row_number() over (partition by admitted.room_id order by admitted.nth))::int as seq
      from admitted join place on place.room_id = admitted.room_id
    ), entry as (
      insert into room_event (room_id, seq, kind, message_id, created_at)
      select room_id, seq, 'MESSAGE_CREATED', id, now from placed
    ), stored as (
      insert into message
        (id, room_id, seq, author_id, client_id, text, mention_ids, media_ids, reply_to_id, created_at)
      select id, room_id, seq, author_id, client_id, text, mention_ids, media_ids, reply_to_id, coalesce(created_at, now)
      from placed
      returning *
    )
    select ${messageColumns}, admitted.nth from admitted left join stored as message on message.id = admitted.id`);
  const results: Inserted[] = messages.map(() => 'refused');
  for (const { nth, ...row } of rows) results[nth] = isStored(row) ? row : 'later';
  return results;
}

/** All its columns are null where nothing was stored. */
const isStored = (row: { id: string | null }): row is MessageRow => row.id !== null;
