import { newId } from '@chorus/kit/ids';
import { anonymous, type Viewer } from '@chorus/kit/viewer';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { codeOf, type Fixture, person, startFixture } from './fixture.ts';

let posts: Fixture;
beforeAll(async () => {
  posts = await startFixture();
});
afterAll(() => posts.stop());

const fields = 'post { id likeCount viewerHasLiked }';
const LIKE = `mutation ($id: ID!) { likePost(postId: $id) { ${fields} } }`;
const UNLIKE = `mutation ($id: ID!) { unlikePost(postId: $id) { ${fields} } }`;

const count = async (viewer: Viewer, id: string) => {
  const query = `query ($id: ID!) { ${fields.replace('post', 'post(id: $id)')} }`;
  return (await posts.ask<{ post: { likeCount: number; viewerHasLiked: boolean | null } }>(viewer, query, { id })).post;
};

test('liking twice is liking once, and unliking twice is unliking once', async () => {
  const [ada, bob] = [person(), person()];
  const id = await posts.post(ada);
  for (let time = 0; time < 2; time++) {
    expect(await posts.ask(bob, LIKE, { id })).toEqual({
      likePost: { post: { id, likeCount: 1, viewerHasLiked: true } },
    });
  }
  expect(await count(ada, id)).toMatchObject({ likeCount: 1, viewerHasLiked: false });
  expect(await count(anonymous, id)).toMatchObject({ likeCount: 1, viewerHasLiked: null });
  for (let time = 0; time < 2; time++) {
    expect(await posts.ask(bob, UNLIKE, { id })).toEqual({
      unlikePost: { post: { id, likeCount: 0, viewerHasLiked: false } },
    });
  }
});

test('several mutations of one operation each answer with what they did', async () => {
  const id = await posts.post(person());
  const both = `mutation ($id: ID!) {
    on: likePost(postId: $id) { ${fields} }
    off: unlikePost(postId: $id) { ${fields} }
    again: likePost(postId: $id) { ${fields} }
  }`;
  expect(await posts.ask(person(), both, { id })).toEqual({
    on: { post: { id, likeCount: 1, viewerHasLiked: true } },
    off: { post: { id, likeCount: 0, viewerHasLiked: false } },
    again: { post: { id, likeCount: 1, viewerHasLiked: true } },
  });
});

test('likes and unlikes at once leave count and rows equal', async () => {
  const id = await posts.post(person());
  const people = Array.from({ length: 20 }, person);
  await Promise.all(
    people.flatMap((viewer, index) => [
      posts.ask(viewer, LIKE, { id }),
      posts.ask(viewer, LIKE, { id }),
      ...(index % 2 === 0 ? [posts.ask(viewer, UNLIKE, { id })] : []),
    ]),
  );
  const rows = await posts.db.like.count({ where: { postId: id } });
  expect(rows).toBeGreaterThanOrEqual(10);
  expect((await count(anonymous, id)).likeCount).toBe(rows);
  const slots = await posts.db.postCounter.findMany({ where: { postId: id } });
  expect(slots.length).toBeLessThanOrEqual(16);
  expect(Math.min(...slots.map(({ likes }) => likes))).toBeGreaterThanOrEqual(0);
});

test('what cannot be liked is refused in the same words, and stores nothing', async () => {
  const deleted = await posts.post(person());
  await posts.db.post.update({ where: { id: deleted }, data: { deletedAt: new Date() } });
  const before = await posts.db.like.count();
  for (const mutation of [LIKE, UNLIKE]) {
    for (const id of [deleted, newId('pst'), newId('usr'), '', 'pst_\0']) {
      const error = await posts.refusal(person(), mutation, { id });
      expect(error.extensions).toMatchObject({ code: 'NOT_FOUND', field: 'postId' });
    }
    expect(codeOf(await posts.refusal(anonymous, mutation, { id: deleted }))).toBe('UNAUTHENTICATED');
    expect(codeOf(await posts.refusal(person(), mutation, { id: { not: 'an id' } }))).toBe('BAD_USER_INPUT');
  }
  expect(await posts.db.like.count()).toBe(before);
});
