import { type PageArgs, readPage } from '@chorus/kit/connections';
import { requireUser } from '@chorus/kit/viewer';
import type { Resolvers } from '../__generated__/resolvers.ts';
import type { Context } from '../context.ts';
import { relatedCursors } from './relation.loaders.ts';
import type { RelatedList, RelatedUserConnectionModel } from './relation.model.ts';

/** The viewer's own list. */
const listOf =
  (list: RelatedList) =>
  (_: unknown, args: PageArgs, { viewer }: Context): RelatedUserConnectionModel => ({
    ownerId: requireUser(viewer),
    list,
    page: readPage(args, relatedCursors[list]),
  });

export const relationResolvers: Pick<
  Resolvers,
  'Query' | 'Mutation' | 'User' | 'UserViewer' | 'RelatedUserConnection' | 'RelatedUserEdge'
> = {
  Query: {
    blockedUsers: listOf('blocked'),
    mutedUsers: listOf('muted'),
  },
  Mutation: {
    async block(_, { userId }, context) {
      await context.blocks.block(context.viewer, userId);
      context.written();
      return { user: await context.loaders.users.blocked.load(userId) };
    },
    async unblock(_, { userId }, context) {
      await context.blocks.unblock(context.viewer, userId);
      context.written();
      return { user: await context.loaders.users.byId.load(userId) };
    },
    async mute(_, { userId }, context) {
      await context.mutes.mute(context.viewer, userId);
      context.written();
      return { user: await context.loaders.users.byId.load(userId) };
    },
    async unmute(_, { userId }, context) {
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
    follows: async ({ userId }, _, { loaders }) => (await loaders.relations.withViewer.load(userId))?.follows ?? false,
    isFollowedBy: async ({ userId }, _, { loaders }) =>
      (await loaders.relations.withViewer.load(userId))?.isFollowedBy ?? false,
    blocks: async ({ userId }, _, { loaders }) => (await loaders.relations.withViewer.load(userId))?.blocks ?? false,
    mutes: async ({ userId }, _, { loaders }) => (await loaders.relations.withViewer.load(userId))?.mutes ?? false,
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
