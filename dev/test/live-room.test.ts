/** Rooms held through the SDK, on a stack of real processes of its own, over connections that break. */
import { settle } from '@chorus/kit/testing';
import {
  AcceptInvitationDocument,
  BanFromRoomDocument,
  BlockDocument,
  DeleteMessageDocument,
  EditMessageDocument,
  InviteToRoomDocument,
  LeaveRoomDocument,
  ReactToMessageDocument,
  RemoveFromRoomDocument,
  RemoveReactionDocument,
  RoomEventsDocument,
  RoomSnapshotDocument,
  UnblockDocument,
} from '@chorus/sdk';
import { beforeAll, expect, test } from 'vitest';
import { createRoom, expectFresh, hold, isLive, key, type Person, say, texts, useRooms } from './live-room-fixture.ts';

const { somebody } = useRooms();

let ada: Person;
let bob: Person;
beforeAll(async () => {
  [ada, bob] = [await somebody(), await somebody()];
});

test('what one sends both see; its echo is there at once and gives way to the message, exactly one', async () => {
  const roomId = await createRoom(ada, bob);
  const [{ room: hers }, { room: his }] = [hold(ada, roomId), hold(bob, roomId)];
  await Promise.all([isLive(hers), isLive(his)]);
  const shown = new Set<number>();
  const sent: Promise<unknown>[] = [];
  hers.subscribe(() => {
    const { messages, pending } = hers.state;
    const echoes = [...messages, ...pending].filter(({ text }) => text === 'Hi Bob');
    if (sent.length > 0) shown.add(echoes.length);
  });
  sent.push(hers.send('Hi Bob'));
  expect(hers.state.pending).toMatchObject([{ text: 'Hi Bob', status: 'sending' }]);
  await sent[0];
  await settle(() => texts(his).includes('Hi Bob') && texts(hers).includes('Hi Bob'));
  expect(shown).toEqual(new Set([1]));
  expect(hers.state.pending).toEqual([]);
  await expectFresh(ada, roomId, hers);
  await expectFresh(bob, roomId, his);
  hers.close();
  expect(hers.state.connection).toEqual({ status: 'ended', reason: 'CLOSED' });
  his.close();
});

test('what happens to messages happens in every view, with the viewer’s own reactions in theirs', async () => {
  const roomId = await createRoom(ada, bob);
  const ids = [await say(ada, roomId, 'one'), await say(ada, roomId, 'two'), await say(bob, roomId, 'three')] as const;
  const [{ room: hers }, { room: his }] = [hold(ada, roomId), hold(bob, roomId)];
  await Promise.all([isLive(hers), isLive(his)]);
  const react = (person: Person, messageId: string, emoji: string) =>
    person.client.request(ReactToMessageDocument, { messageId, emoji });
  await react(ada, ids[0], '👍');
  await react(bob, ids[0], '👍');
  await react(bob, ids[0], '🎉');
  await ada.client.request(RemoveReactionDocument, { messageId: ids[0], emoji: '👍' });
  await ada.client.request(EditMessageDocument, { input: { messageId: ids[1], text: 'two!', clientId: key() } });
  await bob.client.request(DeleteMessageDocument, { messageId: ids[2] });
  for (const [person, room] of [[ada, hers] as const, [bob, his] as const]) {
    await settle(() => room.state.messages.at(-1)?.deletedAt != null);
    await expectFresh(person, roomId, room);
  }
  expect(hers.state.messages[0]?.reactions).toEqual([
    { emoji: '👍', count: 1, viewerHasReacted: false },
    { emoji: '🎉', count: 1, viewerHasReacted: false },
  ]);
  expect(his.state.messages[0]?.reactions).toEqual([
    { emoji: '👍', count: 1, viewerHasReacted: true },
    { emoji: '🎉', count: 1, viewerHasReacted: true },
  ]);
  hers.close();
  his.close();
});

