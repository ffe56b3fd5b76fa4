import { isId } from '@chorus/kit/ids';
import type { Resolvers } from '../__generated__/resolvers.ts';

export const authorResolvers: Resolvers = {
  User: {
    __resolveReference: ({ id }) => (isId('usr', id) ? { id } : null),
    posts: (user, args, { loaders }) => loaders.authors.posts(user.id, args),
    postCount: (user, _, { loaders }) => loaders.authors.postCount(user.id),
  },
};
