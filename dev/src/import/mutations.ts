import {
  type CreateCommentInput,
  type CreatePostInput,
  type SendMessageInput,
  TypedDocumentString,
  type UpdateProfileInput,
} from '@chorus/sdk';
import { repeated } from './bulk.ts';

/** The mutations sent by the thousand, each selecting the least that tells of success: answers cost as much as writes. */
export const follow = repeated<unknown, string>('follow', 'userId: ID!', '{ user { id } }');
export const likePost = repeated<unknown, string>('likePost', 'postId: ID!', '{ post { id } }');
export const updateProfile = repeated<unknown, UpdateProfileInput>(
  'updateProfile',
  'input: UpdateProfileInput!',
  '{ user { id } }',
);
export const createPost = repeated<{ post: { id: string } | null }, CreatePostInput>(
  'createPost',
  'input: CreatePostInput!',
  '{ post { id } }',
);
export const createComment = repeated<unknown, CreateCommentInput>(
  'createComment',
  'input: CreateCommentInput!',
  '{ comment { id } }',
);

/** One by one: messages of a room come from many people, and a request is one person's. */
export const SendMessage = new TypedDocumentString<unknown, { input: SendMessageInput }>(
  'mutation BulkSendMessage($input: SendMessageInput!) { sendMessage(input: $input) { message { seq } } }',
);
