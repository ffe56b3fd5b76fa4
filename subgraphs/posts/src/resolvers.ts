import { DateTime } from '@chorus/kit/scalars';
import type { Resolvers } from './__generated__/resolvers.ts';
import { authorResolvers } from './author/author.resolvers.ts';
import { commentResolvers } from './comment/comment.resolvers.ts';
import { likeResolvers } from './like/like.resolvers.ts';
import { postResolvers } from './post/post.resolvers.ts';
import { timelineResolvers } from './timeline/timeline.resolvers.ts';

export const resolvers: Resolvers = {
  DateTime,
  ...authorResolvers,
  ...commentResolvers,
  Query: { ...postResolvers.Query, ...timelineResolvers.Query },
  Mutation: { ...postResolvers.Mutation, ...likeResolvers.Mutation, ...commentResolvers.Mutation },
  Post: { ...postResolvers.Post, ...likeResolvers.Post, ...commentResolvers.Post },
  PostEdge: postResolvers.PostEdge,
};
