import type { Resolvers } from '../__generated__/resolvers.ts';

export const searchResolvers: Pick<Resolvers, 'UserSearchEdge'> & { Query: Resolvers['Query'] } = {
  Query: {
    searchUsers: (_, { query, ...page }, { loaders }) => loaders.search.users(query, page),
  },
  UserSearchEdge: {
    node: ({ userId }, _, { loaders }) => loaders.users.byId.load(userId),
  },
};
