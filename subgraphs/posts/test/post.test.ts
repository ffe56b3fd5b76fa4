import { newId } from '@chorus/kit/ids';
import { settle, viewerOf } from '@chorus/kit/testing';
import { verifyToken } from '@chorus/kit/tokens';
import { anonymous } from '@chorus/kit/viewer';
import { testKeys } from '@chorus/kit/testing';
import { GRANT } from '@chorus/schema/claims';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { attachment, codeOf, CREATE_POST, type Fixture, newKey, person, startFixture } from './fixture.ts';

let posts: Fixture;
beforeAll(async () => {
  posts = await startFixture();
});
afterAll(() => posts.stop());

interface PostData {
  id: string;
  nodeId: string;
  text: string;
  createdAt: string;
  author: { id: string };
  attachments: { ref: string }[];
}
const READ = /* GraphQL */ `
  query ($id: ID!) {
    post(id: $id) {
      id
      text
      likeCount
      commentCount
      viewerHasLiked
    }
  }
`;
const create = async (viewer = person(), input: Record<string, unknown> = {}) =>
  (
    await posts.ask<{ createPost: { post: PostData } }>(viewer, CREATE_POST, {
      input: { text: 'A post', idempotencyKey: newKey(), ...input },
    })
  ).createPost.post;

describe('a new post', () => {
  test('is answered, readable by all and told to other subgraphs', async () => {
    const ada = person();
    const post = await create(ada, { text: '  Hello, 🌍\n' });
    expect(post).toMatchObject({ nodeId: post.id, text: 'Hello, 🌍', author: { id: ada.userId }, attachments: [] });
    expect(post.id).toMatch(/^pst_[0-9a-f]{32}$/);
    expect(Date.now() - Date.parse(post.createdAt)).toBeLessThan(60_000);
    expect(await posts.ask(anonymous, READ, { id: post.id })).toEqual({
      post: { id: post.id, text: 'Hello, 🌍', likeCount: 0, commentCount: 0, viewerHasLiked: null },
    });
    const event = await settle(() =>
      posts.db.outboxEvent.findFirst({ where: { aggregate: post.id, publishedAt: { not: null } } }),
    );
    expect(event.name).toBe('post.created');
    expect(event.payload).toEqual({
      postId: post.id,
      authorId: ada.userId,
      mediaIds: [],
      visibility: 'PUBLIC',
      createdAt: post.createdAt,
    });
  });

  test('may be as long as 5,000 code points', async () => {
    expect((await create(person(), { text: '🌍'.repeat(5000) })).text).toHaveLength(10_000);
  });

  test('may be dated by a service account, and by nobody else', async () => {
    const ada = person();
    const createdAt = '2007-12-11T10:24:00.000Z';
    expect((await create({ ...ada, service: 'import' }, { createdAt })).createdAt).toBe(createdAt);
    const refused = await posts.refusal(ada, CREATE_POST, {
      input: { text: 'Old', idempotencyKey: newKey(), createdAt },
    });
    expect(codeOf(refused)).toBe('FORBIDDEN');
  });
});

describe('what is refused stores nothing', () => {
  const ada = person();
  const future = new Date(Date.now() + 60_000).toISOString();
  const service = { ...person(), service: 'import' };
  const good = { text: 'A post', idempotencyKey: 'a-good-key' };
  test.each([
    ['empty text', ada, { text: '' }, 'BAD_USER_INPUT', 'input.text'],
    ['blank text', ada, { text: ' \n\t ' }, 'BAD_USER_INPUT', 'input.text'],
    ['long text', ada, { text: '🌍'.repeat(5001) }, 'BAD_USER_INPUT', 'input.text'],
    ['NUL', ada, { text: 'a\0b' }, 'BAD_USER_INPUT', 'input.text'],
    ['half a character', ada, { text: 'a\ud800b' }, 'BAD_USER_INPUT', 'input.text'],
    ['text of the wrong type', ada, { text: 5 }, 'BAD_USER_INPUT', undefined],
    ['a short key', ada, { idempotencyKey: 'short' }, 'BAD_USER_INPUT', 'idempotencyKey'],
    ['a long key', ada, { idempotencyKey: 'k'.repeat(65) }, 'BAD_USER_INPUT', 'idempotencyKey'],
    ['a malformed time', service, { createdAt: 'yesterday' }, 'BAD_USER_INPUT', 'DateTime'],
    ['a time to come', service, { createdAt: future }, 'BAD_USER_INPUT', 'input.createdAt'],
    ['a time too long ago', service, { createdAt: '0001-01-01T00:00:00Z' }, 'BAD_USER_INPUT', 'input.createdAt'],
    ['a forged attachment', ada, { attachments: ['x.y.z'] }, 'BAD_USER_INPUT', 'input.attachments'],
    ['an anonymous author', anonymous, {}, 'UNAUTHENTICATED', undefined],
    ['a service account for nobody', { ...anonymous, service: 'import' }, {}, 'UNAUTHENTICATED', undefined],
  ])('%s', async (_, viewer, input, code, field) => {
    const before = await posts.db.post.count();
    const error = await posts.refusal(viewer, CREATE_POST, { input: { ...good, ...input } });
    expect(error.extensions).toMatchObject({ code, ...(field !== undefined && { field }) });
    expect(await posts.db.post.count()).toBe(before);
    expect(await posts.db.idempotencyKey.count({ where: { viewerId: ada.userId } })).toBe(0);
  });

  test('a request without a viewer token', async () => {
    const response = await fetch(posts.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: CREATE_POST, variables: { input: good } }),
    });
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
  });
});

