import type { Resolvers } from '../__generated__/resolvers.ts';

export const directResolvers = {
  Query: {
    messageRequests: (_, args, { loaders }) => loaders.rooms.requests(args),
  },
  Mutation: {
    async openDirectRoom(_, { userId }, context) {
      const id = await context.services.direct.open(context, userId);
      context.forget();
      return { room: await context.loaders.rooms.byId(id) };
    },
    async acceptMessageRequest(_, { roomId }, context) {
      await context.services.direct.accept(context, roomId);
      context.forget();
      return { room: await context.loaders.rooms.byId(roomId) };
    },
    async declineMessageRequest(_, { roomId }, context) {
      await context.services.direct.decline(context, roomId);
      context.forget();
      return { roomId };
    },
  },
  Room: {
    peer: ({ peerId }) => (peerId === null ? null : { id: peerId }),
    request: (room, _, { viewer }) => {
      const { request, requesterId, requestedAt } = room;
      if (request === null || request === 'ACCEPTED' || requesterId === null) return null;
      // Whoever asked is not told that they were declined.
      const state = requesterId === viewer.userId ? 'PENDING' : request;
      return { state, requester: { id: requesterId }, requestedAt };
    },
  },
} satisfies Resolvers;
