import { newId } from '@chorus/kit/ids';
import { viewerOf } from '@chorus/kit/testing';
import { anonymous, type Viewer } from '@chorus/kit/viewer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Fixture, importer, startFixture } from './fixture.ts';

type Person = Viewer & { userId: string };

let users: Fixture;
beforeAll(async () => {
  users = await startFixture();
});
afterAll(() => users.stop());

let made = 0;
const strangers = (count: number): Promise<Person[]> =>
  users.people(...Array.from({ length: count }, () => `person_${made++}`));
const three = async () => (await strangers(3)) as [Person, Person, Person];
const handleOf = async ({ userId }: Person) =>
  (await users.db.user.findUniqueOrThrow({ where: { id: userId } })).handle;

/** Every way by which users leads to a person. */
const WAYS = /* GraphQL */ `
  query ($id: ID!, $handle: String!, $friend: ID!) {
    byId: user(id: $id) {
      id
    }
    byHandle: user(handle: $handle) {
      id
    }
    node(id: $id) {
      nodeId
    }
    nodes(ids: [$id]) {
      nodeId
    }
    _entities(representations: [{ __typename: "User", id: $id }]) {
      ... on User {
        id
        createdAt
      }
    }
    friend: user(id: $friend) {
      followers {
        edges {
          node {
            id
          }
        }
      }
      following {
        edges {
          node {
            id
          }
        }
      }
    }
  }
`;
interface Ways {
  byId: unknown;
  byHandle: unknown;
  node: unknown;
  nodes: unknown[];
  _entities: unknown[];
  friend: Record<'followers' | 'following', { edges: { node: { id: string } | null }[] }>;
}

/** Whether the viewer sees the person: by all ways, or by none. */
async function sees(viewer: Viewer, person: Person, friend: Person): Promise<boolean> {
  const found = await users.ask<Ways>(viewer, WAYS, {
    id: person.userId,
    handle: await handleOf(person),
    friend: friend.userId,
  });
  const listed = (list: 'followers' | 'following') =>
    found.friend[list].edges.some(({ node }) => node === null || node.id === person.userId);
  const ways = [found.byId, found.byHandle, found.node, found.nodes[0], found._entities[0]].map((way) => way !== null);
  const all = [...ways, listed('followers'), listed('following')];
  expect(new Set(all).size, JSON.stringify(all)).toBe(1);
  return all[0] === true;
}

const counts = async ({ userId }: Person) =>
  (
    await users.ask<{ user: { followerCount: number; followingCount: number } }>(
      anonymous,
      'query ($id: ID!) { user(id: $id) { followerCount followingCount } }',
      { id: userId },
    )
  ).user;
const eventsOf = (aggregate: string) =>
  users.db.outboxEvent.findMany({
    where: { aggregate },
    orderBy: { id: 'asc' },
    select: { name: true, payload: true },
  });

