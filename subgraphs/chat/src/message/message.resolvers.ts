import type { Resolvers } from '../__generated__/resolvers.ts';

export const messageResolvers: Resolvers = {
  Mutation: {
    async sendMessage(_, { input }, context) {
      const message = await context.services.messages.send(context, input);
      context.forget();
      return { message };
    },
    async editMessage(_, { input }, context) {
      const message = await context.services.edits.edit(context, input);
      context.forget();
      return { message };
    },
    async deleteMessage(_, { messageId }, context) {
      const message = await context.services.deletes.delete(context, messageId);
      context.forget();
      return { message };
    },
  },
  Room: {
    messages: (room, args, { loaders }) => loaders.messages.ofRoom(room.id, args),
    lastMessage: (room, _, { loaders }) =>
      room.lastMessageId === null ? null : loaders.messages.byId(room.lastMessageId),
  },
  Message: {
    __resolveReference: (ref, { loaders }) => loaders.messages.byId('id' in ref ? ref.id : ref.nodeId),
    nodeId: (message) => message.id,
    room: (message, _, { loaders }) => loaders.rooms.byId(message.roomId),
    author: (message) => ({ id: message.authorId }),
    edits: (message, args, { loaders }) => loaders.messages.edits(message.id, args),
    deletedBy: ({ deletedById }) => (deletedById === null ? null : { id: deletedById }),
  },
};
