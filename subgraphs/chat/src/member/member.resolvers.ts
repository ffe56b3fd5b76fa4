import type { Resolvers } from '../__generated__/resolvers.ts';

export const memberResolvers: Resolvers = {
  Mutation: {
    async inviteToRoom(_, { roomId, userIds }, context) {
      await context.services.members.invite(context, roomId, userIds);
      context.forget();
      return { room: await context.loaders.rooms.byId(roomId) };
    },
    async leaveRoom(_, { roomId }, context) {
      await context.services.members.leave(context.viewer, roomId);
      context.forget();
      return { roomId };
    },
  },
  Room: {
    members: (room, args, { loaders }) => loaders.members.ofRoom(room.id, args),
  },
  RoomMemberEdge: {
    // May be somebody who never existed, or no longer does: then users answers null.
    node: (member) => ({ id: member.userId }),
  },
};
