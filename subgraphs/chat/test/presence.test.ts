import { settle } from '@chorus/kit/testing';
import type { Viewer } from '@chorus/kit/viewer';
import { beforeAll, expect, test } from 'vitest';
import { someone, useChat } from './harness.ts';

// Short, so that who goes without a word is missed within the time of a test.
const TTL = { PRESENCE_TTL_MS: '1500' };
const chat = useChat(TTL);
let socket: ReturnType<typeof chat.subscriptions>;
beforeAll(() => {
  socket = chat.subscriptions();
});

const PRESENCE = 'subscription ($userIds: [ID!]!) { presence(userIds: $userIds) { user { id } isOnline } }';
const LIVE = 'subscription ($roomId: ID!) { roomEvents(roomId: $roomId) { __typename } }';

/** What somebody is told of others, as it comes. */
async function watch(viewer: Viewer, ...others: { userId: string }[]) {
  const userIds = others.map(({ userId }) => userId);
  const changes = await socket.subscribe<{ presence: { user: { id: string }; isOnline: boolean } }>(viewer, PRESENCE, {
    userIds,
  });
  const told: [who: number, isOnline: boolean][] = [];
  void (async () => {
    for await (const { data } of changes) {
      if (data) told.push([userIds.indexOf(data.presence.user.id), data.presence.isOnline]);
    }
  })().catch(() => 'its process has ended');
  return { told, close: () => changes.return?.() };
}

/** Holds a room's events; resolves once that shows to the one who shares it. */
async function come(viewer: Viewer, roomId: string, on = socket) {
  const events = await on.subscribe(viewer, LIVE, { roomId });
  events.next().catch(() => 'its process has ended');
  return { go: () => events.return?.() };
}

/** Three people in one room. */
async function three() {
  const [ann, ben, cat] = [someone(), someone(), someone()] as const;
  const { id: roomId } = await chat.createRoom(ann, [ben, cat]);
  return { ann, ben, cat, roomId };
}

test('who is there already is told at once, and each change once; two streams of one person are one presence', async () => {
  const { ann, ben, cat, roomId } = await three();
  const first = await come(ben, roomId);
  const { told } = await watch(ann, ben, cat);
  await settle(() => told.length === 1);
  const second = await come(ben, roomId);
  const other = await come(cat, roomId);
  await settle(() => told.length === 2);
  await first.go();
  await second.go();
  await settle(() => told.length === 3);
  await other.go();
  await settle(() => told.length === 4);
  expect(told).toEqual([
    [0, true],
    [1, true],
    [0, false],
    [1, false],
  ]);
});

test('a page that is loaded again is no change', async () => {
  const { ann, ben, cat, roomId } = await three();
  const { told } = await watch(ann, ben, cat);
  const before = await come(ben, roomId);
  await settle(() => told.length === 1);
  await before.go();
  await come(ben, roomId);
  // Longer than a lingering would take: whoever comes and goes after it is told of.
  const other = await come(cat, roomId);
  await settle(() => told.length === 2);
  await other.go();
  await settle(() => told.length === 3);
  expect(told).toEqual([
    [0, true],
    [1, true],
    [1, false],
  ]);
});

test('is seen by who shares a room or follows and is followed, and by nobody else', async () => {
  const { ben, roomId } = await three();
  const [stranger, fan, friend] = [someone(), someone(), someone()];
  await chat.follows(fan, ben);
  await chat.follows(friend, ben);
  await chat.follows(ben, friend);
  await come(ben, roomId);
  const [byStranger, byFan, byFriend] = await Promise.all([watch(stranger, ben), watch(fan, ben), watch(friend, ben)]);
  await settle(() => byFriend.told.length === 1);
  // Each is told of themselves, and so has been answered.
  for (const [viewer, watched] of [
    [stranger, byStranger],
    [fan, byFan],
  ] as const) {
    const own = await watch(viewer, viewer, ben);
    const { id } = await chat.createRoom(viewer);
    await come(viewer, id);
    await settle(() => own.told.length > 0);
    expect(own.told).toEqual([[0, true]]);
    expect(watched.told).toEqual([]);
  }
});

test('never across a block, in either direction, also one that comes later', async () => {
  for (const turn of ['blocks', 'is blocked'] as const) {
    const { ann, ben, cat, roomId } = await three();
    await come(ben, roomId);
    await come(cat, roomId);
    const { told } = await watch(ann, ben, cat);
    await settle(() => told.length === 2);
    await (turn === 'blocks' ? chat.blocks(ann, ben) : chat.blocks(ben, ann));
    await settle(() => told.length === 3);
    expect(told[2]).toEqual([0, false]);
    const later = await watch(ann, ben, cat);
    await settle(() => later.told.length > 0);
    expect(later.told).toEqual([[1, true]]);
  }
});

test('is one of all processes, and ends when a process ends, or dies without a word', async () => {
  const { ann, ben, roomId } = await three();
  const other = await chat.start(TTL);
  const there = chat.subscriptions(other.url);
  const { told } = await watch(ann, ben);
  await come(ben, roomId, there);
  await settle(() => told.length === 1);
  const here = await come(ben, roomId);
  await other.stop();
  await here.go();
  await settle(() => told.length === 2);
  expect(told).toEqual([
    [0, true],
    [0, false],
  ]);
  // As a process that is killed leaves it: nobody takes the heartbeat back.
  await chat.redis().zadd(`chorus:presence:${ben.userId}`, Date.now() + 1000, 'a process that is gone');
  const late = await watch(ann, ben);
  await settle(() => late.told.length === 2);
  expect(late.told).toEqual([
    [0, true],
    [0, false],
  ]);
});

test('two hundred people at most, and nobody who is not signed in', async () => {
  const ann = someone();
  const refusal = async (viewer: Viewer, userIds: string[]) => {
    const { value } = await (await socket.subscribe(viewer, PRESENCE, { userIds })).next();
    return value.errors?.[0]?.extensions?.['code'];
  };
  const many = Array.from({ length: 201 }, () => someone().userId);
  expect(await refusal(ann, many)).toBe('BAD_USER_INPUT');
  expect(await refusal({ ...ann, userId: null }, [])).toBe('UNAUTHENTICATED');
  const nobody = await watch(ann, { userId: 'nobody' }, { userId: 'nul\0' }, someone());
  await nobody.close();
  expect(nobody.told).toEqual([]);
});
