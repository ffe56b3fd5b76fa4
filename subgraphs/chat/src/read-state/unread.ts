import { raw, type Sql, sql } from '@chorus/kit/sql';

/** Unread messages are counted up to this. */
export const MAX_COUNTED = 1000;
/**
 * Of the messages after the last one read, so many are looked at: the reader's own and deleted ones, which do not count,
 * cannot make counting long.
 */
const MAX_SCANNED = 3000;

/** Up to where a row of `room_member` has read: what came before they joined is not unread. */
export const readUpTo = raw('greatest(room_member.last_read_seq, room_member.joined_seq)');

/**
 * Selects `seq` of the messages that a row of `room_member` has not read, at most MAX_COUNTED, oldest first. All that it
 * looks at is in the index of (room_id, seq), which carries author_id and deleted_at for it.
 */
export const unread: Sql = sql`
  select later.seq from (
    select message.seq, message.author_id, message.deleted_at from message
    where message.room_id = room_member.room_id and message.seq > ${readUpTo}
    order by message.seq limit ${MAX_SCANNED}
  ) as later
  where later.author_id <> room_member.user_id and later.deleted_at is null
  order by later.seq limit ${MAX_COUNTED}`;
