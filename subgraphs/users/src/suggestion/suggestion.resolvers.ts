import { requireUser } from '@chorus/kit/viewer';
import type { Resolvers } from '../__generated__/resolvers.ts';

export const suggestionResolvers: Pick<Resolvers, 'SuggestedUser'> & { Query: Resolvers['Query'] } = {
  Query: {
    async suggestedUsers(_, { first }, context) {
      const viewerId = requireUser(context.viewer);
      await context.limits.take(context, 'searchUsers');
      return context.loaders.suggestions.suggestions(viewerId, first);
    },
  },
  SuggestedUser: {
    user: ({ userId }, _, { loaders }) => loaders.users.byId.load(userId),
  },
};