describe('blocking', () => {
  test('makes two people invisible to each other, everywhere, and to nobody else', async () => {
    const [ann, ben, friend] = await three();
    for (const person of [ann, ben]) {
      await users.follow(person, friend.userId);
      await users.follow(friend, person.userId);
    }
    expect([await sees(ann, ben, friend), await sees(ben, ann, friend)]).toEqual([true, true]);
    await users.relate(ann, 'block', ben.userId);
    expect([await sees(ann, ben, friend), await sees(ben, ann, friend)]).toEqual([false, false]);
    for (const viewer of [friend, anonymous, importer]) {
      expect([await sees(viewer, ben, friend), await sees(viewer, ann, friend)]).toEqual([true, true]);
    }
    // A service account that acts for somebody sees what that person sees.
    expect(await sees({ ...ben, service: 'importer' }, ann, friend)).toBe(false);
    await users.relate(ann, 'unblock', ben.userId);
    expect([await sees(ann, ben, friend), await sees(ben, ann, friend)]).toEqual([true, true]);
  });

  test('leaves the card of a person where a room or a post names them, and nothing more', async () => {
    const [ann, ben] = await three();
    await users.relate(ann, 'block', ben.userId);
    const named = async (viewer: Viewer, fields: string) => {
      const reference = `_entities(representations: [{ __typename: "User", id: $id }])`;
      const more = 'fragment More on User { bio }';
      const query = `query ($id: ID!) { ${reference} { __typename ...Card ... on User { ${fields} } } }
        fragment Card on User { id handle } ${fields.includes('More') ? more : ''}`;
      return (await users.ask<{ _entities: unknown[] }>(viewer, query, { id: ann.userId }))._entities[0];
    };
    const card = { __typename: 'User', id: ann.userId, handle: await handleOf(ann), name: expect.any(String) };
    expect(await named(ben, 'name avatar { ref }')).toEqual({ ...card, avatar: null });
    for (const fields of ['name bio', 'name ...More', 'name viewer { blocks }']) {
      expect(await named(ben, fields)).toBeNull();
      expect(await named(anonymous, fields)).toMatchObject(card);
    }
  });

  test('a page of a list is full although some in it are hidden', async () => {
    const [hub, viewer, ...fans] = (await strangers(8)) as [Person, Person, ...Person[]];
    for (const fan of fans) await users.follow(fan, hub.userId);
    for (const fan of fans.slice(3, 6)) await users.relate(viewer, 'block', fan.userId);
    const { user } = await users.ask<{ user: { followers: Ways['friend']['followers'] } }>(
      viewer,
      'query ($id: ID!) { user(id: $id) { followers(first: 3) { edges { node { id } } } } }',
      { id: hub.userId },
    );
    expect(new Set(user.followers.edges.map(({ node }) => node?.id))).toEqual(
      new Set(fans.slice(0, 3).map(({ userId }) => userId)),
    );
  });

  test('ends following both ways, once, and an end of the block brings nothing back', async () => {
    const [ann, ben] = await three();
    await users.follow(ann, ben.userId);
    await users.follow(ben, ann.userId);
    for (const mutation of ['block', 'block', 'unblock', 'unblock']) await users.relate(ann, mutation, ben.userId);
    expect([await counts(ann), await counts(ben)]).toEqual([
      { followerCount: 0, followingCount: 0 },
      { followerCount: 0, followingCount: 0 },
    ]);
    expect(await eventsOf(`block:${ann.userId}:${ben.userId}`)).toEqual(
      [true, false].map((active) => ({
        name: 'block.changed',
        payload: { blockerId: ann.userId, blockedId: ben.userId, active },
      })),
    );
    for (const [one, other] of [
      [ann, ben],
      [ben, ann],
    ] as const) {
      expect(await eventsOf(`${one.userId}:${other.userId}`)).toMatchObject([
        { payload: { active: true } },
        { payload: { active: false } },
      ]);
    }
  });

  test('is told to who blocks, and to nobody else', async () => {
    const [ann, ben, friend] = await three();
    const state = '{ user { id viewer { blocks mutes follows isFollowedBy } } }';
    const none = { mutes: false, follows: false, isFollowedBy: false };
    const change = (mutation: string) => users.ask(ann, `mutation { ${mutation}(userId: "${ben.userId}") ${state} }`);
    expect(await change('block')).toEqual({ block: { user: { id: ben.userId, viewer: { blocks: true, ...none } } } });
    const OWN = '{ blockedUsers { edges { since node { id handle } } pageInfo { hasNextPage } } }';
    expect(await users.ask(ann, OWN)).toEqual({
      blockedUsers: {
        edges: [{ since: expect.any(String), node: { id: ben.userId, handle: await handleOf(ben) } }],
        pageInfo: { hasNextPage: false },
      },
    });
    for (const viewer of [ben, friend]) {
      expect(await users.ask(viewer, OWN)).toMatchObject({ blockedUsers: { edges: [] } });
    }
    expect((await users.refusal(anonymous, OWN)).code).toBe('UNAUTHENTICATED');
    expect(await change('unblock')).toEqual({
      unblock: { user: { id: ben.userId, viewer: { blocks: false, ...none } } },
    });
  });

  test('who is blocked can do nothing to the other, and is told what is told of nobody', async () => {
    const [ann, ben] = await three();
    await users.relate(ann, 'block', ben.userId);
    for (const mutation of ['follow', 'unfollow', 'block', 'unblock', 'mute', 'unmute']) {
      const ask = (userId: string) =>
        users.refusal(ben, `mutation ($id: ID!) { ${mutation}(userId: $id) { user { id } } }`, { id: userId });
      const refusal = await ask(ann.userId);
      expect(refusal).toMatchObject({ code: 'NOT_FOUND', field: 'userId' });
      expect(refusal, mutation).toEqual(await ask(newId('usr')));
    }
    // Nor does one follow whom one blocks.
    const FOLLOW = 'mutation ($id: ID!) { follow(userId: $id) { user { id } } }';
    expect((await users.refusal(ann, FOLLOW, { id: ben.userId })).code).toBe('NOT_FOUND');
  });

  test('the list of the blocked comes in pages, latest first', async () => {
    const [ann, ...others] = (await strangers(6)) as [Person, ...Person[]];
    for (const other of others) await users.relate(ann, 'block', other.userId);
    interface List {
      blockedUsers: {
        edges: { node: { id: string } }[];
        pageInfo: { hasNextPage: boolean; endCursor: string | null };
      };
    }
    const found: string[] = [];
    for (let after: string | null = null, more = true; more;) {
      const { blockedUsers }: List = await users.ask<List>(
        ann,
        'query ($after: String) { blockedUsers(first: 2, after: $after) { edges { node { id } } pageInfo { hasNextPage endCursor } } }',
        { after },
      );
      found.push(...blockedUsers.edges.map(({ node }) => node.id));
      after = blockedUsers.pageInfo.endCursor;
      more = blockedUsers.pageInfo.hasNextPage;
    }
    expect(found).toEqual(others.map(({ userId }) => userId).toReversed());
    const refusal = await users.refusal(ann, '{ blockedUsers(first: 101) { edges { cursor } } }');
    expect(refusal).toMatchObject({ code: 'BAD_USER_INPUT', field: 'first' });
  });

  test('while following, in whatever order: no follow stands across a block, and counts and events agree', async () => {
    const pairs = await Promise.all(Array.from({ length: 12 }, () => three()));
    // What is refused is refused because the block came first.
    const anyway = async (done: Promise<unknown>) => {
      const [result] = await Promise.allSettled([done]);
      if (result.status === 'rejected' && !String(result.reason).includes('NOT_FOUND')) throw result.reason;
    };
    await Promise.all(
      pairs.flatMap(([ann, ben, friend]) => [
        anyway(users.follow(ann, ben.userId)),
        anyway(users.follow(ben, ann.userId)),
        users.follow(friend, ben.userId),
        users.relate(ann, 'block', ben.userId),
        anyway(users.follow(ann, ben.userId)),
        anyway(users.follow(ben, ann.userId)),
      ]),
    );
    for (const [ann, ben] of pairs) {
      const edges = [ann, ben].map(({ userId }) => userId);
      expect(await users.db.follow.count({ where: { followerId: { in: edges }, followeeId: { in: edges } } })).toBe(0);
      expect(await counts(ann)).toEqual({ followerCount: 0, followingCount: 0 });
      expect(await counts(ben)).toEqual({ followerCount: 1, followingCount: 0 });
      for (const aggregate of [`${ann.userId}:${ben.userId}`, `${ben.userId}:${ann.userId}`]) {
        const active = (await eventsOf(aggregate)).map(({ payload }) => (payload as { active: boolean }).active);
        expect(active).toEqual(active.map((_, index) => index % 2 === 0));
        expect(active.at(-1) ?? false).toBe(false);
      }
    }
  });

  test('each other at once: one block stands, and the other finds nobody', async () => {
    const pairs = await Promise.all(Array.from({ length: 10 }, () => three()));
    const refused: string[] = [];
    const block = (one: Person, other: Person) =>
      users.relate(one, 'block', other.userId).catch((error: Error) => refused.push(error.message));
    await Promise.all(pairs.flatMap(([ann, ben]) => [block(ann, ben), block(ben, ann)]));
    expect(refused).toHaveLength(pairs.length);
    for (const message of refused) expect(message).toMatch('NOT_FOUND');
    expect(await users.db.block.count({ where: { blockerId: { in: pairs.flat().map(({ userId }) => userId) } } })).toBe(
      pairs.length,
    );
  });
});

