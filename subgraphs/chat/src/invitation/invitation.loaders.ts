import { shown } from '@chorus/kit/accounts';
import { type Connection, cursorCodec, keyset, type PageArgs, readPage, toConnection } from '@chorus/kit/connections';
import { raw, sql, type SqlClient } from '@chorus/kit/sql';
import type { Viewer } from '@chorus/kit/viewer';
import { blockBetween } from '../graph/graph.policy.ts';
import type { InvitationEdgeModel, InvitationRow } from './invitation.model.ts';

/** The reads of invitations in one operation. */
export interface InvitationLoaders {
  /**
   * Those to the viewer, latest first; those by somebody blocked, or who blocks, are not among them.
   * @throws GraphQLError BAD_USER_INPUT, CURSOR_INVALID
   */
  mine(args: PageArgs): Promise<Connection<InvitationEdgeModel>>;
}

const cursors = cursorCodec('roomInvitations', ['time', 'string']);

export function createInvitationLoaders(db: SqlClient, viewer: Viewer): InvitationLoaders {
  return {
    async mine(args) {
      const { userId } = viewer;
      const page = readPage(args, cursors);
      const order = keyset({ columns: ['i.created_at', 'i.room_id'], order: 'desc' }, page);
      const rows = await db.$queryRaw<InvitationRow[]>(sql`
        select i.room_id as "roomId", room.name as "roomName", room.avatar_media_id as "avatarMediaId",
          room.member_count as "memberCount", i.by_user_id as "byUserId", i.created_at as "createdAt"
        from room_invitation i join room on room.id = i.room_id
        where i.user_id = ${userId} and ${shown('i.by_user_id')} and not ${blockBetween(raw('i.by_user_id'), sql`${userId}`)}${order.where}
        ${order.orderBy} ${order.limit}`);
      return toConnection(rows, page, (node) => ({ cursor: cursors.encode([node.createdAt, node.roomId]), node }));
    },
  };
}
