import type { Resolvers } from '../__generated__/resolvers.ts';

export const postResolvers: Resolvers = {
  Query: {
    post: (_, { id }, { loaders }) => loaders.posts.byId(id),
  },
  Mutation: {
    async createPost(_, { input }, context) {
      const id = await context.services.posts.create(context, input);
      context.forget();
      return { post: await context.loaders.posts.byId(id) };
    },
  },
  Post: {
    __resolveReference: (ref, { loaders }) => loaders.posts.byId('id' in ref ? ref.id : ref.nodeId),
    nodeId: (post) => post.id,
    author: (post) => ({ id: post.authorId }),
    mentions: ({ mentionIds }) => mentionIds.map((id) => ({ id })),
    // Whoever sees a post may see its pictures: the grant tells media so, for this viewer.
    attachments: (post, _, { viewer, grant }) =>
      post.mediaIds.map(async (id) => ({
        __typename: 'Media' as const,
        ref: await grant({ id, viewer: viewer.userId }),
      })),
    likeCount: async (post, _, { loaders }) => (await loaders.posts.counts(post.id)).likes,
    commentCount: async (post, _, { loaders }) => (await loaders.posts.counts(post.id)).comments,
  },
  PostEdge: {
    node: (edge, _, { loaders }) => loaders.posts.byId(edge.postId),
  },
};
