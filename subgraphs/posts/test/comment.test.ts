import { newId } from '@chorus/kit/ids';
import { anonymous } from '@chorus/kit/viewer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { codeOf, CREATE_COMMENT, type Fixture, newKey, person, startFixture } from './fixture.ts';

let posts: Fixture;
beforeAll(async () => {
  posts = await startFixture();
});
afterAll(() => posts.stop());

const READ = /* GraphQL */ `
  query ($id: ID!, $first: Int, $after: String, $last: Int, $before: String) {
    post(id: $id) {
      comments(first: $first, after: $after, last: $last, before: $before) {
        totalCount
        pageInfo {
          hasNextPage
          hasPreviousPage
          startCursor
          endCursor
        }
        edges {
          cursor
          node {
            text
          }
        }
      }
    }
  }
`;
interface Read {
  post: {
    comments: {
      totalCount: number;
      pageInfo: {
        hasNextPage: boolean;
        hasPreviousPage: boolean;
        startCursor: string | null;
        endCursor: string | null;
      };
      edges: { cursor: string; node: { text: string } | null }[];
    };
  };
}
const read = async (id: string, page: Record<string, unknown> = {}) =>
  (await posts.ask<Read>(anonymous, READ, { id, ...page })).post.comments;
const texts = (connection: Read['post']['comments']) => connection.edges.map(({ node }) => node?.text);

