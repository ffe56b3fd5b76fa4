import type { Resolvers } from '../__generated__/resolvers.ts';
import type { Context } from '../context.ts';

/** The room as it is after a write. */
async function written(context: Context, roomId: string) {
  context.forget();
  return { room: await context.loaders.rooms.byId(roomId) };
}

export const memberResolvers: Resolvers = {
  Mutation: {
    async inviteToRoom(_, { roomId, userIds }, context) {
      const invited = await context.services.members.invite(context, roomId, userIds);
      return { ...(await written(context, roomId)), invited: invited.map((id) => ({ id })) };
    },
    async joinRoom(_, { roomId }, context) {
      await context.services.members.join(context, roomId);
      return written(context, roomId);
    },
    async leaveRoom(_, { roomId }, context) {
      await context.services.members.leave(context.viewer, roomId);
      context.forget();
      return { roomId };
    },
    async removeFromRoom(_, { roomId, userId }, context) {
      await context.services.moderation.remove(context, roomId, userId);
      return written(context, roomId);
    },
    async banFromRoom(_, { roomId, userId }, context) {
      await context.services.moderation.ban(context, roomId, userId);
      return written(context, roomId);
    },
    async unbanFromRoom(_, { roomId, userId }, context) {
      await context.services.moderation.unban(context, roomId, userId);
      return written(context, roomId);
    },
    async changeRoomRole(_, { roomId, userId, role }, context) {
      await context.services.moderation.changeRole(context, roomId, userId, role);
      return written(context, roomId);
    },
    async transferRoom(_, { roomId, userId }, context) {
      await context.services.moderation.transfer(context, roomId, userId);
      return written(context, roomId);
    },
  },
  Room: {
    members: ({ id, viewerRole }, args, { loaders }) => (viewerRole === null ? null : loaders.members.ofRoom(id, args)),
    bans: ({ id, viewerRole }, args, { loaders }) =>
      viewerRole === 'OWNER' || viewerRole === 'ADMIN' ? loaders.members.bans(id, args) : null,
  },
  RoomMemberEdge: {
    // May be somebody who never existed, or no longer does: then users answers null.
    node: (member) => ({ id: member.userId }),
  },
  RoomBanEdge: {
    node: (ban) => ({ id: ban.userId }),
    bannedBy: ({ byUserId }) => (byUserId === null ? null : { id: byUserId }),
  },
};
