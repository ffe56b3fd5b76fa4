import { createSubgraphClient } from '@chorus/kit/testing';
import type { Viewer } from '@chorus/kit/viewer';
import { LIMITS } from '@chorus/schema/limits';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { codeOf, CREATE_COMMENT, CREATE_POST, type Fixture, newKey, person, startFixture } from './fixture.ts';

let posts: Fixture;
let postId: string;
beforeAll(async () => {
  posts = await startFixture();
  postId = await posts.post(person());
});
afterAll(() => posts.stop());

const LIKE = 'mutation ($postId: ID!) { likePost(postId: $postId) { post { id } } }';

/** How many of so many at once were done; all others must be refused for their rate. */
async function done(count: number, viewer: Viewer, document: string, variables: () => Record<string, unknown>) {
  const client = createSubgraphClient(posts.url);
  const answers = await Promise.all(Array.from({ length: count }, () => client.ask(viewer, document, variables())));
  const codes = answers.flatMap(({ errors }) => errors?.map(codeOf) ?? []);
  expect(codes).toEqual(codes.map(() => 'RATE_LIMITED'));
  return count - codes.length;
}

test.each([
  ['createPost', CREATE_POST, () => ({ input: { text: 'Again', idempotencyKey: newKey() } })],
  ['createComment', CREATE_COMMENT, () => ({ input: { postId, text: 'Again', idempotencyKey: newKey() } })],
  ['likePost', LIKE, () => ({ postId })],
] as const)('%s has its limit, by person, and service accounts have theirs', async (name, document, variables) => {
  const { count } = LIMITS.posts[name].viewer;
  const ada = person();
  expect(await done(count + 5, ada, document, variables)).toBe(count);
  expect(await done(5, person(), document, variables)).toBe(5);
  expect(await done(5, { ...ada, service: 'importer' }, document, variables)).toBe(5);
});

test('what was refused is not stored', async () => {
  const ada = person();
  const { count } = LIMITS.posts.createPost.viewer;
  await done(count + 5, ada, CREATE_POST, () => ({ input: { text: 'Again', idempotencyKey: newKey() } }));
  expect(await posts.db.post.count({ where: { authorId: ada.userId } })).toBe(count);
});
