import { requireOpenAccount } from '@chorus/kit/accounts';
import { transact } from '@chorus/kit/database';
import { badInput, forbidden, notFound } from '@chorus/kit/errors';
import { isId } from '@chorus/kit/ids';
import type { Caller, Limits } from '@chorus/kit/limits';
import type { LiveBus } from '@chorus/kit/live';
import { type Database, sql, type SqlClient } from '@chorus/kit/sql';
import { requireUser, type Viewer } from '@chorus/kit/viewer';
import { wakeInboxes } from '../inbox/inbox.channel.ts';
import { roomChannel } from '../live/room-log.ts';
import { visible } from '../room/room.policy.ts';
import { readPeople } from '../room/room.service.ts';
import { invite, sortPeople } from '../invitation/invite.ts';
import { admit, bannedOf, dismiss, hold, lockRoom, release, rolesOf } from './membership.ts';

export interface MemberService {
  /**
   * Adds those who follow the inviter, and invites all others; those who are members already stay as they are.
   * @returns whom it invited
   * @throws GraphQLError UNAUTHENTICATED, FORBIDDEN, BAD_USER_INPUT, NOT_FOUND, RATE_LIMITED
   */
  invite(caller: Caller, roomId: string, userIds: readonly string[]): Promise<string[]>;
  /**
   * Makes the viewer a member of a public room, or of a post's; nothing happens where they are one.
   * @throws GraphQLError UNAUTHENTICATED, FORBIDDEN, NOT_FOUND, RATE_LIMITED
   */
  join(caller: Caller, roomId: string): Promise<void>;
  /**
   * Ends the viewer's membership; nothing happens where there is none. Ownership passes to the admin, or else the
   * member, who was there longest.
   * @throws GraphQLError UNAUTHENTICATED, FORBIDDEN, NOT_FOUND
   */
  leave(viewer: Viewer, roomId: string): Promise<void>;
}

export function createMemberService(options: {
  db: Database;
  live: LiveBus;
  limits: Limits<'inviteToRoom' | 'joinRoom'>;
}): MemberService {
  const { db, live, limits } = options;

  const inviteAll = async (tx: SqlClient, roomId: string, inviter: Viewer & { userId: string }, people: string[]) => {
    if (!(await hold(tx, roomId, inviter.userId))) throw notFound('This room', 'roomId');
    const { near, far } = await sortPeople(tx, inviter, people, 'userIds');
    const room = await lockRoom(tx, roomId);
    if (room.kind === 'DIRECT') throw forbidden('A direct room has two people. Create a room for more.');
    if (room.kind === 'POST') throw forbidden('Whoever may see the post may join its room: nobody is invited.');
    if ((await bannedOf(tx, roomId, people)).size > 0) {
      throw badInput('userIds', 'One of these people is banned from this room. Lift the ban first.');
    }
    const present = await rolesOf(tx, roomId, people);
    const absent = (id: string) => !present.has(id);
    const seq = await admit(tx, room, near.filter(absent), { byUserId: inviter.userId, field: 'userIds' });
    return { seq, invited: await invite(tx, roomId, inviter.userId, far.filter(absent)) };
  };

  const join = async (tx: SqlClient, viewer: Viewer, userId: string, roomId: string) => {
    await requireOpenAccount(tx, userId);
    const room = await lockRoom(tx, roomId);
    const [seen] = await tx.$queryRaw<object[]>(sql`
      select id from room where id = ${roomId} and ${visible(viewer)}`);
    if (seen === undefined) throw notFound('This room', 'roomId');
    if ((await rolesOf(tx, roomId, [userId])).size > 0) return null;
    if (room.kind === 'DIRECT') throw forbidden('Accept the request: a direct room is not joined.');
    return admit(tx, room, [userId], { byUserId: null, field: 'roomId' });
  };

  const leave = async (tx: SqlClient, roomId: string, userId: string) => {
    if (!(await release(tx, roomId, userId))) return null;
    const room = await lockRoom(tx, roomId);
    if (room.kind === 'DIRECT') throw forbidden('A direct room is not left. Block the person to hear no more of them.');
    return dismiss(tx, room, userId, { byUserId: null, reason: 'LEFT' });
  };

  const publish = (roomId: string, seq: number | null) => {
    if (seq !== null) live.publish(roomChannel(roomId), seq);
  };

  return {
    async invite(caller, roomId, userIds) {
      const userId = requireUser(caller.viewer);
      if (!isId('rom', roomId)) throw notFound('This room', 'roomId');
      const people = readPeople('userIds', userIds).filter((id) => id !== userId);
      if (userIds.length === 0) throw badInput('userIds', 'Name somebody to add.');
      await limits.take(caller, 'inviteToRoom');
      const inviter = { ...caller.viewer, userId };
      const { seq, invited } = await transact(db, (tx) => inviteAll(tx, roomId, inviter, people));
      publish(roomId, seq);
      if (seq !== null) wakeInboxes(live, people);
      return invited;
    },
    async join(caller, roomId) {
      const userId = requireUser(caller.viewer);
      if (!isId('rom', roomId)) throw notFound('This room', 'roomId');
      await limits.take(caller, 'joinRoom');
      publish(roomId, await transact(db, (tx) => join(tx, caller.viewer, userId, roomId)));
      wakeInboxes(live, [userId]);
    },
    async leave(viewer, roomId) {
      const userId = requireUser(viewer);
      if (!isId('rom', roomId)) throw notFound('This room', 'roomId');
      publish(roomId, await transact(db, (tx) => leave(tx, roomId, userId)));
    },
  };
}
