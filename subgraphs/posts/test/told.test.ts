/** What posts tells others, so that people can be notified. */
import { newId } from '@chorus/kit/ids';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { codeOf, type Fixture, newKey, person, startFixture } from './fixture.ts';

let posts: Fixture;
beforeAll(async () => {
  posts = await startFixture();
});
afterAll(() => posts.stop());

const LIKE = 'mutation ($id: ID!) { likePost(postId: $id) { post { likeCount } } }';
const UNLIKE = 'mutation ($id: ID!) { unlikePost(postId: $id) { post { likeCount } } }';
const POST = `mutation ($input: CreatePostInput!) { createPost(input: $input) { post { id mentions { id } } } }`;
const COMMENT = `mutation ($input: CreateCommentInput!) {
  createComment(input: $input) { comment { id replyTo { id } mentions { id } } }
}`;
interface Comment {
  createComment: { comment: { id: string; replyTo: { id: string } | null; mentions: { id: string }[] } };
}
const events = async (name: string, aggregate: string) =>
  (await posts.db.outboxEvent.findMany({ where: { name, aggregate }, orderBy: { id: 'asc' } })).map(
    ({ payload }) => payload,
  );

test('a like, once, and its end, once; not what changes nothing', async () => {
  const [ada, bob] = [person(), person()];
  const id = await posts.post(ada);
  for (const mutation of [UNLIKE, LIKE, LIKE, UNLIKE, UNLIKE]) await posts.ask(bob, mutation, { id });
  const like = { postId: id, authorId: ada.userId, userId: bob.userId, since: expect.any(String) };
  expect(await events('like.changed', `like:${id}:${bob.userId}`)).toEqual([
    { ...like, active: true },
    { ...like, active: false },
  ]);
});

test('likes and unlikes at once: the highest version says what stands', async () => {
  const bob = person();
  const id = await posts.post(person());
  await Promise.all(Array.from({ length: 12 }, (_, n) => posts.ask(bob, n % 2 === 0 ? LIKE : UNLIKE, { id })));
  const told = (await events('like.changed', `like:${id}:${bob.userId}`)) as { active: boolean }[];
  // They alternate, so that none was told that did not happen.
  expect(told.map(({ active }) => active)).toEqual(told.map((_, index) => index % 2 === 0));
  expect(told.at(-1)?.active).toBe((await posts.db.like.count({ where: { postId: id } })) === 1);
});

test('a comment, whose post and which comment it answers, and whom it mentions', async () => {
  const [ada, bob, cyd] = [person(), person(), person()];
  const postId = await posts.post(ada);
  const first = await posts.comment(bob, postId);
  const input = { postId, text: 'Yes', replyToId: first, idempotencyKey: newKey() };
  const mentionIds = [ada.userId, bob.userId, ada.userId];
  const { createComment } = await posts.ask<Comment>(cyd, COMMENT, { input: { ...input, mentionIds } });
  const { comment } = createComment;
  expect(comment).toMatchObject({ replyTo: { id: first }, mentions: [{ id: ada.userId }, { id: bob.userId }] });
  const common = { postId, postAuthorId: ada.userId, createdAt: expect.any(String) };
  expect(await events('comment.created', first)).toEqual([
    { ...common, commentId: first, authorId: bob.userId, replyToId: null, replyToAuthorId: null, mentionedIds: [] },
  ]);
  expect(await events('comment.created', comment.id)).toEqual([
    {
      ...common,
      commentId: comment.id,
      authorId: cyd.userId,
      replyToId: first,
      replyToAuthorId: bob.userId,
      mentionedIds: [ada.userId, bob.userId],
    },
  ]);
  // The same again is the same comment, told once.
  const again = await posts.ask<Comment>(cyd, COMMENT, { input: { ...input, mentionIds } });
  expect(again.createComment.comment.id).toBe(comment.id);
  expect(await events('comment.created', comment.id)).toHaveLength(1);
});

test('whom a post mentions', async () => {
  const [ada, bob] = [person(), person()];
  const { createPost } = await posts.ask<{ createPost: { post: { id: string } } }>(ada, POST, {
    input: { text: 'Hi', mentionIds: [bob.userId], idempotencyKey: newKey() },
  });
  expect(createPost.post).toMatchObject({ mentions: [{ id: bob.userId }] });
  expect(await events('post.created', createPost.post.id)).toMatchObject([{ mentionedIds: [bob.userId] }]);
});

test('what cannot be answered or mentioned is refused, and nothing is told', async () => {
  const [ada, eve] = [person(), person()];
  const [postId, elsewhere] = [await posts.post(ada), await posts.post(ada)];
  const [other, hidden] = [await posts.comment(ada, elsewhere), await posts.comment(eve, postId)];
  await posts.blocks(eve, ada);
  const before = await posts.db.outboxEvent.count();
  for (const replyToId of [other, hidden, newId('cmt'), 'nonsense', '']) {
    const input = { postId, text: 'x', replyToId, idempotencyKey: newKey() };
    const error = await posts.refusal(ada, COMMENT, { input });
    expect([codeOf(error), error.extensions?.['field']]).toEqual(['NOT_FOUND', 'input.replyToId']);
  }
  const many = Array.from({ length: 21 }, () => newId('usr'));
  for (const mentionIds of [many, ['@ada'], [newId('pst')]]) {
    const write = { text: 'x', mentionIds, idempotencyKey: newKey() };
    for (const error of [
      await posts.refusal(ada, POST, { input: write }),
      await posts.refusal(ada, COMMENT, { input: { ...write, postId } }),
    ]) {
      expect([codeOf(error), error.extensions?.['field']]).toEqual(['BAD_USER_INPUT', 'input.mentionIds']);
    }
  }
  expect(await posts.db.outboxEvent.count()).toBe(before);
});
