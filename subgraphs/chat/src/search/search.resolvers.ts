import type { Resolvers } from '../__generated__/resolvers.ts';

export const searchResolvers: Resolvers = {
  Query: {
    searchMessages: (_, args, context) => context.services.search.messages(context, args),
  },
};
