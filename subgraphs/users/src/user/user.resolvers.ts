import { badInput } from '@chorus/kit/errors';
import { isId } from '@chorus/kit/ids';
import { asksShared } from '@chorus/kit/sharing';
import { isShared } from '@chorus/kit/viewer';
import type { Resolvers } from '../__generated__/resolvers.ts';
import type { Context } from '../context.ts';
import { canonicalHandle } from './handle.ts';

export const userResolvers: Pick<Resolvers, 'Query' | 'Mutation' | 'User'> = {
  Query: {
    me: (_, __, { viewer, loaders }) => (viewer.userId === null ? null : loaders.users.byId.load(viewer.userId)),
    user(_, { handle, id }, { loaders }) {
      if ((handle == null) === (id == null)) throw badInput('handle', 'Give handle or id, and not both.');
      if (id != null) return isId('usr', id) ? loaders.users.byId.load(id) : null;
      const canonical = canonicalHandle(handle ?? '');
      return canonical === null ? null : loaders.users.byHandle.load(canonical);
    },
  },
  Mutation: {
    async updateProfile(_, { input }, context) {
      await context.limits.take(context, 'updateProfile');
      const user = await context.users.updateProfile(context.viewer, input);
      context.written();
      return { user };
    },
    async provisionUsers(_, { input }, context) {
      const users = await context.users.provision(context.viewer, input);
      context.written();
      return { users };
    },
  },
  User: {
    // Named by a room or a post that the viewer may see, a person has a card for everybody; more of them is looked up.
    __resolveReference({ id }, { loaders: { users } }, info) {
      if (!isId('usr', id)) return null;
      return (asksShared(info, 'User') ? users.cards : users.byId).load(id);
    },
    nodeId: ({ id }) => id,
    avatar: ({ avatarMediaId }, _, context) => pictureOf(avatarMediaId, context),
    banner: ({ bannerMediaId }, _, context) => pictureOf(bannerMediaId, context),
  },
};

/** Whoever sees the person sees the picture. */
async function pictureOf(
  id: string | null,
  { viewer, grant }: Context,
): Promise<{ ref: string; nodeId: string } | null> {
  return id === null ? null : { ref: await grant({ id, viewer: isShared(viewer) ? null : viewer.userId }), nodeId: id };
}
