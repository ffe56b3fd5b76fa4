import { accountOpen, requireOpenAccount, withoutDeleted } from '@chorus/kit/accounts';
import { transact } from '@chorus/kit/database';
import { badInput, forbidden, notFound } from '@chorus/kit/errors';
import { record, type Relay } from '@chorus/kit/events';
import { isId, newId } from '@chorus/kit/ids';
import type { Caller, Limits } from '@chorus/kit/limits';
import type { LiveBus } from '@chorus/kit/live';
import { type Database, sql, type SqlClient } from '@chorus/kit/sql';
import { requireUser, requireVerified, type Viewer } from '@chorus/kit/viewer';
import { isUniqueViolation } from '../database.ts';
import { blockBetween, follows } from '../graph/graph.policy.ts';
import { wakeInboxes } from '../inbox/inbox.channel.ts';
import { roomChannel } from '../live/room-log.ts';
import { admit, lockRoom } from '../member/membership.ts';
import { newEpoch } from '../room/room.service.ts';

/** What a stranger may send until the request is accepted. */
export const MAX_REQUEST_MESSAGES = 3;

export interface DirectService {
  /**
   * The one room of the viewer and somebody else, made on first use. With a stranger, who does not follow the viewer and
   * has not written to them, it is a request; opened by the one who was asked, that is accepted.
   * @returns its id
   * @throws GraphQLError UNAUTHENTICATED, FORBIDDEN to a stranger without a verified e-mail address, BAD_USER_INPUT,
   *   NOT_FOUND, RATE_LIMITED
   */
  open(caller: Caller, userId: string): Promise<string>;
  /** @throws GraphQLError UNAUTHENTICATED, NOT_FOUND, RATE_LIMITED */
  accept(caller: Caller, roomId: string): Promise<void>;
  /** The requester is not told. @throws GraphQLError UNAUTHENTICATED, NOT_FOUND, RATE_LIMITED */
  decline(caller: Caller, roomId: string): Promise<void>;
  /**
   * Sends into a room that is a request of the sender's, within what a request may say.
   * @param insert sends in the transaction given, once for each clientId
   * @returns what `insert` did; null when this is no request of theirs
   * @throws GraphQLError FORBIDDEN past the last message, and without a verified e-mail address
   */
  sendRequested<T>(viewer: Viewer, roomId: string, insert: (tx: SqlClient) => Promise<T | null>): Promise<T | null>;
}

/** The pair's row, locked. */
interface Pair {
  lowId: string;
  highId: string;
  roomId: string;
  requesterId: string | null;
  request: 'PENDING' | 'ACCEPTED' | 'DECLINED' | null;
  sent: number;
  /** Whether a block stands between the two, or the account of one is closed. */
  parted: boolean;
  /** Whether whoever was asked follows the requester by now. */
  followed: boolean;
}

const pairOf = (one: string, other: string): [string, string] => (one < other ? [one, other] : [other, one]);

