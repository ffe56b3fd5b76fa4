import { requireUser } from '@chorus/kit/viewer';
import type { Resolvers } from '../__generated__/resolvers.ts';

export const suggestionResolvers: Pick<Resolvers, 'SuggestedUser'> & { Query: Resolvers['Query'] } = {
  Query: {
    suggestedUsers: (_, { first }, { viewer, loaders }) => loaders.suggestions.suggestions(requireUser(viewer), first),
  },
  SuggestedUser: {
    user: ({ userId }, _, { loaders }) => loaders.users.byId.load(userId),
  },
};
