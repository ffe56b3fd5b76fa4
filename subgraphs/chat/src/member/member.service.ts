import { badInput, notFound } from '@chorus/kit/errors';
import { isId } from '@chorus/kit/ids';
import type { Caller, Limits } from '@chorus/kit/limits';
import type { LiveBus } from '@chorus/kit/live';
import { type Database, sql, type SqlClient } from '@chorus/kit/sql';
import { requireUser, type Viewer } from '@chorus/kit/viewer';
import { roomChannel } from '../live/room-log.ts';
import { readPeople } from '../room/room.service.ts';

/** People in one room. */
export const MAX_MEMBERS = 20_000;

export interface MemberService {
  /**
   * Adds people; those who are members already stay as they are.
   * @throws GraphQLError UNAUTHENTICATED, BAD_USER_INPUT, NOT_FOUND, RATE_LIMITED
   */
  invite(caller: Caller, roomId: string, userIds: readonly string[]): Promise<void>;
  /**
   * Ends the viewer's membership; nothing happens where there is none. Ownership passes to whoever has been there
   * longest.
   * @throws GraphQLError UNAUTHENTICATED, NOT_FOUND
   */
  leave(viewer: Viewer, roomId: string): Promise<void>;
}

/**
 * Every change here takes its locks in the order member, room, as sending does (message.service.ts): first the viewer's
 * own membership, then the room, and with the room's lock the next places in its log.
 */
export function createMemberService(options: {
  db: Database;
  live: LiveBus;
  limits: Limits<'inviteToRoom'>;
}): MemberService {
  const { db, live, limits } = options;

  /** @returns the sequence number of the last entry, null when all were members already */
  const insert = async (tx: SqlClient, roomId: string, inviterId: string, people: string[]): Promise<number | null> => {
    const [inviter] = await tx.$queryRaw<object[]>(sql`
      select role from room_member where room_id = ${roomId} and user_id = ${inviterId} for key share`);
    if (inviter === undefined) throw notFound('This room', 'roomId');
    const [room] = await tx.$queryRaw<{ memberCount: number }[]>(sql`
      select member_count as "memberCount" from room where id = ${roomId} for no key update`);
    // A statement of its own: it has to see what was committed while this one waited for the lock.
    const present = await tx.$queryRaw<{ userId: string }[]>(sql`
      select user_id as "userId" from room_member where room_id = ${roomId} and user_id = any(${people}::text[])`);
    const known = new Set(present.map((member) => member.userId));
    const added = people.filter((id) => !known.has(id));
    if (added.length === 0 || room === undefined) return null;
    if (room.memberCount + added.length > MAX_MEMBERS) {
      throw badInput('userIds', `A room has at most ${MAX_MEMBERS} members.`);
    }
    const [last] = await tx.$queryRaw<{ seq: number }[]>(sql`
      with place as (
        update room set last_seq = last_seq + ${added.length}::int, member_count = member_count + ${added.length}::int
        where id = ${roomId} returning last_seq - ${added.length}::int as before, last_seq
      ), joined as (
        insert into room_member (room_id, user_id, role, joined_seq, joined_at)
        select ${roomId}, user_id, 'MEMBER', before + nth, clock_timestamp()
        from place, unnest(${added}::text[]) with ordinality as person (user_id, nth)
        returning user_id, joined_seq
      ), entries as (
        insert into room_event (room_id, seq, kind, user_id, by_user_id, created_at)
        select ${roomId}, joined_seq, 'MEMBER_JOINED', user_id, ${inviterId}, clock_timestamp() from joined
      )
      select last_seq as seq from place`);
    return last?.seq ?? null;
  };

  /** @returns the sequence number of the entry, null when there was no membership */
  const remove = async (tx: SqlClient, roomId: string, userId: string): Promise<number | null> => {
    const [member] = await tx.$queryRaw<object[]>(sql`
      select role from room_member where room_id = ${roomId} and user_id = ${userId} for update`);
    if (member === undefined) return null;
    const [left] = await tx.$queryRaw<{ seq: number }[]>(sql`
      with place as (
        update room set last_seq = last_seq + 1, member_count = member_count - 1
        where id = ${roomId} returning last_seq as seq
      ), gone as (
        delete from room_member where room_id = ${roomId} and user_id = ${userId}
      )
      insert into room_event (room_id, seq, kind, user_id, created_at)
      select ${roomId}, seq, 'MEMBER_LEFT', ${userId}, clock_timestamp() from place
      returning seq`);
    // Whoever is leaving at this moment holds the lock of their membership, waits for the room, and is passed over.
    await tx.$executeRaw(sql`
      update room_member set role = 'OWNER' where room_id = ${roomId} and user_id = (
        select user_id from room_member where room_id = ${roomId}
          and not exists (select from room_member where room_id = ${roomId} and role = 'OWNER')
        order by joined_seq limit 1 for no key update skip locked)`);
    return left?.seq ?? null;
  };

  const publish = (roomId: string, seq: number | null) => {
    if (seq !== null) live.publish(roomChannel(roomId), seq);
  };

  return {
    async invite(caller, roomId, userIds) {
      const inviterId = requireUser(caller.viewer);
      if (!isId('rom', roomId)) throw notFound('This room', 'roomId');
      const people = readPeople('userIds', userIds);
      if (people.length === 0) throw badInput('userIds', 'Name somebody to add.');
      await limits.take(caller, 'inviteToRoom');
      publish(roomId, await db.$transaction((tx) => insert(tx, roomId, inviterId, people)));
    },
    async leave(viewer, roomId) {
      const userId = requireUser(viewer);
      if (!isId('rom', roomId)) throw notFound('This room', 'roomId');
      publish(roomId, await db.$transaction((tx) => remove(tx, roomId, userId)));
    },
  };
}
