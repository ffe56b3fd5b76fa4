import { type PageArgs, readPage } from '@chorus/kit/connections';
import type { Resolvers } from '../__generated__/resolvers.ts';
import type { Context } from '../context.ts';
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

type Change = (context: Context, userId: string) => Promise<void>;

/** As often as relations may change. */
const limited =
  (run: Change): Change =>
  async (context, userId) => {
    await context.limits.take(context, 'relate');
    await run(context, userId);
  };

/** A change of what is between the viewer and a person, answered with that person as things then stand. */
const change =
  (run: Change) =>
  async (_: unknown, { userId }: { userId: string }, context: Context): Promise<{ user: UserRow | null }> => {
    await run(context, userId);
    context.written();
    return { user: await context.loaders.users.byId.load(userId) };
  };

export const followResolvers: Pick<Resolvers, 'Mutation' | 'User' | 'UserConnection' | 'UserEdge'> = {
  Mutation: {
    follow: change((context, userId) => context.follows.follow(context, userId)),
    unfollow: change(limited((context, userId) => context.follows.unfollow(context.viewer, userId))),
    removeFollower: change(limited((context, userId) => context.follows.removeFollower(context.viewer, userId))),
    acceptFollowRequest: change(limited((context, userId) => context.followRequests.accept(context.viewer, userId))),
    rejectFollowRequest: change(limited((context, userId) => context.followRequests.reject(context.viewer, userId))),
    cancelFollowRequest: change(limited((context, userId) => context.followRequests.cancel(context.viewer, userId))),
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
