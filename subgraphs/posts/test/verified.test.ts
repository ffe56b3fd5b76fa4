/** Whoever has not verified an e-mail address reads, follows and likes, but does not write. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CREATE_COMMENT, CREATE_POST, type Fixture, newKey, person, startFixture } from './fixture.ts';

let posts: Fixture;
beforeAll(async () => {
  posts = await startFixture();
});
afterAll(() => posts.stop());

const LIKE = 'mutation ($postId: ID!) { likePost(postId: $postId) { post { viewerHasLiked } } }';

test('posts and comments take a verified address, or a service account that answers for its person', async () => {
  const postId = await posts.post(person());
  const somebody = { ...person(), emailVerified: false };
  const writes = [
    [CREATE_POST, () => ({ input: { text: 'First!', idempotencyKey: newKey() } })],
    [CREATE_COMMENT, () => ({ input: { postId, text: 'First!', idempotencyKey: newKey() } })],
  ] as const;
  const stored = async () => [await posts.db.post.count(), await posts.db.comment.count()];
  for (const [mutation, variables] of writes) {
    const before = await stored();
    expect(await posts.refusal(somebody, mutation, variables())).toMatchObject({
      message: expect.stringMatching(/^Verify your e-mail address/),
      extensions: { code: 'FORBIDDEN', reason: 'EMAIL_NOT_VERIFIED' },
    });
    expect(await stored()).toEqual(before);
    await posts.ask({ ...somebody, service: 'importer' }, mutation, variables());
    await posts.ask({ ...somebody, emailVerified: true }, mutation, variables());
    expect(await stored()).not.toEqual(before);
  }
  expect(await posts.ask(somebody, LIKE, { postId })).toEqual({ likePost: { post: { viewerHasLiked: true } } });
});
