import { newId } from '@chorus/kit/ids';
import { settle } from '@chorus/kit/testing';
import { anonymous, type Viewer } from '@chorus/kit/viewer';
import { beforeAll, expect, test } from 'vitest';
import { LEAVE, someone, useChat } from './harness.ts';

const chat = useChat({ TYPING_TTL_MS: '1500', HEAD_CHECK_MS: '1000' });
let socket: ReturnType<typeof chat.subscriptions>;
beforeAll(() => {
  socket = chat.subscriptions();
});

const TYPING = 'subscription ($roomId: ID!) { typing(roomId: $roomId) { user { id } isTyping } }';
const SET =
  'mutation ($roomId: ID!, $isTyping: Boolean!) { setTyping(roomId: $roomId, isTyping: $isTyping) { roomId } }';

async function watch(viewer: Viewer, roomId: string) {
  const changes = await socket.subscribe<{ typing: { user: { id: string }; isTyping: boolean } }>(viewer, TYPING, {
    roomId,
  });
  const told: [userId: string, isTyping: boolean][] = [];
  const watched = { told, ended: false };
  void (async () => {
    for await (const { data } of changes) if (data) told.push([data.typing.user.id, data.typing.isTyping]);
    watched.ended = true;
  })();
  return watched;
}
const type = (viewer: Viewer, roomId: string, isTyping = true) => chat.ask(viewer, SET, { roomId, isTyping });
/** Types again and again until it shows: a subscription may only just be beginning. */
const typeUntil = (viewer: Viewer, roomId: string, shows: () => boolean) =>
  settle(async () => {
    await type(viewer, roomId);
    return shows();
  });

test('is told when it begins and ceases, not in between, and never to oneself', async () => {
  const [ann, ben] = [someone(), someone()];
  const { id: roomId } = await chat.createRoom(ann, [ben]);
  const [byAnn, byBen] = await Promise.all([watch(ann, roomId), watch(ben, roomId)]);
  await typeUntil(ben, roomId, () => byAnn.told.length > 0);
  await type(ben, roomId);
  await type(ben, roomId, false);
  await settle(() => byAnn.told.length > 1);
  // Said once and not again: it ceases by itself.
  await type(ben, roomId);
  await settle(() => byAnn.told.length > 3);
  expect(byAnn.told).toEqual([
    [ben.userId, true],
    [ben.userId, false],
    [ben.userId, true],
    [ben.userId, false],
  ]);
  expect(byBen.told).toEqual([]);
  expect(await chat.rows('select 1 from room_event where kind not in ($1)', ['MEMBER_JOINED'])).toEqual([]);
});

test('ends when the membership does, and shows nobody from whom a block parts', async () => {
  const [ann, ben, cat] = [someone(), someone(), someone()];
  const { id: roomId } = await chat.createRoom(ann, [ben, cat]);
  await chat.blocks(ann, ben);
  const [byAnn, byBen, byCat] = await Promise.all([watch(ann, roomId), watch(ben, roomId), watch(cat, roomId)]);
  await typeUntil(ben, roomId, () => byCat.told.length > 0);
  await typeUntil(ann, roomId, () => byCat.told.length > 1);
  await typeUntil(cat, roomId, () => byAnn.told.length > 0 && byBen.told.length > 0);
  const [seenByAnn, seenByBen] = [byAnn, byBen].map(({ told }) => told.map(([id]) => id));
  expect(new Set(seenByAnn)).toEqual(new Set([cat.userId]));
  expect(new Set(seenByBen)).toEqual(new Set([cat.userId]));
  await chat.ask(cat, LEAVE, { roomId });
  await settle(() => byCat.ended);
});

test('neither told nor seen without being a member', async () => {
  const [ann, stranger] = [someone(), someone()];
  const { id: roomId } = await chat.createRoom(ann);
  const seen = async (viewer: Viewer, id: string) => {
    const { value } = await (await socket.subscribe(viewer, TYPING, { roomId: id })).next();
    return value.errors?.[0]?.extensions?.['code'];
  };
  for (const id of [roomId, newId('rom'), newId('usr'), '', 'nul\0']) {
    expect(await chat.refusal(stranger, SET, { roomId: id, isTyping: true })).toBe('NOT_FOUND roomId');
    expect(await seen(stranger, id)).toBe('NOT_FOUND');
  }
  expect(await chat.refusal(anonymous, SET, { roomId, isTyping: true })).toBe('UNAUTHENTICATED');
  expect(await seen(anonymous, roomId)).toBe('UNAUTHENTICATED');
});