describe('muting', () => {
  test('is the viewer’s own business: idempotent, listed, told by events', async () => {
    const [ann, ben, friend] = await three();
    await users.follow(ann, ben.userId);
    for (const mutation of ['mute', 'mute']) {
      expect(
        await users.ask(ann, `mutation { ${mutation}(userId: "${ben.userId}") { user { viewer { mutes follows } } } }`),
      ).toEqual({ mute: { user: { viewer: { mutes: true, follows: true } } } });
    }
    const OWN = '{ mutedUsers { edges { node { id } } } }';
    expect(await users.ask(ann, OWN)).toEqual({ mutedUsers: { edges: [{ node: { id: ben.userId } }] } });
    expect(await users.ask(ben, OWN)).toEqual({ mutedUsers: { edges: [] } });
    expect((await users.refusal(anonymous, OWN)).code).toBe('UNAUTHENTICATED');
    await users.follow(ben, friend.userId);
    await users.follow(friend, ben.userId);
    expect(await sees(ann, ben, friend)).toBe(true);
    expect(
      await users.ask(ben, `{ user(id: "${ann.userId}") { viewer { mutes blocks follows isFollowedBy } } }`),
    ).toEqual({ user: { viewer: { mutes: false, blocks: false, follows: false, isFollowedBy: true } } });

    // Muted and then blocked: hidden from this list as from all others.
    await users.relate(ann, 'block', ben.userId);
    expect(await users.ask(ann, OWN)).toEqual({ mutedUsers: { edges: [] } });
    await users.relate(ann, 'unblock', ben.userId);
    await users.relate(ann, 'unmute', ben.userId);
    await users.relate(ann, 'unmute', ben.userId);
    expect(await users.ask(ann, OWN)).toEqual({ mutedUsers: { edges: [] } });
    expect(await eventsOf(`mute:${ann.userId}:${ben.userId}`)).toEqual(
      [true, false].map((active) => ({
        name: 'mute.changed',
        payload: { muterId: ann.userId, mutedId: ben.userId, active },
      })),
    );
  });
});

