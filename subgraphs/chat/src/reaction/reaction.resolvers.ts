import type { Resolvers } from '../__generated__/resolvers.ts';
import type { ReactionCounts, ReactionModel } from './reaction.model.ts';

export const reactionResolvers: Resolvers = {
  Mutation: {
    async reactToMessage(_, { messageId, emoji }, context) {
      const message = await context.services.reactions.add(context, messageId, emoji);
      context.forget();
      return { message };
    },
    async removeReaction(_, { messageId, emoji }, context) {
      const message = await context.services.reactions.remove(context, messageId, emoji);
      context.forget();
      return { message };
    },
  },
  Message: {
    reactions: (message) => toReactions(message.id, message.reactions),
  },
  MessageReaction: {
    viewerHasReacted: ({ messageId, emoji }, _, { loaders }) => loaders.reactions.viewerHasReacted(messageId, emoji),
  },
};

const toReactions = (messageId: string, counts: ReactionCounts): ReactionModel[] =>
  Object.entries(counts)
    .toSorted(([, [, since]], [, [, other]]) => since - other)
    .map(([emoji, [count]]) => ({ messageId, emoji, count }));
