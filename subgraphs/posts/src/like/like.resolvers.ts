import { notFound } from '@chorus/kit/errors';
import { requireUser } from '@chorus/kit/viewer';
import type { Context } from '../context.ts';
import type { PostRow } from '../post/post.model.ts';
import type { Resolvers } from '../__generated__/resolvers.ts';

export const likeResolvers: Resolvers = {
  Mutation: {
    likePost: (_, { postId }, context) => changeLike(context, postId, 'like'),
    unlikePost: (_, { postId }, context) => changeLike(context, postId, 'unlike'),
  },
  Post: {
    viewerHasLiked: (post, _, { loaders }) => loaders.likes.viewerHasLiked(post.id),
  },
};

/** @throws GraphQLError UNAUTHENTICATED, NOT_FOUND, RATE_LIMITED */
async function changeLike(context: Context, postId: string, change: 'like' | 'unlike'): Promise<{ post: PostRow }> {
  const userId = requireUser(context.viewer);
  const post = await context.loaders.posts.byId(postId);
  if (post === null) throw notFound('This post', 'postId');
  await context.services.likes[change](context, userId, post.id);
  context.forget();
  return { post };
}
