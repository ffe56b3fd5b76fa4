/** Accounts that are hidden, and such that are to be erased. */
import { newId } from '@chorus/kit/ids';
import { publishEvent, settle } from '@chorus/kit/testing';
import { anonymous, type Viewer } from '@chorus/kit/viewer';
import type { Events } from '@chorus/schema/events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  attachment,
  codeOf,
  CREATE_COMMENT,
  CREATE_POST,
  type Fixture,
  newKey,
  person,
  startFixture,
} from './fixture.ts';

let posts: Fixture;
beforeAll(async () => {
  posts = await startFixture();
});
afterAll(() => posts.stop());

type Person = Viewer & { userId: string };
let version = 1_000_000n;
type State = Events['account.changed']['state'];

/** Users' event of an account's state, without waiting. */
const tell = (userId: string, state: State, { erasureId, at = ++version }: { erasureId?: string; at?: bigint } = {}) =>
  publishEvent(posts.redis, {
    name: 'account.changed',
    aggregate: `account:${userId}`,
    version: at,
    payload: { userId, state, changedAt: new Date().toISOString(), ...(erasureId !== undefined && { erasureId }) },
  });
const become = async ({ userId }: Person, state: State) => {
  await tell(userId, state);
  await settle(() => posts.db.accountState.findFirst({ where: { accountId: userId, state } }), { what: 'the state' });
};
const confirmations = (erasureId: string) => posts.db.outboxEvent.findMany({ where: { aggregate: erasureId } });
/** Has an account erased, and waits for the confirmation. */
const erase = async ({ userId }: Person, erasureId = newId('del')): Promise<string> => {
  const before = (await confirmations(erasureId)).length;
  await tell(userId, 'DELETED', { erasureId });
  await settle(async () => (await confirmations(erasureId)).length > before, { what: 'the confirmation' });
  return erasureId;
};
/** All events of users that were published have been applied. */
const applied = async () => {
  const marker = person();
  await become(marker, 'DEACTIVATED');
};
const like = (viewer: Viewer, id: string) =>
  posts.ask(viewer, 'mutation ($id: ID!) { likePost(postId: $id) { post { likeCount } } }', { id });
const countsOf = async (id: string) =>
  (await posts.ask<{ post: object }>(person(), 'query ($id: ID!) { post(id: $id) { likeCount commentCount } }', { id }))
    .post;
const tables = async (): Promise<string> => {
  const names = await posts.db.$queryRaw<{ name: string }[]>`
    select table_name as name from information_schema.tables where table_schema = 'public'`;
  expect(names.length).toBeGreaterThan(10);
  const rows = names.map(({ name }) => posts.db.$queryRawUnsafe(`select to_jsonb(t)::text as row from "${name}" t`));
  return JSON.stringify(await Promise.all(rows));
};

