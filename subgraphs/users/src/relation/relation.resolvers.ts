import { type PageArgs, readPage } from '@chorus/kit/connections';
import { requireUser } from '@chorus/kit/viewer';
import type { Resolvers } from '../__generated__/resolvers.ts';
import type { Context } from '../context.ts';
import { relatedCursors, type RelationRow } from './relation.loaders.ts';
import type { RelatedList, RelatedUserConnectionModel, UserViewerModel } from './relation.model.ts';

/** The viewer's own list. */
const listOf =
  (list: RelatedList) =>
  (_: unknown, args: PageArgs, { viewer }: Context): RelatedUserConnectionModel => ({
    ownerId: requireUser(viewer),
    list,
    page: readPage(args, relatedCursors[list]),
  });

/** One thing that stands between the viewer and a person. */
const between =
  (what: Exclude<keyof RelationRow, 'userId'>) =>
  async ({ userId }: UserViewerModel, _: unknown, { loaders }: Context): Promise<boolean> =>
    (await loaders.relations.withViewer.load(userId))?.[what] ?? false;

export const relationResolvers: Pick<
  Resolvers,
  'Query' | 'Mutation' | 'User' | 'UserViewer' | 'RelatedUserConnection' | 'RelatedUserEdge'
> = {
  Query: {
    blockedUsers: listOf('blocked'),
    mutedUsers: listOf('muted'),
    followRequests: listOf('requests'),
    sentFollowRequests: listOf('sentRequests'),
  },
  Mutation: {
    async block(_, { userId }, context) {
      await context.limits.take(context, 'relate');
      await context.blocks.block(context.viewer, userId);
      context.written();
      return { user: await context.loaders.users.blocked.load(userId) };
    },
    async unblock(_, { userId }, context) {
      await context.limits.take(context, 'relate');
      await context.blocks.unblock(context.viewer, userId);
      context.written();
      return { user: await context.loaders.users.byId.load(userId) };
    },
    async mute(_, { userId }, context) {
      await context.limits.take(context, 'relate');
      await context.mutes.mute(context.viewer, userId);
      context.written();
      return { user: await context.loaders.users.byId.load(userId) };
    },
    async unmute(_, { userId }, context) {
      await context.limits.take(context, 'relate');
      await context.mutes.unmute(context.viewer, userId);
      context.written();
      return { user: await context.loaders.users.byId.load(userId) };
    },
  },
  User: {
    viewer: ({ id }, _, { viewer }) => (viewer.userId === null ? null : { userId: id }),
  },
  UserViewer: {
    isSelf: ({ userId }, _, { viewer }) => userId === viewer.userId,
    follows: between('follows'),
    isFollowedBy: between('isFollowedBy'),
    followRequested: between('followRequested'),
    isFollowRequestedBy: between('isFollowRequestedBy'),
    blocks: between('blocks'),
    mutes: between('mutes'),
  },
  RelatedUserConnection: {
    edges: async ({ list, ownerId, page }, _, { loaders }) =>
      (await loaders.relations.pages[list](ownerId, page)).edges,
    pageInfo: async ({ list, ownerId, page }, _, { loaders }) =>
      (await loaders.relations.pages[list](ownerId, page)).pageInfo,
  },
  RelatedUserEdge: {
    node: ({ list, userId }, _, { loaders }) =>
      list === 'blocked' ? loaders.users.blocked.load(userId) : loaders.users.byId.load(userId),
  },
};