describe('comments', () => {
  test('are answered, counted and kept once for each key', async () => {
    const [ada, bob] = [person(), person()];
    const postId = await posts.post(ada);
    const input = { postId, text: ' Well said. ', idempotencyKey: newKey() };
    const first = await posts.ask<{ createComment: { comment: { id: string } } }>(bob, CREATE_COMMENT, { input });
    const { id } = first.createComment.comment;
    expect(first.createComment.comment).toMatchObject({
      nodeId: id,
      text: 'Well said.',
      author: { id: bob.userId },
      post: { id: postId, commentCount: 1 },
    });
    const again = await Promise.all([1, 2, 3].map(() => posts.ask(bob, CREATE_COMMENT, { input })));
    expect(again).toEqual([first, first, first]);
    const other = await posts.refusal(bob, CREATE_COMMENT, { input: { ...input, text: 'Not at all.' } });
    expect(codeOf(other)).toBe('IDEMPOTENCY_CONFLICT');
  });

  test('come oldest first, in pages from either end', async () => {
    const postId = await posts.post(person());
    for (const text of ['1', '2', '3', '4', '5']) await posts.comment(person(), postId, text);
    // Two of the same millisecond: the id decides, and the cursor says so.
    const [third] = await posts.db.comment.findMany({ where: { postId, text: '3' } });
    await posts.db.comment.updateMany({ where: { postId, text: '4' }, data: { createdAt: third?.createdAt ?? '' } });

    const start = await read(postId, { first: 2 });
    expect(texts(start)).toEqual(['1', '2']);
    expect(start).toMatchObject({ totalCount: 5, pageInfo: { hasNextPage: true, hasPreviousPage: false } });
    const middle = await read(postId, { first: 1, after: start.pageInfo.endCursor });
    const rest = await read(postId, { first: 10, after: middle.pageInfo.endCursor });
    expect(new Set([...texts(middle), ...texts(rest)])).toEqual(new Set(['3', '4', '5']));
    expect(rest.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });

    const end = await read(postId, { last: 1 });
    expect(texts(end)).toEqual(['5']);
    expect(end.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
    const before = await read(postId, { last: 2, before: end.pageInfo.startCursor });
    expect(new Set(texts(before))).toEqual(new Set(['3', '4']));
    expect(await read(postId, { first: 0 })).toMatchObject({ edges: [], pageInfo: { hasNextPage: true } });

    // A cursor outlives its row.
    await posts.db.comment.updateMany({ where: { postId, text: '2' }, data: { deletedAt: new Date() } });
    expect(texts(await read(postId, { first: 1, after: start.pageInfo.endCursor }))).toEqual(texts(middle));
  });

  test('refuse what is no page of theirs', async () => {
    const ada = person();
    const id = await posts.post(ada);
    const timeline = `query { homeTimeline { pageInfo { startCursor } } }`;
    const { homeTimeline } = await posts.ask<{ homeTimeline: { pageInfo: { startCursor: string } } }>(ada, timeline);
    const forged = (...parts: unknown[]) => Buffer.from(JSON.stringify(parts)).toString('base64url');
    for (const [page, code] of [
      [{ after: homeTimeline.pageInfo.startCursor }, 'CURSOR_INVALID'],
      [{ after: 'nonsense' }, 'CURSOR_INVALID'],
      [{ after: forged('Post.comments', -8.64e15, 'cmt_') }, 'CURSOR_INVALID'],
      [{ after: forged('Post.comments', 'now', 'cmt_') }, 'CURSOR_INVALID'],
      [{ after: forged('Post.comments', 1, 'cmt_\0') }, 'CURSOR_INVALID'],
      [{ first: 101 }, 'BAD_USER_INPUT'],
      [{ first: -1 }, 'BAD_USER_INPUT'],
      [{ first: 1, last: 1 }, 'BAD_USER_INPUT'],
      [{ last: 101 }, 'BAD_USER_INPUT'],
      [{ first: 1.5 }, 'BAD_USER_INPUT'],
    ] as const) {
      expect([page, codeOf(await posts.refusal(ada, READ, { id, ...page }))]).toEqual([page, code]);
    }
  });

  test('of a hidden post are hidden, whatever the way to them', async () => {
    const postId = await posts.post(person());
    const id = await posts.comment(person(), postId);
    const entities = /* GraphQL */ `
      query ($representations: [_Any!]!) {
        _entities(representations: $representations) {
          ... on Comment {
            id
            post {
              id
            }
          }
        }
      }
    `;
    const representations = [
      { __typename: 'Comment', id },
      { __typename: 'Comment', nodeId: id },
      { __typename: 'Comment', id: 'cmt_\0' },
    ];
    const found = { id, post: { id: postId } };
    expect(await posts.ask(anonymous, entities, { representations })).toEqual({ _entities: [found, found, null] });
    await posts.db.post.update({ where: { id: postId }, data: { deletedAt: new Date() } });
    expect(await posts.ask(anonymous, entities, { representations })).toEqual({ _entities: [null, null, null] });
  });

  test('that are refused store nothing', async () => {
    const ada = person();
    const postId = await posts.post(ada);
    const deleted = await posts.post(ada);
    await posts.db.post.update({ where: { id: deleted }, data: { deletedAt: new Date() } });
    const good = { postId, text: 'A comment', idempotencyKey: 'a-good-key' };
    for (const [viewer, input, code, field] of [
      [ada, { text: '' }, 'BAD_USER_INPUT', 'input.text'],
      [ada, { text: 'é'.repeat(2001) }, 'BAD_USER_INPUT', 'input.text'],
      [ada, { text: 'a\0b' }, 'BAD_USER_INPUT', 'input.text'],
      [ada, { text: ['a'] }, 'BAD_USER_INPUT', undefined],
      [ada, { idempotencyKey: '' }, 'BAD_USER_INPUT', 'idempotencyKey'],
      [ada, { postId: deleted }, 'NOT_FOUND', 'input.postId'],
      [ada, { postId: newId('pst') }, 'NOT_FOUND', 'input.postId'],
      [ada, { postId: 'pst_\0' }, 'NOT_FOUND', 'input.postId'],
      [ada, { createdAt: '2007-12-11T10:24:00Z' }, 'FORBIDDEN', undefined],
      [anonymous, {}, 'UNAUTHENTICATED', undefined],
    ] as const) {
      const error = await posts.refusal(viewer, CREATE_COMMENT, { input: { ...good, ...input } });
      expect([input, error.extensions]).toMatchObject([input, { code, ...(field !== undefined && { field }) }]);
    }
    expect(await posts.db.comment.count({ where: { authorId: ada.userId } })).toBe(0);
    expect(await posts.db.idempotencyKey.count({ where: { mutation: 'createComment', viewerId: ada.userId } })).toBe(0);
  });
});