describe('what a hidden account wrote', () => {
  test('is nowhere to be seen, and is there again when the account is', async () => {
    const [ann, ben, cat] = [person(), person(), person()];
    const [hidden, open] = [await posts.post(ann, { text: 'From Ann' }), await posts.post(ben)];
    const comment = await posts.comment(ann, open);
    await posts.comment(ben, hidden);
    await posts.follows(cat, ann);
    await posts.follows(cat, ben);
    const reads: [string, object][] = [
      ['query ($id: ID!) { post(id: $id) { id } }', { id: hidden }],
      [
        'query ($id: ID!) { _entities(representations: [{ __typename: "Post", id: $id }]) { ... on Post { id } } }',
        { id: hidden },
      ],
      [
        'query ($id: ID!) { _entities(representations: [{ __typename: "Post", nodeId: $id }]) { ... on Post { id } } }',
        { id: hidden },
      ],
      [
        'query ($id: ID!) { _entities(representations: [{ __typename: "Comment", id: $id }]) { ... on Comment { id } } }',
        { id: comment },
      ],
      [
        'query ($id: ID!) { _entities(representations: [{ __typename: "User", id: $id }]) { ... on User { posts { edges { node { id } } } } } }',
        { id: ann.userId },
      ],
      ['query ($id: ID!) { post(id: $id) { comments { edges { node { id } } } } }', { id: open }],
      ['{ homeTimeline { edges { node { id } } } }', {}],
    ];
    const answers = async (viewer: Viewer) => {
      const mine = reads.filter(([document]) => viewer.userId !== null || !document.includes('homeTimeline'));
      return Promise.all(
        mine.map(async ([document, variables]) => JSON.stringify(await posts.ask(viewer, document, { ...variables }))),
      );
    };
    const seen = new RegExp(`"id":"(${hidden}|${comment})"`);
    for (const state of ['DEACTIVATED', 'ACTIVE', 'DELETED'] as const) {
      await become(ann, state);
      for (const viewer of [anonymous, cat]) {
        for (const answer of await answers(viewer)) {
          expect(seen.test(answer)).toBe(state === 'ACTIVE');
        }
      }
    }
    expect(
      await codeOfRefusal(ben, 'mutation ($id: ID!) { likePost(postId: $id) { post { id } } }', { id: hidden }),
    ).toBe('NOT_FOUND');
    const input = { postId: hidden, text: 'Still there?', idempotencyKey: newKey() };
    expect(await codeOfRefusal(ben, CREATE_COMMENT, { input })).toBe('NOT_FOUND');
  });

  test('costs no statement more to leave out', async () => {
    const [ann, ben] = [person(), person()];
    const id = await posts.post(ann);
    await posts.comment(ben, id);
    const read = () =>
      posts.ask(ben, 'query ($id: ID!) { post(id: $id) { comments { edges { node { id } } } } }', { id });
    expect(await posts.counter.during(read)).toHaveLength(3);
  });
});

const codeOfRefusal = async (viewer: Viewer, document: string, variables: Record<string, unknown>) =>
  codeOf(await posts.refusal(viewer, document, variables));

const writes: [string, (viewer: Person, postId: string) => Promise<unknown>][] = [
  ['posting', async (viewer) => codeOfRefusal(viewer, CREATE_POST, { input: { text: 'a', idempotencyKey: newKey() } })],
  [
    'commenting',
    (viewer, postId) =>
      codeOfRefusal(viewer, CREATE_COMMENT, { input: { postId, text: 'a', idempotencyKey: newKey() } }),
  ],
  [
    'liking',
    (viewer, id) => codeOfRefusal(viewer, 'mutation ($id: ID!) { likePost(postId: $id) { post { id } } }', { id }),
  ],
];
describe.each(writes)('%s', (_, write) => {
  test('is refused to whose account is closed, whatever the access token says, also once it is erased', async () => {
    const postId = await posts.post(person());
    const ann = person();
    for (const state of ['DEACTIVATED', 'DELETED'] as const) {
      await become(ann, state);
      expect(await write(ann, postId)).toBe('UNAUTHENTICATED');
    }
    await erase(ann);
    expect(await write(ann, postId)).toBe('UNAUTHENTICATED');
  });
});