describe('attachments', () => {
  test('keep their order and are granted to the viewer who asks', async () => {
    const ada = person();
    const ids = [newId('med'), newId('med'), newId('med'), newId('med')];
    const tokens = await Promise.all(ids.map((id) => attachment(ada.userId, id)));
    const post = await create(ada, { text: '', attachments: tokens });
    const granted = await Promise.all(
      post.attachments.map(({ ref }) => verifyToken(testKeys.attachment, GRANT.typ, ref)),
    );
    expect(granted).toEqual(ids.map((id) => expect.objectContaining({ id, viewer: ada.userId })));

    const read = /* GraphQL */ `
      query ($id: ID!) {
        post(id: $id) {
          attachments {
            ref
          }
        }
      }
    `;
    const { post: seen } = await posts.ask<{ post: PostData }>(anonymous, read, { id: post.id });
    expect(await verifyToken(testKeys.attachment, GRANT.typ, seen.attachments[0]?.ref ?? '')).toMatchObject({
      id: ids[0],
      viewer: null,
    });
    expect((await posts.ask<{ post: PostData }>(anonymous, read, { id: post.id })).post).toEqual(seen);
  });

  test('must be the author’s own, genuine, fresh, four at most and each once', async () => {
    const ada = person();
    const mine = await attachment(ada.userId);
    const refused: string[][] = [
      [await attachment(person().userId)],
      [mine, mine],
      [await attachment(ada.userId, newId('med'), 'another-key-another-key-another-key')],
      [await attachment(ada.userId, newId('med'), testKeys.attachment, -1)],
      Array.from({ length: 5 }, () => mine),
    ];
    for (const attachments of refused) {
      const error = await posts.refusal(ada, CREATE_POST, {
        input: { text: 'x', idempotencyKey: newKey(), attachments },
      });
      expect(error.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'input.attachments' });
    }
    expect(await posts.db.post.count({ where: { authorId: ada.userId } })).toBe(0);
  });
});

describe('the same idempotency key', () => {
  test('and input give the same post again, also with attachment tokens made anew', async () => {
    const ada = person();
    const idempotencyKey = newKey();
    const id = newId('med');
    const first = await create(ada, { idempotencyKey, attachments: [await attachment(ada.userId, id)] });
    const again = await create(ada, { idempotencyKey, attachments: [await attachment(ada.userId, id, undefined, 90)] });
    expect(again.id).toBe(first.id);
    expect(await posts.db.outboxEvent.count({ where: { aggregate: first.id } })).toBe(1);
  });

  test('with another input is a conflict', async () => {
    const ada = person();
    const idempotencyKey = newKey();
    await create(ada, { idempotencyKey });
    const error = await posts.refusal(ada, CREATE_POST, { input: { text: 'Another', idempotencyKey } });
    expect(codeOf(error)).toBe('IDEMPOTENCY_CONFLICT');
  });

  test('used by two viewers makes two posts', async () => {
    const idempotencyKey = newKey();
    expect((await create(person(), { idempotencyKey })).id).not.toBe((await create(person(), { idempotencyKey })).id);
  });

  test('sent many times at once makes one post', async () => {
    const ada = person();
    const idempotencyKey = newKey();
    const ids = await Promise.all(Array.from({ length: 8 }, async () => (await create(ada, { idempotencyKey })).id));
    expect(new Set(ids).size).toBe(1);
    expect(await posts.db.post.count({ where: { authorId: ada.userId } })).toBe(1);
  });
});

describe('as an entity', () => {
  const ENTITIES = /* GraphQL */ `
    query ($representations: [_Any!]!) {
      _entities(representations: $representations) {
        ... on Post {
          id
          text
        }
        ... on Comment {
          id
        }
        ... on User {
          id
          postCount
        }
      }
    }
  `;

  test('a post is found by id or nodeId; missing, deleted and malformed are null, all in one statement', async () => {
    const post = await create();
    const deleted = await create();
    await posts.db.post.update({ where: { id: deleted.id }, data: { deletedAt: new Date() } });
    const representations = [
      { __typename: 'Post', id: post.id },
      { __typename: 'Post', nodeId: post.id },
      { __typename: 'Post', id: deleted.id },
      { __typename: 'Post', id: newId('pst') },
      { __typename: 'Post', id: 'pst_\0' },
      { __typename: 'Post', id: newId('cmt') },
      { __typename: 'User', id: 'usr_\0' },
    ];
    const statements = await posts.counter.during(async () => {
      const found = { id: post.id, text: 'A post' };
      expect(await posts.ask(anonymous, ENTITIES, { representations })).toEqual({
        _entities: [found, found, null, null, null, null, null],
      });
    });
    expect(statements).toHaveLength(1);
    expect(await posts.ask(viewerOf(post.author.id), READ, { id: deleted.id })).toEqual({ post: null });
  });

  test('a person needs no look-up', async () => {
    const ada = person();
    await create(ada);
    const nobody = person();
    const representations = [ada, nobody].map(({ userId: id }) => ({ __typename: 'User', id }));
    expect(await posts.ask(anonymous, ENTITIES, { representations })).toEqual({
      _entities: [
        { id: ada.userId, postCount: 1 },
        { id: nobody.userId, postCount: 0 },
      ],
    });
  });
});