export function createDirectService(options: {
  db: Database;
  live: LiveBus;
  relay: Relay;
  limits: Limits<'openDirectRoom' | 'answerRequest'>;
}): DirectService {
  const { db, live, relay, limits } = options;

  const find = async (userId: string, otherId: string) => {
    const [low, high] = pairOf(userId, otherId);
    const [row] = await db.$queryRaw<{ roomId: string | null; hidden: boolean; near: boolean }[]>(sql`
      select (select room_id from direct_room where low_id = ${low} and high_id = ${high}) as "roomId",
        ${blockBetween(sql`${low}`, sql`${high}`)} or not ${accountOpen(otherId)} as hidden,
        ${follows(sql`${otherId}`, sql`${userId}`)} as near`);
    if (row === undefined || row.hidden) throw notFound('This user', 'userId');
    return row;
  };

  /** The room and its pair; of two at once one fails on the pair's key, and nothing of it remains. */
  const insert = async (tx: SqlClient, userId: string, otherId: string, near: boolean): Promise<string> => {
    await requireOpenAccount(tx, userId);
    if ((await withoutDeleted(tx, [otherId])).length === 0) throw notFound('This user', 'userId');
    const id = newId('rom');
    const [low, high] = pairOf(userId, otherId);
    const people = near ? [userId, otherId] : [userId];
    await tx.$executeRaw(sql`
      insert into room (id, kind, created_by, created_at, member_count, last_seq, log_epoch, last_activity_at)
      values (${id}, 'DIRECT', ${userId}, now(), ${people.length}, ${people.length}, ${newEpoch()}, now())`);
    await tx.$executeRaw(sql`
      insert into direct_room (low_id, high_id, room_id, requester_id, request)
      values (${low}, ${high}, ${id}, ${near ? null : userId}, ${near ? null : 'PENDING'})`);
    await tx.$executeRaw(sql`
      with joined as (
        insert into room_member (room_id, user_id, role, joined_seq, joined_at)
        select ${id}, user_id, 'MEMBER', seq, now() from unnest(${people}::text[]) with ordinality as person (user_id, seq)
        returning user_id, joined_seq
      )
      insert into room_event (room_id, seq, kind, user_id, by_user_id, role, created_at)
      select ${id}, joined_seq, 'MEMBER_JOINED', user_id, ${userId}, 'MEMBER', now() from joined`);
    return id;
  };

  const lockPair = async (tx: SqlClient, roomId: string): Promise<Pair | null> => {
    const [pair] = await tx.$queryRaw<Pair[]>(sql`
      select low_id as "lowId", high_id as "highId", room_id as "roomId", requester_id as "requesterId", request, sent
      from direct_room where room_id = ${roomId} for update`);
    if (pair === undefined) return null;
    // After the lock, for what was committed before it.
    const asked = sql`${pair.requesterId === pair.lowId ? pair.highId : pair.lowId}`;
    const [graph] = await tx.$queryRaw<Pick<Pair, 'parted' | 'followed'>[]>(sql`
      select ${blockBetween(sql`${pair.lowId}`, sql`${pair.highId}`)}
          or not (${accountOpen(pair.lowId)} and ${accountOpen(pair.highId)}) as parted,
        ${follows(asked, sql`${pair.requesterId}`)} as followed`);
    return { ...pair, parted: graph?.parted ?? false, followed: graph?.followed ?? false };
  };

  /** Whether the pair's room is a request that waits for this person's answer, with something in it. */
  const isAsked = (pair: Pair, userId: string) =>
    !pair.parted && pair.request !== null && pair.requesterId !== userId && [pair.lowId, pair.highId].includes(userId);

  const answer = async (tx: SqlClient, pair: Pair, request: 'ACCEPTED' | 'DECLINED') => {
    await tx.$executeRaw(sql`update direct_room set request = ${request} where room_id = ${pair.roomId}`);
    // Nobody was told of one without a message.
    if (pair.sent > 0 && pair.request === 'PENDING') await tell(tx, pair, false);
  };

  const tell = async (tx: SqlClient, pair: Pair, active: boolean) => {
    const requesterId = pair.requesterId ?? '';
    const recipientId = requesterId === pair.lowId ? pair.highId : pair.lowId;
    const payload = { roomId: pair.roomId, requesterId, recipientId, active, since: new Date().toISOString() };
    await record(tx, 'message.requested', `request:${pair.roomId}`, payload);
  };

  /** Whoever was asked comes in. A request that was declined is accepted, too, when they turn to it themselves. */
  const comeIn = async (tx: SqlClient, pair: Pair, userId: string): Promise<number | null> => {
    if (pair.request === null || pair.request === 'ACCEPTED') return null;
    await answer(tx, pair, 'ACCEPTED');
    return admit(tx, await lockRoom(tx, pair.roomId), [userId], { byUserId: null, field: 'roomId' });
  };

  const done = (roomId: string, seq: number | null) => {
    relay.wake();
    if (seq !== null) live.publish(roomChannel(roomId), seq);
  };

  return {
    async open(caller, userId) {
      const viewerId = requireUser(caller.viewer);
      if (!isId('usr', userId)) throw notFound('This user', 'userId');
      if (userId === viewerId) throw badInput('userId', 'Name somebody else.');
      await limits.take(caller, 'openDirectRoom');
      let { roomId, near } = await find(viewerId, userId);
      near ||= caller.viewer.service !== null;
      if (roomId === null) {
        if (!near) requireVerified(caller.viewer);
        try {
          const opened = await transact(db, (tx) => insert(tx, viewerId, userId, near));
          wakeInboxes(live, near ? [viewerId, userId] : [viewerId]);
          return opened;
        } catch (error) {
          if (!isUniqueViolation(error)) throw error;
          ({ roomId } = await find(viewerId, userId));
        }
      }
      if (roomId === null) throw new Error('the room of a pair is there and is not');
      const found = roomId;
      const seq = await transact(db, async (tx) => {
        const pair = await lockPair(tx, found);
        return pair !== null && isAsked(pair, viewerId) ? comeIn(tx, pair, viewerId) : null;
      });
      done(found, seq);
      if (seq !== null) wakeInboxes(live, [viewerId]);
      return found;
    },

    async accept(caller, roomId) {
      const userId = requireUser(caller.viewer);
      if (!isId('rom', roomId)) throw notFound('This request', 'roomId');
      await limits.take(caller, 'answerRequest');
      const seq = await transact(db, async (tx) => {
        const pair = await lockPair(tx, roomId);
        if (pair === null || pair.sent === 0 || !isAsked(pair, userId)) throw notFound('This request', 'roomId');
        return comeIn(tx, pair, userId);
      });
      done(roomId, seq);
      wakeInboxes(live, [userId]);
    },

    async decline(caller, roomId) {
      const userId = requireUser(caller.viewer);
      if (!isId('rom', roomId)) throw notFound('This request', 'roomId');
      await limits.take(caller, 'answerRequest');
      await transact(db, async (tx) => {
        const pair = await lockPair(tx, roomId);
        const open = pair !== null && pair.sent > 0 && pair.request !== 'ACCEPTED' && isAsked(pair, userId);
        if (!open) throw notFound('This request', 'roomId');
        await answer(tx, pair, 'DECLINED');
      });
      done(roomId, null);
    },

    async sendRequested(viewer, roomId, send) {
      const { result, seq, asked } = await transact(db, async (tx) => {
        const pair = await lockPair(tx, roomId);
        if (pair === null || pair.parted || pair.request === null || pair.requesterId !== viewer.userId) {
          return { result: null, seq: null, asked: '' };
        }
        requireVerified(viewer);
        const isRequest = pair.request !== 'ACCEPTED' && !pair.followed;
        const asked = pair.requesterId === pair.lowId ? pair.highId : pair.lowId;
        // Followed since: no stranger any more.
        const seq = isRequest ? null : await comeIn(tx, pair, asked);
        const result = await send(tx);
        if (result === null || !isRequest) return { result, seq, asked };
        if (pair.sent >= MAX_REQUEST_MESSAGES) {
          throw forbidden('Wait until your request is accepted before you write more.');
        }
        await tx.$executeRaw(sql`
          update direct_room set sent = sent + 1, requested_at = coalesce(requested_at, clock_timestamp())
          where room_id = ${roomId}`);
        if (pair.sent === 0) await tell(tx, pair, true);
        return { result, seq, asked };
      });
      if (result !== null || seq !== null) done(roomId, seq);
      if (seq !== null) wakeInboxes(live, [asked]);
      return result;
    },
  };
}
