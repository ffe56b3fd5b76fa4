import { publishEvent, settle } from '@chorus/kit/testing';
import { anonymous, type Viewer } from '@chorus/kit/viewer';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { codeOf, CREATE_COMMENT, type Fixture, newKey, person, startFixture } from './fixture.ts';

type Person = ReturnType<typeof person>;

let posts: Fixture;
beforeAll(async () => {
  posts = await startFixture();
});
afterAll(() => posts.stop());

const WAYS = /* GraphQL */ `
  query ($id: ID!, $author: ID!) {
    post(id: $id) {
      id
    }
    _entities(
      representations: [
        { __typename: "Post", id: $id }
        { __typename: "Post", nodeId: $id }
        { __typename: "User", id: $author }
      ]
    ) {
      ... on Post {
        id
      }
      ... on User {
        posts {
          edges {
            node {
              id
            }
          }
        }
      }
    }
  }
`;
interface Ways {
  post: unknown;
  _entities: [unknown, unknown, { posts: { edges: { node: unknown }[] } }];
}

/** Whether the viewer sees the author's only post: by all ways, or by none. */
async function sees(viewer: Viewer, author: Person, id: string): Promise<boolean> {
  const { post, _entities } = await posts.ask<Ways>(viewer, WAYS, { id, author: author.userId });
  const [byId, byNodeId, user] = _entities;
  const all = [post !== null, byId !== null, byNodeId !== null, user.posts.edges.length > 0];
  expect(new Set(all).size, JSON.stringify(all)).toBe(1);
  return all[0] === true;
}

const timeline = async (viewer: Viewer) =>
  (
    await posts.ask<{ homeTimeline: { edges: { node: { id: string } }[] } }>(
      viewer,
      '{ homeTimeline { edges { node { id } } } }',
    )
  ).homeTimeline.edges.map(({ node }) => node.id);

test('across a block no post is seen, either way, by any road, and nothing is done to it', async () => {
  const [ada, bob, eve] = [person(), person(), person()];
  const of = new Map([
    [ada, await posts.post(ada)],
    [bob, await posts.post(bob)],
  ]);
  const postOf = (author: Person) => of.get(author) ?? '';
  const seen = async (viewer: Viewer) => [await sees(viewer, ada, postOf(ada)), await sees(viewer, bob, postOf(bob))];
  await posts.follows(ada, bob);
  await posts.follows(bob, ada);
  expect(await timeline(ada)).toEqual([postOf(bob), postOf(ada)]);

  await posts.blocks(ada, bob);
  expect(await seen(ada)).toEqual([true, false]);
  expect(await seen(bob)).toEqual([false, true]);
  for (const viewer of [eve, anonymous]) expect(await seen(viewer)).toEqual([true, true]);
  // The edges may still stand here: their end is another event.
  expect([await timeline(ada), await timeline(bob)]).toEqual([[postOf(ada)], [postOf(bob)]]);
  for (const [viewer, author] of [
    [ada, bob],
    [bob, ada],
  ] as const) {
    const LIKE = 'mutation ($id: ID!) { likePost(postId: $id) { post { id } } }';
    expect(codeOf(await posts.refusal(viewer, LIKE, { id: postOf(author) }))).toBe('NOT_FOUND');
    const input = { postId: postOf(author), text: 'Hidden', idempotencyKey: newKey() };
    expect(codeOf(await posts.refusal(viewer, CREATE_COMMENT, { input }))).toBe('NOT_FOUND');
  }
  expect(await posts.db.comment.count({ where: { text: 'Hidden' } })).toBe(0);

  await posts.blocks(ada, bob, false);
  expect([await seen(ada), await seen(bob)]).toEqual([
    [true, true],
    [true, true],
  ]);
  expect(await timeline(ada)).toEqual([postOf(bob), postOf(ada)]);
});

test('comments of the blocked are hidden under the posts of others, both ways, and pages stay full', async () => {
  const [ada, bob, eve] = [person(), person(), person()];
  const post = await posts.post(eve);
  const written: Record<string, string> = {};
  for (const text of ['bob 1', 'ada 1', 'bob 2', 'ada 2', 'eve 1']) {
    written[text] = await posts.comment(text.startsWith('ada') ? ada : text.startsWith('bob') ? bob : eve, post, text);
  }
  await posts.blocks(ada, bob);
  const READ = /* GraphQL */ `
    query ($id: ID!, $comment: ID!) {
      post(id: $id) {
        comments(first: 3) {
          edges {
            node {
              text
            }
          }
        }
      }
      _entities(representations: [{ __typename: "Comment", id: $comment }]) {
        ... on Comment {
          text
        }
      }
    }
  `;
  const read = async (viewer: Viewer, comment: string) => {
    const { post: found, _entities } = await posts.ask<{
      post: { comments: { edges: { node: { text: string } | null }[] } };
      _entities: ({ text: string } | null)[];
    }>(viewer, READ, { id: post, comment: written[comment] });
    return [...found.comments.edges.map(({ node }) => node?.text), _entities[0]];
  };
  expect(await read(ada, 'bob 1')).toEqual(['ada 1', 'ada 2', 'eve 1', null]);
  expect(await read(bob, 'ada 1')).toEqual(['bob 1', 'bob 2', 'eve 1', null]);
  expect(await read(eve, 'ada 1')).toEqual(['bob 1', 'ada 1', 'bob 2', { text: 'ada 1' }]);
  expect(await read(anonymous, 'ada 1')).toEqual(['bob 1', 'ada 1', 'bob 2', { text: 'ada 1' }]);
});

test('a mute keeps posts out of the muter’s timeline and nowhere else', async () => {
  const [ada, bob] = [person(), person()];
  await posts.follows(ada, bob);
  await posts.follows(bob, ada);
  const [mine, theirs] = [await posts.post(ada), await posts.post(bob)];
  await posts.mutes(ada, bob);
  expect([await timeline(ada), await timeline(bob)]).toEqual([[mine], [theirs, mine]]);
  expect(await sees(ada, bob, theirs)).toBe(true);
  await posts.mutes(ada, bob, false);
  expect(await timeline(ada)).toEqual([theirs, mine]);
});

test('an old event that comes late changes nothing', async () => {
  const [ada, bob] = [person(), person()];
  const post = await posts.post(bob);
  await posts.blocks(ada, bob);
  await posts.blocks(ada, bob, false);
  const aggregate = `block:${ada.userId}:${bob.userId}`;
  const payload = { blockerId: ada.userId, blockedId: bob.userId, active: true };
  await publishEvent(posts.redis, { name: 'block.changed', aggregate, version: 1n, payload });
  await publishEvent(posts.redis, {
    name: 'mute.changed',
    aggregate: `mute:${ada.userId}:${bob.userId}`,
    version: 1n,
    payload: { muterId: ada.userId, mutedId: bob.userId, active: false },
  });
  await settle(() => posts.db.muteEdge.findFirst({ where: { muterId: ada.userId } }));
  expect(await sees(ada, bob, post)).toBe(true);
});
