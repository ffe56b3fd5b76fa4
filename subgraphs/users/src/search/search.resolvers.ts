import type { Resolvers } from '../__generated__/resolvers.ts';

export const searchResolvers: Pick<Resolvers, 'UserSearchEdge'> & { Query: Resolvers['Query'] } = {
  Query: {
    async searchUsers(_, { query, ...page }, context) {
      await context.limits.take(context, 'searchUsers');
      return context.loaders.search.users(query, page);
    },
  },
  UserSearchEdge: {
    node: ({ userId }, _, { loaders }) => loaders.users.byId.load(userId),
  },
};
