import { requireOpenAccount } from '@chorus/kit/accounts';
import { transact } from '@chorus/kit/database';
import { notFound } from '@chorus/kit/errors';
import { isId } from '@chorus/kit/ids';
import type { Caller, Limits } from '@chorus/kit/limits';
import type { LiveBus } from '@chorus/kit/live';
import { type Database, sql, type SqlClient } from '@chorus/kit/sql';
import { requireUser } from '@chorus/kit/viewer';
import { blockBetween } from '../graph/graph.policy.ts';
import { wakeInboxes } from '../inbox/inbox.channel.ts';
import { roomChannel } from '../live/room-log.ts';
import { admit, bannedOf, lockRoom, rolesOf } from '../member/membership.ts';

/** What people do with invitations to them. All throw UNAUTHENTICATED, NOT_FOUND, RATE_LIMITED. */
export interface InvitationService {
  /** Nothing happens to whoever is a member already. */
  accept(caller: Caller, roomId: string): Promise<void>;
  /** Nobody is told. Idempotent. */
  decline(caller: Caller, roomId: string): Promise<void>;
}

export function createInvitationService(options: {
  db: Database;
  live: LiveBus;
  limits: Limits<'answerInvitation'>;
}): InvitationService {
  const { db, live, limits } = options;

  const accept = async (tx: SqlClient, roomId: string, userId: string): Promise<number | null> => {
    // Not by lockRoom's error: who asks of a room without an invitation learns nothing of the room.
    const invitation = async () =>
      (
        await tx.$queryRaw<{ byUserId: string; blocked: boolean }[]>(sql`
          select by_user_id as "byUserId", ${blockBetween(sql`by_user_id`, sql`user_id`)} as blocked
          from room_invitation where room_id = ${roomId} and user_id = ${userId}`)
      )[0];
    if ((await rolesOf(tx, roomId, [userId])).size > 0) return null;
    if ((await invitation()) === undefined) throw notFound('This invitation', 'roomId');
    await requireOpenAccount(tx, userId);
    const room = await lockRoom(tx, roomId);
    if ((await rolesOf(tx, roomId, [userId])).size > 0) return null;
    const invited = await invitation();
    if (invited === undefined || invited.blocked || (await bannedOf(tx, roomId, [userId])).size > 0) {
      throw notFound('This invitation', 'roomId');
    }
    return admit(tx, room, [userId], { byUserId: invited.byUserId, field: 'roomId' });
  };

  return {
    async accept(caller, roomId) {
      const userId = requireUser(caller.viewer);
      if (!isId('rom', roomId)) throw notFound('This invitation', 'roomId');
      await limits.take(caller, 'answerInvitation');
      const seq = await transact(db, (tx) => accept(tx, roomId, userId));
      if (seq === null) return;
      live.publish(roomChannel(roomId), seq);
      wakeInboxes(live, [userId]);
    },
    async decline(caller, roomId) {
      const userId = requireUser(caller.viewer);
      if (!isId('rom', roomId)) throw notFound('This invitation', 'roomId');
      await limits.take(caller, 'answerInvitation');
      await db.$executeRaw(sql`delete from room_invitation where room_id = ${roomId} and user_id = ${userId}`);
    },
  };
}
