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

const close = async (person: Person, isPrivate = true) =>
  users.ask(person, 'mutation ($p: Boolean!) { updateProfile(input: { isPrivate: $p }) { user { isPrivate } } }', {
    p: isPrivate,
  });
const between = async (viewer: Viewer, { userId }: Person) =>
  (
    await users.ask<{ user: { viewer: object } }>(
      viewer,
      'query ($id: ID!) { user(id: $id) { viewer { follows isFollowedBy followRequested isFollowRequestedBy } } }',
      { id: userId },
    )
  ).user.viewer;
const nothing = { follows: false, isFollowedBy: false, followRequested: false, isFollowRequestedBy: false };
const followerCount = async ({ userId }: Person) =>
  (await users.ask<{ user: { followerCount: number } }>(anonymous, `{ user(id: "${userId}") { followerCount } }`)).user
    .followerCount;
const list = async (viewer: Viewer, name: string): Promise<(string | undefined)[]> => {
  const data = await users.ask<Record<string, { edges: { node: { id: string } | null }[] }>>(
    viewer,
    `{ ${name} { edges { since node { id } } } }`,
  );
  return (data[name]?.edges ?? []).map(({ node }) => node?.id);
};

describe('a private account', () => {
  test('is asked, and accepts, rejects or hears no more of it', async () => {
    const [ann, ben, eve] = await three();
    expect(await close(ben)).toEqual({ updateProfile: { user: { isPrivate: true } } });
    for (const fan of [ann, ann, eve]) await users.follow(fan, ben.userId);
    expect(await between(ann, ben)).toEqual({ ...nothing, followRequested: true });
    expect(await between(ben, ann)).toEqual({ ...nothing, isFollowRequestedBy: true });
    expect(await list(ben, 'followRequests')).toEqual([eve.userId, ann.userId]);
    expect(await list(ann, 'sentFollowRequests')).toEqual([ben.userId]);
    expect([await list(ann, 'followRequests'), await list(ben, 'sentFollowRequests')]).toEqual([[], []]);
    expect(await followerCount(ben)).toBe(0);

    for (const _ of [1, 2]) await users.relate(ben, 'acceptFollowRequest', ann.userId);
    expect(await between(ann, ben)).toEqual({ ...nothing, follows: true });
    for (const _ of [1, 2]) await users.relate(ben, 'rejectFollowRequest', eve.userId);
    expect(await between(eve, ben)).toEqual(nothing);
    expect(await followerCount(ben)).toBe(1);
    for (const mutation of ['cancelFollowRequest', 'unfollow']) {
      await users.follow(eve, ben.userId);
      for (const _ of [1, 2]) await users.relate(eve, mutation, ben.userId);
      expect(await between(eve, ben)).toEqual(nothing);
    }
    const ACCEPT = 'mutation ($id: ID!) { acceptFollowRequest(userId: $id) { user { id } } }';
    expect(await users.refusal(ben, ACCEPT, { id: eve.userId })).toMatchObject({ code: 'NOT_FOUND', field: 'userId' });
    expect(await list(ben, 'followRequests')).toEqual([]);

    // What was accepted is taken back by the follower, or by the account.
    await users.relate(ann, 'cancelFollowRequest', ben.userId);
    expect(await between(ann, ben)).toEqual({ ...nothing, follows: true });
    for (const _ of [1, 2]) await users.relate(ben, 'removeFollower', ann.userId);
    expect(await between(ann, ben)).toEqual(nothing);
    expect(await followerCount(ben)).toBe(0);
    expect(
      await users.db.outboxEvent.findMany({
        where: { aggregate: `${ann.userId}:${ben.userId}` },
        orderBy: { id: 'asc' },
      }),
    ).toMatchObject([{ payload: { active: true } }, { payload: { active: false } }]);
  });

  test('accepts only for itself', async () => {
    const [ann, ben, eve] = await three();
    await close(ben);
    await users.follow(ann, ben.userId);
    const ACCEPT = 'mutation ($id: ID!) { acceptFollowRequest(userId: $id) { user { id } } }';
    for (const [viewer, other] of [
      [ann, ben],
      [eve, ben],
      [eve, ann],
    ] as const) {
      expect((await users.refusal(viewer, ACCEPT, { id: other.userId })).code).toBe('NOT_FOUND');
    }
    for (const mutation of ['removeFollower', 'acceptFollowRequest', 'rejectFollowRequest', 'cancelFollowRequest']) {
      const refusal = (viewer: Viewer, id: string) =>
        users.refusal(viewer, `mutation ($id: ID!) { ${mutation}(userId: $id) { user { id } } }`, { id });
      expect(await refusal(ann, ann.userId)).toMatchObject({ code: 'BAD_USER_INPUT', field: 'userId' });
      expect((await refusal(ann, newId('usr'))).code).toBe('NOT_FOUND');
      for (const viewer of [anonymous, importer, viewerOf(newId('usr'))]) {
        expect((await refusal(viewer, ben.userId)).code).toBe('UNAUTHENTICATED');
      }
    }
    for (const name of ['followRequests', 'sentFollowRequests']) {
      expect((await users.refusal(anonymous, `{ ${name} { edges { cursor } } }`)).code).toBe('UNAUTHENTICATED');
    }
    expect(await between(ann, ben)).toEqual({ ...nothing, followRequested: true });
  });

  test('keeps its followers when closed, and opened is followed at once', async () => {
    const [ann, ben, eve] = await three();
    await users.follow(ann, ben.userId);
    await close(ben);
    expect(await between(ann, ben)).toEqual({ ...nothing, follows: true });
    await users.follow(eve, ben.userId);
    await close(ben, false);
    expect(await between(eve, ben)).toEqual({ ...nothing, followRequested: true });
    await users.follow(eve, ben.userId);
    expect(await between(eve, ben)).toEqual({ ...nothing, follows: true });
    expect(await list(ben, 'followRequests')).toEqual([]);
    expect(await followerCount(ben)).toBe(2);
  });

  test('tells others when it is closed or opened, once', async () => {
    const [ann] = await three();
    for (const isPrivate of [false, true, true, false]) await close(ann, isPrivate);
    const events = await users.db.outboxEvent.findMany({
      where: { aggregate: `privacy:${ann.userId}` },
      orderBy: { id: 'asc' },
      select: { name: true, payload: true },
    });
    expect(events).toEqual(
      [true, false].map((isPrivate) => ({ name: 'privacy.changed', payload: { userId: ann.userId, isPrivate } })),
    );
    const UPDATE = 'mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) { user { id } } }';
    expect(await users.refusal(ann, UPDATE, { input: { isPrivate: null } })).toMatchObject({
      code: 'BAD_USER_INPUT',
      field: 'input.isPrivate',
    });
  });

  test('shows its lists to itself and its followers; its card and counts to all', async () => {
    const [ann, ben, eve] = await three();
    await users.follow(ann, ben.userId);
    await users.follow(ben, eve.userId);
    await close(ben);
    const LISTS = /* GraphQL */ `
      query ($id: ID!) {
        user(id: $id) {
          isPrivate
          followerCount
          followers {
            totalCount
            edges {
              cursor
            }
          }
          following {
            edges {
              cursor
            }
          }
        }
      }
    `;
    const seen = async (viewer: Viewer) => {
      const { user } = await users.ask<{
        user: { followerCount: number; followers: { edges: unknown[] }; following: { edges: unknown[] } };
      }>(viewer, LISTS, { id: ben.userId });
      expect(user).toMatchObject({ isPrivate: true, followerCount: 1, followers: { totalCount: 1 } });
      return [user.followers.edges.length, user.following.edges.length];
    };
    for (const viewer of [ann, ben]) expect(await seen(viewer)).toEqual([1, 1]);
    for (const viewer of [eve, anonymous]) expect(await seen(viewer)).toEqual([0, 0]);
  });

  test('drops requests both ways with a block', async () => {
    const [ann, ben] = await three();
    await close(ann);
    await close(ben);
    await users.follow(ann, ben.userId);
    await users.follow(ben, ann.userId);
    await users.relate(ann, 'block', ben.userId);
    const ACCEPT = 'mutation ($id: ID!) { acceptFollowRequest(userId: $id) { user { id } } }';
    for (const [viewer, other] of [
      [ann, ben],
      [ben, ann],
    ] as const) {
      expect((await users.refusal(viewer, ACCEPT, { id: other.userId })).code).toBe('NOT_FOUND');
      expect([await list(viewer, 'followRequests'), await list(viewer, 'sentFollowRequests')]).toEqual([[], []]);
    }
    await users.relate(ann, 'unblock', ben.userId);
    expect(await between(ann, ben)).toEqual(nothing);
  });
});