test('both are refused for oneself, for nobody and without a viewer; nothing is stored', async () => {
  const [ann, ben] = await three();
  const stored = () => Promise.all([users.db.block.count(), users.db.mute.count(), users.db.outboxEvent.count()]);
  const before = await stored();
  for (const mutation of ['block', 'unblock', 'mute', 'unmute']) {
    const refusal = (viewer: Viewer, id: string) =>
      users.refusal(viewer, `mutation ($id: ID!) { ${mutation}(userId: $id) { user { id } } }`, { id });
    expect(await refusal(ann, ann.userId)).toMatchObject({ code: 'BAD_USER_INPUT', field: 'userId' });
    for (const nobody of [newId('usr'), newId('pst'), '', 'nul\0']) {
      expect(await refusal(ann, nobody)).toMatchObject({ code: 'NOT_FOUND', field: 'userId' });
    }
    for (const viewer of [anonymous, importer, viewerOf(newId('usr'))]) {
      expect((await refusal(viewer, ben.userId)).code).toBe('UNAUTHENTICATED');
    }
  }
  expect(await stored()).toEqual(before);
});

test('followers of 100 people with their counts and all that stands between them and the viewer: four statements, and who they are from the cache', async () => {
  const [hub, ...fans] = [...(await strangers(1)), ...(await strangers(100))] as [Person, ...Person[]];
  await Promise.all(fans.map((fan) => users.follow(fan, hub.userId)));
  await users.relate(hub, 'mute', fans[0]?.userId ?? '');
  const LIST = /* GraphQL */ `
    query ($id: ID!, $first: Int) {
      user(id: $id) {
        followers(first: $first) {
          totalCount
          edges {
            node {
              handle
              followerCount
              followingCount
              viewer {
                isSelf
                follows
                isFollowedBy
                blocks
                mutes
              }
            }
          }
        }
      }
    }
  `;
  const statements = (first: number) => users.warm(() => users.ask(hub, LIST, { id: hub.userId, first }));
  expect(await statements(1)).toHaveLength(4);
  expect(await statements(100)).toHaveLength(4);
});