describe('erasing an account', () => {
  test('leaves nothing of it in any table, sets the counts of others right, and confirms once all is done', async () => {
    const [ann, ben, eve] = [person(), person(), person()];
    const media = newId('med');
    const own = await posts.post(ann, { text: 'Secret one', attachments: [await attachment(ann.userId, media)] });
    const others = await posts.post(ben, { text: 'By Ben' });
    await posts.comment(ann, others, 'Secret two');
    await posts.comment(eve, others, 'By Eve');
    await posts.comment(eve, own, 'Under a secret');
    for (const fan of [ann, eve]) await like(fan, others);
    await like(eve, own);
    await posts.follows(ann, ben);
    await posts.follows(ben, ann);
    await posts.blocks(ann, eve);
    await posts.mutes(eve, ann);
    await posts.privacy(ann);
    expect(await tables()).toContain(ann.userId);

    const erasureId = await erase(ann);
    expect(await countsOf(others)).toEqual({ likeCount: 1, commentCount: 1 });
    const left = await tables();
    for (const trace of [ann.userId, own, media, 'Secret', 'Under a']) expect(left).not.toContain(trace);
    for (const kept of ['By Ben', 'By Eve', eve.userId]) expect(left).toContain(kept);
    expect((await confirmations(erasureId)).map(({ name, payload }) => ({ name, payload }))).toEqual([
      { name: 'posts.account.erased', payload: { erasureId } },
    ]);
  });

  test('goes on until nothing is left, however much there is', async () => {
    const [ann, ben] = [person(), person()];
    const post = await posts.post(ben);
    await posts.db.$executeRaw`
      insert into comment (id, post_id, author_id, text)
      select 'cmt_' || md5(n::text), ${post}, ${ann.userId}, 'A flood' from generate_series(1, 2500) as n`;
    await posts.db.$executeRaw`
      insert into post_counter (post_id, slot, comments)
      select ${post}, ('x' || right(id, 1))::bit(4)::int, count(*) from comment where post_id = ${post} group by 1, 2`;
    await posts.comment(ben, post);
    await erase(ann);
    expect(await tables()).not.toContain('A flood');
    expect(await countsOf(post)).toEqual({ likeCount: 0, commentCount: 1 });
  });

  test('waits for a write that began before, and takes what it wrote', async () => {
    const ann = person();
    const id = newId('pst');
    const erasureId = newId('del');
    const committed = await posts.db.$transaction(
      async (tx) => {
        await tx.$executeRaw`insert into post (id, author_id, text) values (${id}, ${ann.userId}, 'Slow')`;
        await tell(ann.userId, 'DELETED', { erasureId });
        const noticed = () => posts.db.accountState.findFirst({ where: { erasureId, noticedAt: { not: null } } });
        await settle(noticed, { what: 'the erasure' });
        return true;
      },
      { timeout: 15_000 },
    );
    expect(committed).toBe(true);
    await settle(async () => (await confirmations(erasureId)).length === 1, { what: 'the confirmation' });
    expect(await tables()).not.toContain(ann.userId);
  });

  test('is confirmed again when it is told again, and what comes late or twice brings nothing back', async () => {
    const [ann, ben] = [person(), person()];
    const early = ++version;
    const erasureId = await erase(ann);
    await tell(ann.userId, 'ACTIVE', { at: early });
    await tell(ann.userId, 'ACTIVE');
    await tell(ann.userId, 'DELETED');
    const since = new Date().toISOString();
    const [a, b] = [ann.userId, ben.userId];
    for (const [x, y] of [
      [a, b],
      [b, a],
    ] as const) {
      await publishEvent(posts.redis, {
        name: 'follow.changed',
        aggregate: `${x}:${y}`,
        version: ++version,
        payload: { followerId: x, followeeId: y, active: true, since },
      });
      await publishEvent(posts.redis, {
        name: 'block.changed',
        aggregate: `block:${x}:${y}`,
        version: ++version,
        payload: { blockerId: x, blockedId: y, active: true },
      });
      await publishEvent(posts.redis, {
        name: 'mute.changed',
        aggregate: `mute:${x}:${y}`,
        version: ++version,
        payload: { muterId: x, mutedId: y, active: true },
      });
    }
    await publishEvent(posts.redis, {
      name: 'privacy.changed',
      aggregate: `privacy:${a}`,
      version: ++version,
      payload: { userId: a, isPrivate: true },
    });
    await applied();
    expect(await tables()).not.toContain(a);
    await erase(ann, erasureId);
    expect(await tables()).not.toContain(a);
    expect((await confirmations(erasureId)).length).toBe(2);
  });
});