test('accepted and taken back at the same moment: one of them wins, and all agree which', async () => {
  const pairs = await Promise.all(Array.from({ length: 15 }, () => three()));
  for (const [ann, ben] of pairs) {
    await close(ben);
    await users.follow(ann, ben.userId);
  }
  const outcomes = await Promise.all(
    pairs.map(async ([ann, ben], index) => {
      const accept = () => users.relate(ben, 'acceptFollowRequest', ann.userId);
      const cancel = () => users.relate(ann, 'cancelFollowRequest', ben.userId);
      const both = index % 2 === 0 ? [accept(), cancel()] : [cancel(), accept()].toReversed();
      const [accepted, cancelled] = await Promise.allSettled(both);
      expect(cancelled?.status).toBe('fulfilled');
      return accepted?.status === 'fulfilled';
    }),
  );
  for (const [index, [ann, ben]] of pairs.entries()) {
    const accepted = outcomes[index] === true;
    expect(await between(ann, ben)).toEqual({ ...nothing, follows: accepted });
    expect(await followerCount(ben)).toBe(accepted ? 1 : 0);
    expect(await users.db.outboxEvent.count({ where: { aggregate: `${ann.userId}:${ben.userId}` } })).toBe(
      accepted ? 1 : 0,
    );
  }
});

test('a hundred ask the same account at once, and are accepted at once', async () => {
  const [hub] = await three();
  const fans = await strangers(100);
  await close(hub);
  await Promise.all(fans.map((fan) => users.follow(fan, hub.userId)));
  expect(await users.db.followRequest.count({ where: { targetId: hub.userId } })).toBe(100);
  await Promise.all(fans.map((fan) => users.relate(hub, 'acceptFollowRequest', fan.userId)));
  expect(await followerCount(hub)).toBe(100);
  expect(await users.db.followRequest.count({ where: { targetId: hub.userId } })).toBe(0);
});
