import { type PageArgs, readPage } from '@chorus/kit/connections';
import type { Resolvers } from '../__generated__/resolvers.ts';
import type { UserRow } from '../user/user.model.ts';
import { followCursors } from './follow.loaders.ts';
import type { FollowList, UserConnectionModel } from './follow.model.ts';

const listOf =
  (list: FollowList) =>
  ({ id }: UserRow, args: PageArgs): UserConnectionModel => ({
    userId: id,
    list,
    page: readPage(args, followCursors[list]),
  });

export const followResolvers: Pick<Resolvers, 'Mutation' | 'User' | 'UserConnection' | 'UserEdge'> = {
  Mutation: {
    async follow(_, { userId }, context) {
      await context.follows.follow(context.viewer, userId);
      context.written();
      return { user: await context.loaders.users.byId.load(userId) };
    },
    async unfollow(_, { userId }, context) {
      await context.follows.unfollow(context.viewer, userId);
      context.written();
      return { user: await context.loaders.users.byId.load(userId) };
    },
  },
  User: {
    followerCount: async ({ id }, _, { loaders }) => (await loaders.follows.counts.load(id))?.followers ?? 0,
    followingCount: async ({ id }, _, { loaders }) => (await loaders.follows.counts.load(id))?.following ?? 0,
    followers: listOf('followers'),
    following: listOf('following'),
  },
  UserConnection: {
    edges: async ({ list, userId, page }, _, { loaders }) => (await loaders.follows.pages[list](userId, page)).edges,
    pageInfo: async ({ list, userId, page }, _, { loaders }) =>
      (await loaders.follows.pages[list](userId, page)).pageInfo,
    totalCount: async ({ list, userId }, _, { loaders }) => (await loaders.follows.counts.load(userId))?.[list] ?? 0,
  },
  UserEdge: {
    node: ({ userId }, _, { loaders }) => loaders.users.byId.load(userId),
  },
};
