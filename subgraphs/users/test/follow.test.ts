import { newId } from '@chorus/kit/ids';
import { settle, viewerOf } from '@chorus/kit/testing';
import { anonymous, type Viewer } from '@chorus/kit/viewer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Fixture, importer, startFixture } from './fixture.ts';

type Person = Viewer & { userId: string };

let users: Fixture;
beforeAll(async () => {
  users = await startFixture();
});
afterAll(() => users.stop());

const COUNTS = 'query ($id: ID!) { user(id: $id) { followerCount followingCount } }';
const counts = async (id: string) =>
  (await users.ask<{ user: { followerCount: number; followingCount: number } }>(anonymous, COUNTS, { id })).user;

let made = 0;
/** People nobody has met yet. */
const strangers = (count: number): Promise<Person[]> =>
  users.people(...Array.from({ length: count }, () => `person_${made++}`));
const two = async () => (await strangers(2)) as [Person, Person];
const eventsOf = (follower: Person, followee: Person) =>
  users.db.outboxEvent.findMany({
    where: { aggregate: `${follower.userId}:${followee.userId}` },
    orderBy: { id: 'asc' },
  });

describe('following', () => {
  const FOLLOW = /* GraphQL */ `
    mutation ($userId: ID!) {
      follow(userId: $userId) {
        user {
          id
          followerCount
          viewer {
            follows
            isFollowedBy
            isSelf
          }
        }
      }
    }
  `;
  const UNFOLLOW = FOLLOW.replace('follow(', 'unfollow(');

  test('once is as good as twice, and so is unfollowing', async () => {
    const [ann, ben] = await two();
    const answer = (followerCount: number, follows: boolean) => ({
      user: { id: ben.userId, followerCount, viewer: { follows, isFollowedBy: false, isSelf: false } },
    });
    const variables = { userId: ben.userId };
    expect(await users.ask(ann, FOLLOW, variables)).toEqual({ follow: answer(1, true) });
    expect(await users.ask(ann, FOLLOW, variables)).toEqual({ follow: answer(1, true) });
    expect(await counts(ann.userId)).toEqual({ followerCount: 0, followingCount: 1 });
    expect(await users.ask(ann, UNFOLLOW, variables)).toEqual({ unfollow: answer(0, false) });
    expect(await users.ask(ann, UNFOLLOW, variables)).toEqual({ unfollow: answer(0, false) });
    expect(await counts(ann.userId)).toEqual({ followerCount: 0, followingCount: 0 });

    const events = await eventsOf(ann, ben);
    expect(events).toMatchObject(
      [true, false].map((active) => ({
        name: 'follow.changed',
        payload: { followerId: ann.userId, followeeId: ben.userId, active, since: expect.any(String) },
      })),
    );
  });

  test('each change in one operation is answered as it then stands', async () => {
    const [ann, ben] = await two();
    const fields = `(userId: "${ben.userId}") { user { followerCount viewer { follows } } }`;
    expect(await users.ask(ann, `mutation { a: follow${fields} b: unfollow${fields} c: follow${fields} }`)).toEqual({
      a: { user: { followerCount: 1, viewer: { follows: true } } },
      b: { user: { followerCount: 0, viewer: { follows: false } } },
      c: { user: { followerCount: 1, viewer: { follows: true } } },
    });
  });

  test('is refused for oneself, for nobody and without a viewer; nothing is stored', async () => {
    const [ann, ben] = await two();
    const before = [await users.db.follow.count(), await users.db.outboxEvent.count()];
    for (const mutation of [FOLLOW, UNFOLLOW]) {
      const refusal = (viewer: Viewer, userId: unknown) => users.refusal(viewer, mutation, { userId });
      expect(await refusal(ann, ann.userId)).toMatchObject({ code: 'BAD_USER_INPUT', field: 'userId' });
      for (const nobody of [newId('usr'), newId('pst'), '', 'usr_1', 'nul\0', 'x'.repeat(100_000)]) {
        expect(await refusal(ann, nobody)).toMatchObject({ code: 'NOT_FOUND', field: 'userId' });
      }
      expect((await refusal(ann, null)).code).toBe('BAD_USER_INPUT');
      expect((await refusal(ann, { id: ben.userId })).code).toBe('BAD_USER_INPUT');
      for (const viewer of [anonymous, importer, viewerOf(newId('usr'))]) {
        expect((await refusal(viewer, ben.userId)).code).toBe('UNAUTHENTICATED');
      }
    }
    expect([await users.db.follow.count(), await users.db.outboxEvent.count()]).toEqual(before);
  });

  test('by a service account is done for the person it acts for', async () => {
    const [ann, ben] = await two();
    await users.follow({ ...ann, service: 'importer' }, ben.userId);
    expect(await counts(ann.userId)).toEqual({ followerCount: 0, followingCount: 1 });
  });

  test('a hundred at once are all counted', async () => {
    const [hub, ...fans] = (await strangers(100)) as [Person, ...Person[]];
    await Promise.all(fans.map((fan) => users.follow(fan, hub.userId)));
    expect(await counts(hub.userId)).toEqual({ followerCount: 99, followingCount: 0 });
    // Both ways at once, and some change their minds. A person may follow 60 a minute, a service account more for them.
    await Promise.all([
      ...fans.map((fan) => users.follow({ ...hub, service: 'importer' }, fan.userId)),
      ...fans.slice(0, 50).map((fan) => users.unfollow(fan, hub.userId)),
    ]);
    expect(await counts(hub.userId)).toEqual({ followerCount: 49, followingCount: 99 });
    const slots = await users.db.followCounter.findMany({ where: { userId: hub.userId } });
    expect(slots.length).toBeGreaterThan(4);
    expect(slots.length).toBeLessThanOrEqual(16);
  });

  test('one pair back and forth at once: truth, counter and the highest version agree', async () => {
    const [ann, ben] = await two();
    await Promise.all(
      Array.from({ length: 60 }, (_, turn) => (turn % 2 === 0 ? users.follow : users.unfollow)(ann, ben.userId)),
    );
    const stands = await users.db.follow.count({ where: { followerId: ann.userId, followeeId: ben.userId } });
    expect((await counts(ben.userId)).followerCount).toBe(stands);
    const events = await eventsOf(ann, ben);
    const active = events.map(({ payload }) => (payload as { active: boolean }).active);
    // In the order of their versions they take turns: each was numbered while its change held the row.
    expect(active).toEqual(active.map((_, index) => index % 2 === 0));
    expect(active.at(-1) ?? false).toBe(stands === 1);
  });

  test('events reach the stream', async () => {
    const [ann, ben] = await two();
    await users.follow(ann, ben.userId);
    const [event] = await eventsOf(ann, ben);
    const fields = await settle(async () => {
      const entries = await users.redis.xrange('chorus:events:users', '-', '+');
      return entries.find(([, entry]) => entry.includes(event?.aggregate ?? ''))?.[1];
    });
    expect(fields.slice(0, 6)).toEqual([
      'name',
      'follow.changed',
      'aggregate',
      `${ann.userId}:${ben.userId}`,
      'version',
      String(event?.id),
    ]);
  });
});

