import { publishEvent } from '@chorus/kit/testing';
import { anonymous, type Viewer } from '@chorus/kit/viewer';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { codeOf, CREATE_COMMENT, type Fixture, newKey, person, startFixture } from './fixture.ts';

let posts: Fixture;
beforeAll(async () => {
  posts = await startFixture();
});
afterAll(() => posts.stop());

const WAYS = /* GraphQL */ `
  query ($id: ID!, $author: ID!, $comment: ID!) {
    post(id: $id) {
      id
    }
    _entities(
      representations: [
        { __typename: "Post", id: $id }
        { __typename: "Comment", id: $comment }
        { __typename: "User", id: $author }
      ]
    ) {
      ... on Post {
        id
      }
      ... on Comment {
        id
      }
      ... on User {
        posts {
          edges {
            cursor
          }
        }
      }
    }
  }
`;
interface Ways {
  post: unknown;
  _entities: [unknown, unknown, { posts: { edges: unknown[] } }];
}
const timeline = async (viewer: Viewer) =>
  (
    await posts.ask<{ homeTimeline: { edges: { node: { id: string } }[] } }>(
      viewer,
      '{ homeTimeline { edges { node { id } } } }',
    )
  ).homeTimeline.edges.map(({ node }) => node.id);

test('posts of a private account, and what is said under them, are for its followers', async () => {
  const [ada, fan, eve] = [person(), person(), person()];
  await posts.follows(fan, ada);
  const id = await posts.post(ada);
  const comment = await posts.comment(eve, id);
  const sees = async (viewer: Viewer) => {
    const { post, _entities } = await posts.ask<Ways>(viewer, WAYS, { id, author: ada.userId, comment });
    const [byId, under, user] = _entities;
    const all = [post !== null, byId !== null, under !== null, user.posts.edges.length > 0];
    expect(new Set(all).size, JSON.stringify(all)).toBe(1);
    return all[0];
  };
  const seen = async () => [await sees(ada), await sees(fan), await sees(eve), await sees(anonymous)];
  expect(await seen()).toEqual([true, true, true, true]);
  await posts.privacy(ada);
  expect(await seen()).toEqual([true, true, false, false]);
  expect(await timeline(fan)).toEqual([id]);
  const LIKE = 'mutation ($id: ID!) { likePost(postId: $id) { post { id } } }';
  expect(codeOf(await posts.refusal(eve, LIKE, { id }))).toBe('NOT_FOUND');
  const input = { postId: id, text: 'Hidden', idempotencyKey: newKey() };
  expect(codeOf(await posts.refusal(eve, CREATE_COMMENT, { input }))).toBe('NOT_FOUND');

  await posts.follows(eve, ada);
  await posts.follows(fan, ada, false);
  expect(await seen()).toEqual([true, false, true, false]);
  expect([await timeline(fan), await timeline(eve)]).toEqual([[], [id]]);
  await posts.privacy(ada, false);
  // An old event that comes late changes nothing.
  const payload = { userId: ada.userId, isPrivate: true };
  await publishEvent(posts.redis, {
    name: 'privacy.changed',
    aggregate: `privacy:${ada.userId}`,
    version: 1n,
    payload,
  });
  await posts.privacy(eve);
  expect(await seen()).toEqual([true, true, true, true]);
});

test('others are told for whom a post is', async () => {
  const ada = person();
  const told = async () => {
    const aggregate = await posts.post(ada);
    return posts.db.outboxEvent.findFirstOrThrow({ where: { aggregate }, select: { payload: true } });
  };
  expect(await told()).toMatchObject({ payload: { visibility: 'PUBLIC' } });
  await posts.privacy(ada);
  expect(await told()).toMatchObject({ payload: { visibility: 'FOLLOWERS' } });
  await posts.privacy(ada, false);
  expect(await told()).toMatchObject({ payload: { visibility: 'PUBLIC' } });
});
