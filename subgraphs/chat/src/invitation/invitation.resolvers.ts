import type { Resolvers } from '../__generated__/resolvers.ts';
import { pictureOf } from '../room/avatar.ts';

export const invitationResolvers = {
  Query: {
    roomInvitations: (_, args, { loaders }) => loaders.invitations.mine(args),
  },
  Mutation: {
    async acceptInvitation(_, { roomId }, context) {
      await context.services.invitations.accept(context, roomId);
      context.forget();
      return { room: await context.loaders.rooms.byId(roomId) };
    },
    async declineInvitation(_, { roomId }, context) {
      await context.services.invitations.decline(context, roomId);
      return { roomId };
    },
  },
  RoomInvitation: {
    avatar: ({ avatarMediaId }, _, context) => pictureOf(avatarMediaId, context),
    invitedBy: ({ byUserId }) => ({ id: byUserId }),
  },
} satisfies Resolvers;