describe('lists', () => {
  let hub: Person;
  let fans: Person[];
  beforeAll(async () => {
    [hub, ...fans] = (await strangers(8)) as [Person, ...Person[]];
    for (const fan of fans) {
      await users.follow(fan, hub.userId);
      await users.follow(hub, fan.userId);
    }
    // Three begin in the same millisecond: the id decides between them.
    const same = new Date('2026-01-01T00:00:00.500Z');
    await users.db.follow.updateMany({
      where: { followeeId: hub.userId, followerId: { in: fans.slice(0, 3).map(({ userId }) => userId) } },
      data: { createdAt: same },
    });
  });

  const LIST = /* GraphQL */ `
    query ($id: ID!, $first: Int, $after: String, $last: Int, $before: String) {
      user(id: $id) {
        followers(first: $first, after: $after, last: $last, before: $before) {
          totalCount
          edges {
            cursor
            followedAt
            node {
              id
            }
          }
          pageInfo {
            hasNextPage
            hasPreviousPage
            startCursor
            endCursor
          }
        }
      }
    }
  `;
  interface List {
    user: {
      followers: {
        totalCount: number;
        edges: { cursor: string; followedAt: string; node: { id: string } | null }[];
        pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string; endCursor: string };
      };
    };
  }
  const list = async (args: object) =>
    (await users.ask<List>(anonymous, LIST, { id: hub.userId, ...args })).user.followers;
  const idsOf = ({ edges }: Awaited<ReturnType<typeof list>>) => edges.map(({ node }) => node?.id);

  test('forward and backward, page by page, latest first', async () => {
    const all = await list({});
    expect(all.totalCount).toBe(7);
    const positions = all.edges.map(({ followedAt, node }) => `${followedAt} ${node?.id}`);
    expect(positions).toEqual(positions.toSorted().toReversed());
    expect(new Set(idsOf(all))).toEqual(new Set(fans.map(({ userId }) => userId)));
    expect(all.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: false });

    const forward: (string | undefined)[] = [];
    for (let after: string | null = null, more = true; more;) {
      const page = await list({ first: 2, after });
      forward.push(...idsOf(page));
      after = page.pageInfo.endCursor;
      more = page.pageInfo.hasNextPage;
    }
    expect(forward).toEqual(idsOf(all));

    const backward: (string | undefined)[] = [];
    for (let before: string | null = null, more = true; more;) {
      const page = await list({ last: 3, before });
      backward.unshift(...idsOf(page));
      before = page.pageInfo.startCursor;
      more = page.pageInfo.hasPreviousPage;
    }
    expect(backward).toEqual(idsOf(all));
    expect((await list({ first: 0 })).edges).toEqual([]);
  });

  test('a cursor outlives its row', async () => {
    const [first, second] = (await list({ first: 2 })).edges;
    const gone = fans.find(({ userId }) => userId === first?.node?.id);
    if (gone === undefined) throw new Error('the first page has a fan');
    await users.unfollow(gone, hub.userId);
    expect((await list({ first: 1, after: first?.cursor })).edges[0]?.node).toEqual(second?.node);
    await users.follow(gone, hub.userId);
  });

  test('what is not a page of this list is refused', async () => {
    const refusal = (args: object) => users.refusal(anonymous, LIST, { id: hub.userId, ...args });
    for (const args of [{ first: 101 }, { first: -1 }, { last: 101 }, { first: 1, last: 1 }]) {
      expect((await refusal(args)).code).toBe('BAD_USER_INPUT');
    }
    const { user } = await users.ask<{ user: { following: { pageInfo: { endCursor: string } } } }>(
      anonymous,
      'query ($id: ID!) { user(id: $id) { following(first: 1) { pageInfo { endCursor } } } }',
      { id: hub.userId },
    );
    for (const after of [user.following.pageInfo.endCursor, 'nonsense', '', '😀']) {
      expect((await refusal({ after })).code).toBe('CURSOR_INVALID');
    }
  });

  test('whom a person follows, and who they are to the viewer', async () => {
    const [fan] = fans as [Person];
    await users.unfollow(hub, fan.userId);
    const { me } = await users.ask<{
      me: { following: { edges: { node: { id: string; viewer: object } }[] }; viewer: object };
    }>(
      fan,
      '{ me { viewer { isSelf follows isFollowedBy } following { totalCount edges { node { id viewer { isSelf follows isFollowedBy } } } } } }',
    );
    expect(me).toEqual({
      viewer: { isSelf: true, follows: false, isFollowedBy: false },
      following: {
        totalCount: 1,
        edges: [{ node: { id: hub.userId, viewer: { isSelf: false, follows: true, isFollowedBy: false } } }],
      },
    });
    expect(await users.ask(anonymous, `{ user(id: "${hub.userId}") { viewer { follows } } }`)).toEqual({
      user: { viewer: null },
    });
    await users.follow(hub, fan.userId);
  });

  test('take as many statements for many people as for few', async () => {
    const ids = [hub, ...fans].map(({ userId }) => userId);
    const NESTED = /* GraphQL */ `
      query ($ids: [ID!]!, $first: Int) {
        nodes(ids: $ids) {
          ... on User {
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
                  }
                }
              }
            }
          }
        }
      }
    `;
    const statements = (some: string[], first: number) =>
      users.warm(() => users.ask(hub, NESTED, { ids: some, first }));
    // The page, its total, the counts of the people in it, their relations; who they are is cached.
    expect(await statements([hub.userId], 1)).toHaveLength(4);
    expect(await statements([hub.userId], 50)).toHaveLength(4);
    expect((await statements(ids, 50)).length).toBeLessThanOrEqual(4);
    const onlyTotal = await users.warm(() =>
      users.ask(hub, 'query ($ids: [ID!]!) { nodes(ids: $ids) { ... on User { followers { totalCount } } } }', { ids }),
    );
    expect(onlyTotal).toHaveLength(1);
    const noTotal = await users.warm(() =>
      users.ask(hub, 'query ($ids: [ID!]!) { nodes(ids: $ids) { ... on User { followers { edges { cursor } } } } }', {
        ids,
      }),
    );
    expect(noTotal).toHaveLength(1);
  });
});
