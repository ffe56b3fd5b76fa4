import type { Erase, Erasing } from '@chorus/kit/accounts';
import type { LiveBus } from '@chorus/kit/live';
import { join, type Sql, sql, type SqlClient } from '@chorus/kit/sql';
import { roomChannel } from '../live/room-log.ts';
import { dismiss, lockRoom, release } from '../member/membership.ts';
import { newEpoch } from '../room/room.service.ts';

const ROOMS = 20;
const BATCH = 500;

/** What a step did: how many rows it changed or deleted, and the rooms whose logs no longer tell what is there. */
interface Done {
  rows: number;
  rewritten?: readonly string[];
}
type Step = (tx: SqlClient, accountId: string) => Promise<Done>;

const roomsOf = (rows: readonly { roomId: string }[]): string[] =>
  [...new Set(rows.map(({ roomId }) => roomId))].sort();
const gone = async (deleted: Promise<number>): Promise<Done> => ({ rows: await deleted });

/** Reactions to messages of others, with their counts. */
const reactions: Step = async (tx, id) => {
  const rows = await tx.$queryRaw<{ roomId: string }[]>(sql`
    with target as materialized (
      select message.id, message.room_id from message
      where id in (select message_id from message_reaction where user_id = ${id} limit ${BATCH})
      order by id for no key update
    ), removed as (
      delete from message_reaction using target where message_id = target.id and user_id = ${id}
      returning message_id, emoji
    ), kept as (
      select message.id, coalesce(
        jsonb_object_agg(reaction.key, case when removed.emoji is null then reaction.value
          else jsonb_set(reaction.value, '{0}', to_jsonb((reaction.value ->> 0)::int - 1)) end)
          filter (where removed.emoji is null or (reaction.value ->> 0)::int > 1), '{}') as reactions
      from message join target on target.id = message.id cross join jsonb_each(message.reactions) as reaction (key, value)
      left join removed on removed.message_id = message.id and removed.emoji = reaction.key
      group by message.id
    )
    update message set reactions = kept.reactions from kept where message.id = kept.id
    returning message.room_id as "roomId"`);
  return { rows: rows.length, rewritten: roomsOf(rows) };
};

/** Messages stay as tombstones, for others answer to their places: without text, versions, reactions or author. */
const messages: Step = async (tx, id) => {
  const rows = await tx.$queryRaw<{ roomId: string }[]>(sql`
    with target as materialized (
      select id from message where author_id = ${id} order by id limit ${BATCH} for no key update
    ), versions as (
      delete from message_version using target where message_id = target.id
    ), reactions as (
      delete from message_reaction using target where message_id = target.id
    )
    update message set text = '', author_id = null, client_id = message.id, edited_at = null, reactions = '{}',
      mention_ids = '{}', media_ids = '{}', deleted_at = coalesce(deleted_at, now()), deleted_by = null
    from target where message.id = target.id returning room_id as "roomId"`);
  return { rows: rows.length, rewritten: roomsOf(rows) };
};

/** Entries that name the account: who joined, left, was invited by it or reacted. */
const entries: Step = async (tx, id) => {
  const rows = await tx.$queryRaw<{ roomId: string }[]>(sql`
    delete from room_event where (room_id, seq) in (
      select room_id, seq from room_event where user_id = ${id} or by_user_id = ${id} limit ${BATCH})
    returning room_id as "roomId"`);
  return { rows: rows.length, rewritten: roomsOf(rows) };
};

/** Where messages of others mention it. */
const mentions: Step = async (tx, id) => {
  const rows = await tx.$queryRaw<{ roomId: string }[]>(sql`
    update message set mention_ids = array_remove(mention_ids, ${id}) where id in (
      select id from message where mention_ids @> array[${id}] order by id limit ${BATCH} for no key update)
    returning room_id as "roomId"`);
  return { rows: rows.length, rewritten: roomsOf(rows) };
};

/** Its pictures of rooms, which media erases, and what the logs tell of them. */
const avatars: Step = async (tx, id) => {
  const rows = await tx.$queryRaw<{ roomId: string }[]>(sql`
    with target as materialized (
      select id, avatar_media_id from room where avatar_owner_id = ${id} order by id limit ${ROOMS} for no key update
    ), told as (
      update room_event set avatar_media_id = null from target
      where room_event.room_id = target.id and room_event.avatar_media_id = target.avatar_media_id
    )
    update room set avatar_media_id = null, avatar_owner_id = null from target where room.id = target.id
    returning room.id as "roomId"`);
  return { rows: rows.length, rewritten: roomsOf(rows) };
};

