import { anonymous, type Viewer } from '@chorus/kit/viewer';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Fixture, startFixture } from './fixture.ts';

type Person = Viewer & { userId: string };

let users: Fixture;
beforeAll(async () => {
  users = await startFixture();
});
afterAll(() => users.stop());

const SUGGESTED = 'query ($first: Int) { suggestedUsers(first: $first) { followedByCount user { handle } } }';
const suggested = async (viewer: Viewer, first?: number) =>
  (
    await users.ask<{ suggestedUsers: { followedByCount: number; user: { handle: string } | null }[] }>(
      viewer,
      SUGGESTED,
      { first },
    )
  ).suggestedUsers.map(({ followedByCount, user }) => `${user?.handle} ${followedByCount}`);

test('are those whom most of the viewer’s followees follow, but for whom the viewer has to do with already', async () => {
  const names = ['viewer', 'friend_1', 'friend_2', 'friend_3', 'star', 'known', 'muted', 'blocked', 'blocker', 'asked'];
  const people = new Map((await users.people(...names)).map((person, index) => [names[index], person]));
  const who = (name: string): Person => {
    const person = people.get(name);
    if (person === undefined) throw new Error(name);
    return person;
  };
  const me = who('viewer');
  expect(await suggested(me)).toEqual([]);
  const friends = ['friend_1', 'friend_2', 'friend_3'];
  for (const friend of friends) await users.follow(me, who(friend).userId);
  const others = names.slice(4);
  for (const friend of friends) {
    for (const other of others) if (other !== 'known') await users.follow(who(friend), who(other).userId);
    await users.follow(who(friend), me.userId);
  }
  await users.follow(who('friend_1'), who('known').userId);
  await users.follow(who('friend_1'), who('friend_2').userId);
  expect(new Set(await suggested(me))).toEqual(
    new Set(['star 3', 'muted 3', 'blocked 3', 'blocker 3', 'asked 3', 'known 1']),
  );

  await users.relate(me, 'mute', who('muted').userId);
  await users.relate(me, 'block', who('blocked').userId);
  await users.relate(who('blocker'), 'block', me.userId);
  await users.ask(who('asked'), 'mutation { updateProfile(input: { isPrivate: true }) { user { id } } }');
  await users.follow(me, who('asked').userId);
  expect(await suggested(me)).toEqual(['star 3', 'known 1']);
  expect(await suggested(me, 1)).toEqual(['star 3']);
  expect(await users.warm(() => suggested(me, 50))).toHaveLength(1);
  await users.follow(me, who('star').userId);
  expect(await suggested(me)).toEqual(['known 1']);
});

test('are for somebody, and few', async () => {
  expect((await users.refusal(anonymous, SUGGESTED)).code).toBe('UNAUTHENTICATED');
  const [ann] = await users.people('ann');
  for (const first of [-1, 51]) {
    expect(await users.refusal(ann ?? anonymous, SUGGESTED, { first })).toMatchObject({
      code: 'BAD_USER_INPUT',
      field: 'first',
    });
  }
});
