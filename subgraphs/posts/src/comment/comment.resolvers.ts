import type { Resolvers } from '../__generated__/resolvers.ts';

export const commentResolvers: Resolvers = {
  Mutation: {
    async createComment(_, { input }, context) {
      const id = await context.services.comments.create(context, input);
      context.forget();
      return { comment: await context.loaders.comments.byId(id) };
    },
  },
  Post: {
    comments: (post, args, { loaders }) => loaders.comments.ofPost(post.id, args),
  },
  Comment: {
    __resolveReference: (ref, { loaders }) => loaders.comments.byId('id' in ref ? ref.id : ref.nodeId),
    nodeId: (comment) => comment.id,
    post: (comment, _, { loaders }) => loaders.posts.byId(comment.postId),
    author: (comment) => ({ id: comment.authorId }),
    replyTo: ({ replyToId }, _, { loaders }) => (replyToId === null ? null : loaders.comments.byId(replyToId)),
    mentions: ({ mentionIds }) => mentionIds.map((id) => ({ id })),
  },
  CommentConnection: {
    totalCount: async (connection, _, { loaders }) => (await loaders.posts.counts(connection.postId)).comments,
  },
  CommentEdge: {
    node: (edge, _, { loaders }) => loaders.comments.byId(edge.commentId),
  },
};
