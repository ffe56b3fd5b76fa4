import { noneDeleted } from '@chorus/kit/accounts';
import { transact } from '@chorus/kit/database';
import { badInput, forbidden, notFound } from '@chorus/kit/errors';
import { isId } from '@chorus/kit/ids';
import type { Caller, Limits } from '@chorus/kit/limits';
import type { LiveBus } from '@chorus/kit/live';
import { type Database, sql, type SqlClient } from '@chorus/kit/sql';
import { requireUser } from '@chorus/kit/viewer';
import type { RoomRole } from '../__generated__/resolvers.ts';
import { roomChannel } from '../live/room-log.ts';
import { append } from '../room/room-entries.ts';
import { dismiss, hold, type LockedRoom, lockRoom, release, requireAbove, requireRole, rolesOf } from './membership.ts';

/** What owners and admins of a room do to others. All throw UNAUTHENTICATED, FORBIDDEN, NOT_FOUND, RATE_LIMITED. */
export interface ModerationService {
  /** Ends a membership, or takes an invitation back. Nothing happens where there is neither. */
  remove(caller: Caller, roomId: string, userId: string): Promise<void>;
  /** Ends a membership, and keeps the person out until the ban is lifted. */
  ban(caller: Caller, roomId: string, userId: string): Promise<void>;
  unban(caller: Caller, roomId: string, userId: string): Promise<void>;
  /** The owner makes admins of members, and members of admins. */
  changeRole(caller: Caller, roomId: string, userId: string, role: RoomRole): Promise<void>;
  /** The owner makes somebody else the owner, and stays as an admin. */
  transfer(caller: Caller, roomId: string, userId: string): Promise<void>;
}

interface Act {
  room: LockedRoom;
  actorId: string;
  userId: string;
  role: RoomRole;
  /** Undefined for somebody who is not a member. */
  targetRole: RoomRole | undefined;
}

/** The target became a member between the two locks. */
class CameMeanwhile extends Error {}
const ATTEMPTS = 5;

export function createModerationService(options: {
  db: Database;
  live: LiveBus;
  limits: Limits<'moderateRoom'>;
}): ModerationService {
  const { db, live, limits } = options;

  /**
   * Locks both memberships and then the room, and looks at the actor's role.
   * @param target what happens to the other's membership: it ends, or it stays
   */
  const act = async (
    caller: Caller,
    { roomId, userId, least, target }: { roomId: string; userId: string; least: RoomRole; target: 'ends' | 'stays' },
    run: (tx: SqlClient, act: Act) => Promise<number | null>,
  ): Promise<void> => {
    const actorId = requireUser(caller.viewer);
    if (!isId('rom', roomId)) throw notFound('This room', 'roomId');
    if (!isId('usr', userId)) throw notFound('This user', 'userId');
    if (userId === actorId) throw badInput('userId', 'Name somebody else.');
    await limits.take(caller, 'moderateRoom');

    const attempt = async (tx: SqlClient): Promise<number | null> => {
      // In the order of the ids, so that two who act on each other do not wait in a circle.
      const locks = [
        { id: actorId, lock: () => hold(tx, roomId, actorId) },
        { id: userId, lock: () => (target === 'ends' ? release(tx, roomId, userId) : hold(tx, roomId, userId)) },
      ].toSorted((a, b) => (a.id < b.id ? -1 : 1));
      const there = new Map<string, boolean>();
      for (const { id, lock } of locks) there.set(id, await lock());
      if (there.get(actorId) !== true) throw notFound('This room', 'roomId');
      const room = await lockRoom(tx, roomId);
      const roles = await rolesOf(tx, roomId, [actorId, userId]);
      const [role, targetRole] = [roles.get(actorId), roles.get(userId)];
      if (room.kind === 'DIRECT')
        throw forbidden('A direct room has no roles. Block the person to hear no more of them.');
      requireRole(role, least);
      if (targetRole !== undefined && there.get(userId) !== true) throw new CameMeanwhile();
      return run(tx, { room, actorId, userId, role, targetRole });
    };
    for (let n = 1; ; n++) {
      try {
        const seq = await transact(db, attempt);
        if (seq !== null) live.publish(roomChannel(roomId), seq);
        return;
      } catch (error) {
        if (!(error instanceof CameMeanwhile) || n === ATTEMPTS) throw error;
      }
    }
  };

  const dropInvitation = (tx: SqlClient, roomId: string, userId: string) =>
    tx.$executeRaw(sql`delete from room_invitation where room_id = ${roomId} and user_id = ${userId}`);

  return {
    remove: (caller, roomId, userId) =>
      act(
        caller,
        { roomId, userId, least: 'ADMIN', target: 'ends' },
        async (tx, { room, actorId, role, targetRole }) => {
          await dropInvitation(tx, roomId, userId);
          if (targetRole === undefined) return null;
          requireAbove(role, targetRole);
          return dismiss(tx, room, userId, { byUserId: actorId, reason: 'REMOVED' });
        },
      ),
    ban: (caller, roomId, userId) =>
      act(
        caller,
        { roomId, userId, least: 'ADMIN', target: 'ends' },
        async (tx, { room, actorId, role, targetRole }) => {
          if (targetRole !== undefined) requireAbove(role, targetRole);
          // Whose post it is stays its owner, there or not.
          if (userId === room.postAuthorId) throw forbidden('Nobody is banned from what is said about their own post.');
          await tx.$executeRaw(sql`
          insert into room_ban (room_id, user_id, by_user_id, created_at)
          select ${roomId}, ${userId}, ${actorId}, clock_timestamp() where ${noneDeleted(userId)} on conflict do nothing`);
          await dropInvitation(tx, roomId, userId);
          if (targetRole === undefined) return null;
          return dismiss(tx, room, userId, { byUserId: actorId, reason: 'BANNED' });
        },
      ),
    unban: (caller, roomId, userId) =>
      act(caller, { roomId, userId, least: 'ADMIN', target: 'stays' }, async (tx) => {
        await tx.$executeRaw(sql`delete from room_ban where room_id = ${roomId} and user_id = ${userId}`);
        return null;
      }),
    async changeRole(caller, roomId, userId, role) {
      if (role === 'OWNER') throw badInput('role', 'A room has one owner: transfer it.');
      await act(caller, { roomId, userId, least: 'OWNER', target: 'stays' }, async (tx, { actorId, targetRole }) => {
        if (targetRole === undefined) throw notFound('This member', 'userId');
        if (targetRole === role) return null;
        await setRole(tx, roomId, userId, role);
        return append(tx, roomId, [{ kind: 'MEMBER_ROLE_CHANGED', userId, byUserId: actorId, role }]);
      });
    },
    transfer: (caller, roomId, userId) =>
      act(caller, { roomId, userId, least: 'OWNER', target: 'stays' }, async (tx, { room, actorId, targetRole }) => {
        if (room.kind === 'POST') throw forbidden('The room of a post stays its author’s.');
        if (targetRole === undefined) throw notFound('This member', 'userId');
        await setRole(tx, roomId, actorId, 'ADMIN');
        await setRole(tx, roomId, userId, 'OWNER');
        return append(tx, roomId, [
          { kind: 'MEMBER_ROLE_CHANGED', userId: actorId, byUserId: actorId, role: 'ADMIN' },
          { kind: 'MEMBER_ROLE_CHANGED', userId, byUserId: actorId, role: 'OWNER' },
        ]);
      }),
  };
}

const setRole = (tx: SqlClient, roomId: string, userId: string, role: RoomRole) =>
  tx.$executeRaw(sql`update room_member set role = ${role} where room_id = ${roomId} and user_id = ${userId}`);
