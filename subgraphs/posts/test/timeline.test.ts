import { anonymous, type Viewer } from '@chorus/kit/viewer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { attachment, codeOf, type Fixture, person, startFixture } from './fixture.ts';

let posts: Fixture;
beforeAll(async () => {
  posts = await startFixture();
});
afterAll(() => posts.stop());

interface PostList {
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null };
  edges: { node: { id: string } | null }[];
}
const LIST = '{ pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { cursor node { id } } }';
const VARIABLES = '$first: Int, $after: String, $last: Int, $before: String';
const PAGE = 'first: $first, after: $after, last: $last, before: $before';
const HOME = `query (${VARIABLES}) { homeTimeline(${PAGE}) ${LIST} }`;
const ids = (list: PostList) => list.edges.map(({ node }) => node?.id);
const home = async (viewer: Viewer, page: Record<string, unknown> = {}) =>
  (await posts.ask<{ homeTimeline: PostList }>(viewer, HOME, page)).homeTimeline;

describe('the home timeline', () => {
  test('has the posts of those whom the viewer follows and the viewer’s own, latest first', async () => {
    const [ada, bob, eve] = [person(), person(), person()];
    await posts.follows(ada, bob);
    const first = await posts.post(bob);
    const second = await posts.post(ada);
    await posts.post(eve);
    const third = await posts.post(bob);
    expect(ids(await home(ada))).toEqual([third, second, first]);
    expect(ids(await home(bob))).toEqual([third, first]);

    await posts.follows(ada, bob, false);
    expect(ids(await home(ada))).toEqual([second]);
    await posts.follows(ada, bob);
    await posts.db.post.update({ where: { id: third }, data: { deletedAt: new Date() } });
    expect(ids(await home(ada))).toEqual([second, first]);
  });

  test('is read in pages from either end, and new posts move nothing', async () => {
    const [ada, bob] = [person(), person()];
    await posts.follows(ada, bob);
    const written: string[] = [];
    for (let count = 0; count < 7; count++) written.unshift(await posts.post(count % 2 === 0 ? ada : bob));
    const start = await home(ada, { first: 3 });
    await posts.post(bob);
    const rest = await home(ada, { first: 100, after: start.pageInfo.endCursor });
    expect([...ids(start), ...ids(rest)]).toEqual(written);
    expect(rest.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
    const back = await home(ada, { last: 2, before: rest.pageInfo.startCursor });
    expect(ids(back)).toEqual(written.slice(1, 3));
    expect(back.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: true });
  });

  test('is for somebody, and refuses what is no page of it', async () => {
    expect(codeOf(await posts.refusal(anonymous, HOME))).toBe('UNAUTHENTICATED');
    expect(codeOf(await posts.refusal(person(), HOME, { first: 101 }))).toBe('BAD_USER_INPUT');
    expect(codeOf(await posts.refusal(person(), HOME, { after: 'eyJ9' }))).toBe('CURSOR_INVALID');
    expect(await home(person())).toMatchObject({ edges: [], pageInfo: { startCursor: null, hasNextPage: false } });
  });
});

test('an author’s posts come latest first, in pages, for many authors at once', async () => {
  const [ada, bob] = [person(), person()];
  const written = [await posts.post(ada), await posts.post(ada), await posts.post(ada)].toReversed();
  const one = await posts.post(bob);
  const query = `query ($representations: [_Any!]!, ${VARIABLES}) {
    _entities(representations: $representations) { ... on User { postCount posts(${PAGE}) ${LIST} } }
  }`;
  const representations = [ada, bob, person()].map(({ userId: id }) => ({ __typename: 'User', id }));
  type Authors = { _entities: { postCount: number; posts: PostList }[] };
  let authors: Authors['_entities'] = [];
  const statements = await posts.counter.during(async () => {
    authors = (await posts.ask<Authors>(anonymous, query, { representations, first: 2 }))._entities;
  });
  expect(authors.map((author) => [author.postCount, ids(author.posts)])).toEqual([
    [3, written.slice(0, 2)],
    [1, [one]],
    [0, []],
  ]);
  expect(statements).toHaveLength(3);
  const page = { first: 2, after: authors[0]?.posts.pageInfo.endCursor };
  const next = await posts.ask<Authors>(anonymous, query, { representations: representations.slice(0, 1), ...page });
  expect(next._entities.map((author) => ids(author.posts))).toEqual([written.slice(2)]);
});

test('a timeline costs the same number of statements however many posts it has', async () => {
  const [ada, bob] = [person(), person()];
  await posts.follows(ada, bob);
  const everything = /* GraphQL */ `
    query ($first: Int!) {
      homeTimeline(first: $first) {
        edges {
          node {
            text
            author {
              id
            }
            likeCount
            commentCount
            viewerHasLiked
            attachments {
              ref
            }
            comments(first: 3) {
              totalCount
              edges {
                node {
                  text
                  author {
                    id
                  }
                }
              }
            }
          }
        }
      }
    }
  `;
  for (let count = 0; count < 50; count++) {
    const id = await posts.post(bob, { attachments: [await attachment(bob.userId)] });
    for (let comments = 0; comments < count % 5; comments++) await posts.comment(ada, id);
    if (count % 2 === 0) await posts.ask(ada, 'mutation ($id: ID!) { likePost(postId: $id) { post { id } } }', { id });
  }
  type Timeline = { homeTimeline: { edges: { node: { likeCount: number; comments: { edges: unknown[] } } }[] } };
  const seen: Timeline[] = [];
  const statementsFor = (first: number) =>
    posts.counter.during(async () => void seen.push(await posts.ask<Timeline>(ada, everything, { first })));
  const few = await statementsFor(5);
  const many = await statementsFor(50);
  expect(seen.map((data) => data.homeTimeline.edges.length)).toEqual([5, 50]);
  const nodes = seen[1]?.homeTimeline.edges.map(({ node }) => node) ?? [];
  expect(nodes.map(({ likeCount }) => likeCount)).toEqual(nodes.map((_, index) => ((index + 1) % 2 === 0 ? 1 : 0)));
  expect(nodes.map(({ comments }) => comments.edges.length)).toEqual(nodes.map((_, i) => Math.min((49 - i) % 5, 3)));
  expect(many).toHaveLength(few.length);
  // The page, the posts, their counts, the viewer's likes, the pages of comments, the comments.
  expect(many).toHaveLength(6);
});