test(
  'sockets and requests cut again and again: each event once, in order, each message once',
  { timeout: 60_000 },
  async () => {
    const roomId = await createRoom(ada, bob);
    const [{ room: hers, seqs: herSeqs }, { room: his, seqs: hisSeqs }] = [hold(ada, roomId), hold(bob, roomId)];
    await Promise.all([isLive(hers), isLive(his)]);
    const from = his.state.lastSeq;
    let stored = 0;
    const sending = Promise.all(
      Array.from({ length: 20 }, async (_, n) => {
        const message = await hers.send(`m${n}`);
        stored++;
        return message;
      }),
    );
    const attempts = () => [hers.diagnostics.subscriptions, his.diagnostics.subscriptions];
    while (stored < 20) {
      const [before, tried] = [stored, attempts()];
      ada.way.cut();
      bob.way.cut();
      // Each has tried again, and something came through.
      await settle(() => stored === 20 || (stored > before && attempts().every((count, n) => count > (tried[n] ?? 0))));
    }
    const sent = await sending;
    await settle(() => his.state.lastSeq === from + 20 && hers.state.lastSeq === from + 20);
    expect(texts(his)).toEqual(Array.from({ length: 20 }, (_, n) => `m${n}`));
    expect(sent.map(({ seq }) => seq)).toEqual(Array.from({ length: 20 }, (_, n) => from + 1 + n));
    expect(hisSeqs).toEqual(sent.map(({ seq }) => seq));
    expect(herSeqs).toEqual(hisSeqs);
    expect(his.diagnostics.subscriptions).toBeGreaterThan(2);
    expect(his.diagnostics).toMatchObject({ resets: 0, duplicates: 0, gaps: 0 });
    expect(hers.state.pending).toEqual([]);
    await expectFresh(bob, roomId, his);
    hers.close();
    his.close();
  },
);

test('who was away longer than events are kept fetches the room, and has what a fresh query says', async () => {
  const roomId = await createRoom(ada, bob);
  for (let n = 0; n < 3; n++) await say(ada, roomId, `before ${n}`);
  const { room: his } = hold(bob, roomId);
  await isLive(his);
  bob.way.shut();
  await settle(() => his.state.connection.status === 'reconnecting');
  for (let n = 0; n < 60; n++) await say(ada, roomId, `away ${n}`);
  bob.way.open();
  await settle(() => texts(his).at(-1) === 'away 59');
  expect(his.diagnostics).toMatchObject({ resets: 1, snapshots: 2, gaps: 0 });
  await expectFresh(bob, roomId, his);

  // What is older is loaded page by page, also while the newest goes on.
  expect(his.state.messages).toHaveLength(50);
  const loading = his.loadOlder();
  await say(ada, roomId, 'meanwhile');
  expect(await loading).toBe(false);
  await settle(() => texts(his).at(-1) === 'meanwhile');
  expect(texts(his)).toEqual([
    ...Array.from({ length: 3 }, (_, n) => `before ${n}`),
    ...Array.from({ length: 60 }, (_, n) => `away ${n}`),
    'meanwhile',
  ]);
  await expectFresh(bob, roomId, his);
  his.close();
});

test('the oldest messages give way to new ones, and can be loaded again though the window has slid on', async () => {
  const roomId = await createRoom(ada);
  const room = ada.client.subscribeRoom(roomId, { keep: 5 });
  await isLive(room);
  for (let n = 0; n < 60; n++) await say(ada, roomId, `m${n}`);
  await settle(() => texts(room).at(-1) === 'm59');
  expect(texts(room)).toEqual(['m55', 'm56', 'm57', 'm58', 'm59']);
  expect(room.state.hasOlder).toBe(true);
  while (await room.loadOlder());
  expect(texts(room)).toEqual(Array.from({ length: 60 }, (_, n) => `m${n}`));
  room.close();
});

