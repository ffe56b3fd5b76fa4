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
    messagesAround: (room, args, { loaders }) => loaders.messages.around(room.id, args),
    lastMessage: (room, _, { loaders }) =>
      room.lastMessageId === null ? null : loaders.messages.byId(room.lastMessageId),
  },
  Message: {
    __resolveReference: (ref, { loaders }) => loaders.messages.byId('id' in ref ? ref.id : ref.nodeId),
    nodeId: (message) => message.id,
    room: (message, _, { loaders }) => loaders.rooms.byId(message.roomId),
    author: (message) => (message.authorId === null ? null : { id: message.authorId }),
    // Whoever sees a message may see its pictures: the grant tells media so, for this viewer.
    attachments: (message, _, { viewer, grant }) =>
      message.mediaIds.map(async (id) => ({
        __typename: 'Media' as const,
        ref: await grant({ id, viewer: viewer.userId }),
      })),
    attachmentCount: (message) => message.mediaIds.length,
    replyTo: (message, _, { loaders }) =>
      message.replyToId === null ? null : loaders.messages.byId(message.replyToId),
    mentions: (message) => message.mentionIds.map((id) => ({ id })),
    edits: (message, args, { loaders }) => loaders.messages.edits(message.id, args),
    deletedBy: ({ deletedById }) => (deletedById === null ? null : { id: deletedById }),
  },
};