/** Rooms that are to go whole: their messages first, a batch at a time. */
const drop = async (tx: SqlClient, rooms: Sql): Promise<Done> => {
  const messages = await tx.$executeRaw(sql`
    delete from message where id in (select id from message where room_id in (${rooms}) limit ${BATCH})`);
  if (messages > 0) return { rows: messages };
  return gone(tx.$executeRaw(sql`delete from room where id in (${rooms} limit ${ROOMS})`));
};

/** Those about its posts: with the post, nobody may see them. */
const postRooms: Step = (tx, id) =>
  drop(tx, sql`select room.id from post join room on room.post_id = post.id where post.author_id = ${id}`);

/** Direct rooms that it was the last to leave. */
const emptyPairs: Step = (tx, id) =>
  drop(
    tx,
    sql`select room.id from direct_room join room on room.id = room_id
      where ${id} in (low_id, high_id) and room.member_count = 0`,
  );

/** The others keep what was said, with nobody. */
const pairs: Step = async (tx, id) => {
  const rows = await tx.$queryRaw<{ roomId: string }[]>(sql`
    delete from direct_room where room_id in (
      select room_id from direct_room where ${id} in (low_id, high_id) limit ${BATCH})
    returning room_id as "roomId"`);
  return { rows: rows.length, rewritten: roomsOf(rows) };
};

/** Columns and projections that no log tells of. */
const rest: readonly Step[] = [
  (tx, id) => gone(tx.$executeRaw(sql`delete from room_ban where user_id = ${id}`)),
  (tx, id) => gone(tx.$executeRaw(sql`update room_ban set by_user_id = null where by_user_id = ${id}`)),
  (tx, id) => gone(tx.$executeRaw(sql`delete from room_invitation where ${id} in (user_id, by_user_id)`)),
  (tx, id) => gone(tx.$executeRaw(sql`update room set created_by = null where created_by = ${id}`)),
  (tx, id) => gone(tx.$executeRaw(sql`update message set deleted_by = null where deleted_by = ${id}`)),
  (tx, id) => gone(tx.$executeRaw(sql`delete from private_account where user_id = ${id}`)),
  (tx, id) =>
    gone(
      tx.$executeRaw(sql`
        delete from post where id in (select id from post where author_id = ${id} limit ${BATCH})`),
    ),
  (tx, id) =>
    gone(
      tx.$executeRaw(sql`
        delete from follow_edge where (follower_id, followee_id) in (
          select follower_id, followee_id from follow_edge where ${id} in (follower_id, followee_id) limit ${BATCH})`),
    ),
  (tx, id) =>
    gone(
      tx.$executeRaw(sql`
        delete from block_edge where (blocker_id, blocked_id) in (
          select blocker_id, blocked_id from block_edge where ${id} in (blocker_id, blocked_id) limit ${BATCH})`),
    ),
];

/**
 * One step towards nothing left of an account. First it leaves its rooms, which their logs tell as they do of anybody.
 * What is then rewritten no entry tells: the log begins anew under another name, and every reader fetches the room again
 * (RESET), to find it as it is now.
 */
export function createEraser(live: LiveBus): Erase<SqlClient> {
  const leave = async (tx: SqlClient, accountId: string, after: (run: () => void) => void): Promise<boolean> => {
    const rooms = await tx.$queryRaw<{ roomId: string }[]>(sql`
      select room_id as "roomId" from room_member where user_id = ${accountId} order by room_id limit ${ROOMS}`);
    for (const { roomId } of rooms) {
      if (!(await release(tx, roomId, accountId))) continue;
      const seq = await dismiss(tx, await lockRoom(tx, roomId), accountId, { byUserId: null, reason: 'LEFT' });
      after(() => live.publish(roomChannel(roomId), seq));
    }
    return rooms.length > 0;
  };

  return async (tx, accountId, after): Promise<Erasing> => {
    if (await leave(tx, accountId, after)) return 'more';
    for (const step of [reactions, messages, entries, mentions, avatars, postRooms, emptyPairs, pairs, ...rest]) {
      const { rows, rewritten = [] } = await step(tx, accountId);
      if (rewritten.length > 0) {
        const heads = await tx.$queryRaw<{ id: string; seq: number }[]>(sql`
          update room set log_epoch = ${newEpoch()}, last_seq = last_seq + 1
          from (select id from room where id in (${join([...rewritten])}) order by id for no key update) as locked
          where room.id = locked.id returning room.id, last_seq as seq`);
        for (const { id, seq } of heads) after(() => live.publish(roomChannel(id), seq));
      }
      if (rows > 0) return 'more';
    }
    return 'done';
  };
}