test('who leaves hears nothing more over the open socket, and can come back', async () => {
  const roomId = await createRoom(ada, bob);
  const { room: hers } = hold(ada, roomId);
  const { room: his, seqs } = hold(bob, roomId);
  await Promise.all([isLive(hers), isLive(his)]);
  await hers.send('one');
  await settle(() => texts(his).includes('one'));
  const heard = [...seqs];
  await bob.client.request(LeaveRoomDocument, { roomId });
  await hers.send('behind his back');
  await settle(() => his.state.connection.status === 'ended');
  expect(his.state.connection).toEqual({ status: 'ended', reason: 'NOT_A_MEMBER' });
  expect(seqs).toEqual(heard);
  await expect(his.send('Am I still there?')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  expect(his.state.pending).toMatchObject([{ status: 'failed' }]);
  his.discard(his.state.pending[0]?.clientId ?? '');
  expect(his.state.pending).toEqual([]);

  await ada.client.request(InviteToRoomDocument, { roomId, userIds: [bob.id] });
  await bob.client.request(AcceptInvitationDocument, { roomId });
  const { room: again } = hold(bob, roomId);
  await isLive(again);
  await hers.send('welcome back');
  await settle(() => texts(again).at(-1) === 'welcome back');
  await expectFresh(bob, roomId, again);
  await expectFresh(ada, roomId, hers);
  hers.close();
  again.close();
});

test('who is blocked has a face in the rooms of both, told live or asked for', async () => {
  const roomId = await createRoom(ada, bob);
  await ada.client.request(BlockDocument, { userId: bob.id });
  const { room: hers } = hold(ada, roomId);
  await isLive(hers);
  await say(bob, roomId, 'live');
  await settle(() => texts(hers).includes('live'));
  expect(hers.state.messages[0]?.author).toMatchObject({ id: bob.id, handle: expect.any(String) });
  expect(hers.state.members).toHaveLength(2);
  await expectFresh(ada, roomId, hers);
  hers.close();
  await ada.client.request(UnblockDocument, { userId: bob.id });
});

type Departure = { roomId: string; userId: string };
test.each([
  ['removed', (which: Departure) => ada.client.request(RemoveFromRoomDocument, which)],
  ['banned', (which: Departure) => ada.client.request(BanFromRoomDocument, which)],
])('who is %s hears nothing more, and does not try again', async (_, end) => {
  const [roomId, otherId] = [await createRoom(ada, bob), await createRoom(bob)];
  const [{ room: hers }, { room: his, seqs }, { room: other }] = [
    hold(ada, roomId),
    hold(bob, roomId),
    hold(bob, otherId),
  ];
  await Promise.all([isLive(hers), isLive(his), isLive(other)]);
  await hers.send('one');
  await settle(() => texts(his).includes('one'));
  const heard = [...seqs];
  await end({ roomId, userId: bob.id });
  await hers.send('behind his back');
  await settle(() => his.state.connection.status === 'ended');
  const ended = { connection: { status: 'ended', reason: 'NOT_A_MEMBER' } };
  const { state } = his;
  expect(state).toMatchObject(ended);
  // His other room comes back over a new socket, and goes on; the one that ended does neither.
  const attempts = { ...his.diagnostics };
  bob.way.cut();
  await settle(() => other.diagnostics.subscriptions > 1);
  await isLive(other);
  await hers.send('behind his back again');
  await other.send('still here');
  await settle(() => texts(other).includes('still here'));
  expect(his.state).toBe(state);
  expect(his.diagnostics).toEqual(attempts);
  expect(seqs).toEqual(heard);
  expect(texts(his)).toEqual(['one']);

  const { room: again } = hold(bob, roomId);
  await settle(() => again.state.connection.status === 'ended');
  expect(again.state).toMatchObject({ ...ended, room: null, messages: [] });
  for (const room of [hers, other]) room.close();
});

test('iterating gives the newest state after changes, and ends with the room; a stranger’s ends at once', async () => {
  const roomId = await createRoom(ada);
  const { room } = hold(ada, roomId);
  const seen: (string | undefined)[] = [];
  const iterating = (async () => {
    for await (const state of room) {
      seen.push(state.messages.at(-1)?.text);
      if (state.messages.at(-1)?.text === 'last') room.close();
    }
  })();
  await room.send('first');
  await room.send('last').catch(() => 'closed before it was known');
  await iterating;
  expect(seen[0]).toBeUndefined();
  expect(seen.at(-1)).toBe('last');

  const strange = bob.client.subscribeRoom(roomId);
  await settle(() => strange.state.connection.status === 'ended');
  expect(strange.state).toMatchObject({ connection: { reason: 'NOT_A_MEMBER' }, room: null, messages: [] });
});

test('cursors that are forged or foreign are refused, those of the future or too old reset', async () => {
  const [roomId, otherId] = [await createRoom(ada), await createRoom(ada)];
  const cursorOf = async (id: string) =>
    (await ada.client.request(RoomSnapshotDocument, { roomId: id, last: 1 })).room?.eventCursor ?? '';
  const cursor = await cursorOf(roomId);
  const first = async (after: string) => {
    for await (const { roomEvents } of ada.client.subscribe(RoomEventsDocument, { roomId, after })) return roomEvents;
    return null;
  };
  for (const after of ['forged', '', await cursorOf(otherId)]) {
    await expect(first(after)).rejects.toMatchObject({ code: 'CURSOR_INVALID' });
  }
  const [list, epoch] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[];
  const future = Buffer.from(JSON.stringify([list, epoch, 1000])).toString('base64url');
  expect(await first(future)).toMatchObject({ __typename: 'RoomReset' });
  for (let n = 0; n < 51; n++) await say(ada, roomId, `m${n}`);
  expect(await first(cursor)).toMatchObject({ __typename: 'RoomReset' });
});
