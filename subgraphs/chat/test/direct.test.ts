import { newId } from '@chorus/kit/ids';
import { createSubgraphClient } from '@chorus/kit/testing';
import { anonymous, type Viewer } from '@chorus/kit/viewer';
import { beforeAll, expect, test } from 'vitest';
import { asService, key, LEAVE, SEND, someone, useChat } from './harness.ts';

const chat = useChat({ HEAD_CHECK_MS: '600000' });
let socket: ReturnType<typeof chat.subscriptions>;
beforeAll(() => {
  socket = chat.subscriptions();
});

type Someone = ReturnType<typeof someone>;
const OPEN = 'mutation ($userId: ID!) { openDirectRoom(userId: $userId) { room { id eventCursor } } }';
const ACCEPT = 'mutation ($roomId: ID!) { acceptMessageRequest(roomId: $roomId) { room { id memberCount } } }';
const DECLINE = 'mutation ($roomId: ID!) { declineMessageRequest(roomId: $roomId) { roomId } }';

const open = async (viewer: Viewer, { userId }: Someone) =>
  (await chat.ask<{ openDirectRoom: { room: { id: string; eventCursor: string } } }>(viewer, OPEN, { userId }))
    .openDirectRoom.room;
const listed = async (viewer: Viewer, list: 'rooms' | 'messageRequests') => {
  const data = await chat.ask<Record<string, { edges: { node: { id: string } }[] }>>(
    viewer,
    `{ ${list} { edges { node { id } } } }`,
  );
  return data[list]?.edges.map(({ node }) => node.id);
};
const DETAILS = `query ($id: ID!) { room(id: $id) {
  kind name viewerRole peer { id } memberCount request { state requester { id } requestedAt }
  members { edges { node { id } } } messages { edges { node { text } } }
} }`;
const details = async (viewer: Viewer, id: string) =>
  (await chat.ask<{ room: Record<string, unknown> | null }>(viewer, DETAILS, { id })).room;
const requests = (roomId: string) =>
  chat.rows(`select payload from outbox_event where aggregate = $1 order by id`, [`request:${roomId}`]);

/** Two people of whom the second follows the first, and so is no stranger. */
async function friends(): Promise<[Someone, Someone]> {
  const [ada, bob] = [someone(), someone()];
  await chat.follows(bob, ada);
  return [ada, bob];
}

test('two people have one room, whoever opens it, as often as they like', async () => {
  const [ada, bob] = await friends();
  const { id } = await open(ada, bob);
  expect((await open(bob, ada)).id).toBe(id);
  expect((await open(ada, bob)).id).toBe(id);
  expect(await details(ada, id)).toMatchObject({
    kind: 'DIRECT',
    name: null,
    viewerRole: 'MEMBER',
    peer: { id: bob.userId },
    memberCount: 2,
    request: null,
  });
  expect(await details(bob, id)).toMatchObject({ peer: { id: ada.userId } });
  expect(await details(someone(), id)).toBeNull();
  // Opened and never used it is in nobody's list but the opener's.
  expect([await listed(ada, 'rooms'), await listed(bob, 'rooms')]).toEqual([[id], []]);
  await chat.send(ada, id, 'hello');
  expect(await listed(bob, 'rooms')).toEqual([id]);
});

test('opened by both at once, many times, it is still one', async () => {
  const [ada, bob] = await friends();
  const rooms = await Promise.all(
    Array.from({ length: 10 }, (_, n) => (n % 2 === 0 ? open(ada, bob) : open(bob, ada))),
  );
  expect(new Set(rooms.map(({ id }) => id)).size).toBe(1);
  expect(await chat.rows('select id from room where created_by = any($1)', [[ada.userId, bob.userId]])).toHaveLength(1);
});

test('to a stranger it is a request: a few messages, seen by them in their requests, until they accept', async () => {
  const [ada, bob] = [someone(), someone()];
  const { id, eventCursor } = await open(ada, bob);
  expect([await listed(bob, 'messageRequests'), await details(bob, id)]).toEqual([[], null]);
  const input = { roomId: id, text: 'first', clientId: key() };
  await chat.ask(ada, SEND, { input });
  await chat.ask(ada, SEND, { input });
  await chat.send(ada, id, 'second');
  await chat.send(ada, id, 'third');
  expect(await chat.refusal(ada, SEND, { input: { ...input, clientId: key() } })).toBe('FORBIDDEN');
  expect([await listed(ada, 'rooms'), await listed(ada, 'messageRequests')]).toEqual([[id], []]);
  expect([await listed(bob, 'rooms'), await listed(bob, 'messageRequests')]).toEqual([[], [id]]);
  expect(await details(bob, id)).toMatchObject({
    viewerRole: null,
    members: null,
    memberCount: 1,
    request: { state: 'PENDING', requester: { id: ada.userId }, requestedAt: expect.any(String) },
    messages: { edges: ['first', 'second', 'third'].map((text) => ({ node: { text } })) },
  });
  // What was asked is not yet answered by writing, nor heard live.
  expect(await chat.refusal(bob, SEND, { input: { ...input, clientId: key() } })).toBe('NOT_FOUND input.roomId');

  const events = await socket.subscribe<{ roomEvents: { __typename: string } }>(
    ada,
    'subscription ($id: ID!, $after: String) { roomEvents(roomId: $id, after: $after) { __typename } }',
    { id, after: eventCursor },
  );
  expect(await chat.ask(bob, ACCEPT, { roomId: id })).toEqual({
    acceptMessageRequest: { room: { id, memberCount: 2 } },
  });
  const heard = [];
  for (let n = 0; n < 4; n++) heard.push((await events.next()).value?.data?.roomEvents.__typename);
  expect(heard).toEqual(['MessageCreated', 'MessageCreated', 'MessageCreated', 'MemberJoined']);
  await chat.send(bob, id, 'hello');
  await chat.send(ada, id, 'fourth');
  expect([await listed(bob, 'rooms'), await listed(bob, 'messageRequests')]).toEqual([[id], []]);
  expect(await details(ada, id)).toMatchObject({ request: null });
  await chat.ask(bob, ACCEPT, { roomId: id });

  const payload = { roomId: id, requesterId: ada.userId, recipientId: bob.userId, since: expect.any(String) };
  expect(await requests(id)).toEqual([
    { payload: { ...payload, active: true } },
    { payload: { ...payload, active: false } },
  ]);
});

test('ten messages of a request at once are three', async () => {
  const [ada, bob] = [someone(), someone()];
  const { id } = await open(ada, bob);
  const client = createSubgraphClient(chat.url());
  const answers = await Promise.all(
    Array.from({ length: 10 }, () => client.ask(ada, SEND, { input: { roomId: id, text: 'hey', clientId: key() } })),
  );
  expect(answers.filter(({ errors }) => errors === undefined)).toHaveLength(3);
  expect(await chat.rows('select 1 from message where room_id = $1', [id])).toHaveLength(3);
  expect(await requests(id)).toHaveLength(1);
});

test('a request that was declined is gone for whom it was to, and looks unanswered to whoever asked', async () => {
  const [ada, bob] = [someone(), someone()];
  const { id } = await open(ada, bob);
  await chat.send(ada, id, 'hello');
  const before = await details(ada, id);
  await chat.ask(bob, DECLINE, { roomId: id });
  await chat.ask(bob, DECLINE, { roomId: id });
  expect([await listed(bob, 'messageRequests'), await listed(bob, 'rooms'), await details(bob, id)]).toEqual([
    [],
    [],
    null,
  ]);
  expect(await details(ada, id)).toEqual(before);
  await chat.send(ada, id, 'hello?');
  expect(await listed(bob, 'messageRequests')).toEqual([]);
  expect((await open(ada, bob)).id).toBe(id);
  expect(await requests(id)).toHaveLength(2);
  // They may turn to it themselves.
  expect((await open(bob, ada)).id).toBe(id);
  await chat.send(bob, id, 'sorry, I was away');
  expect(await details(bob, id)).toMatchObject({ memberCount: 2, request: null });
});

test('accepted and declined at once it is one of both', async () => {
  const [ada, bob] = [someone(), someone()];
  for (let round = 0; round < 5; round++) {
    const { id } = await open(asNew(ada), bob);
    const client = createSubgraphClient(chat.url());
    const [row] = await chat.rows<{ requester_id: string }>('select requester_id from direct_room where room_id = $1', [
      id,
    ]);
    await chat.send({ ...ada, userId: row?.requester_id ?? '' }, id, 'hello');
    await Promise.all([client.ask(bob, ACCEPT, { roomId: id }), client.ask(bob, DECLINE, { roomId: id })]);
    const [state] = await chat.rows<{ request: string; members: bigint; member_count: number }>(
      `select request, member_count, (select count(*) from room_member m where m.room_id = d.room_id) as members
       from direct_room d join room on room.id = d.room_id where d.room_id = $1`,
      [id],
    );
    expect(state).toEqual({
      request: state?.request,
      members: state?.request === 'ACCEPTED' ? 2n : 1n,
      member_count: state?.request === 'ACCEPTED' ? 2 : 1,
    });
  }
  function asNew(viewer: Someone): Someone {
    return { ...viewer, userId: newId('usr') };
  }
});

test('once the stranger follows back, the next message is no request any more', async () => {
  const [ada, bob] = [someone(), someone()];
  const { id } = await open(ada, bob);
  for (const text of ['1', '2', '3']) await chat.send(ada, id, text);
  await chat.follows(bob, ada);
  await chat.send(ada, id, '4');
  expect([await listed(bob, 'rooms'), await listed(bob, 'messageRequests')]).toEqual([[id], []]);
});

test('to write to a stranger takes a verified e-mail address; to answer a friend does not', async () => {
  const unverified = someone({ emailVerified: false });
  const bob = someone();
  expect(await chat.refusal(unverified, OPEN, { userId: bob.userId })).toBe('FORBIDDEN');
  await chat.follows(bob, unverified);
  await chat.send(unverified, (await open(unverified, bob)).id, 'hello');
  // Verified when it was opened, and no more.
  const [ada, cem] = [someone(), someone()];
  const { id } = await open(ada, cem);
  const input = { roomId: id, text: 'hello', clientId: key() };
  expect(await chat.refusal({ ...ada, emailVerified: false }, SEND, { input })).toBe('FORBIDDEN');
  expect((await open(asService({ ...unverified, userId: newId('usr') }), cem)).id).toMatch(/^rom_/);
});

test('a block hides the room both ways, ends its streams, stops sending, and no longer when it is lifted', async () => {
  const [ada, bob] = await friends();
  const { id, eventCursor } = await open(ada, bob);
  const message = await chat.send(ada, id, 'before');
  const listen = (viewer: Viewer) =>
    socket.subscribe<{ roomEvents: { __typename: string } }>(
      viewer,
      'subscription ($id: ID!, $after: String) { roomEvents(roomId: $id, after: $after) { __typename } }',
      { id, after: eventCursor },
    );
  const streams = [await listen(ada), await listen(bob)];
  for (const stream of streams) expect((await stream.next()).value?.data?.roomEvents.__typename).toBe('MessageCreated');
  await chat.blocks(bob, ada);
  for (const stream of streams) {
    expect((await stream.next()).value?.data?.roomEvents.__typename).toBe('RoomEnd');
    expect((await stream.next()).done).toBe(true);
  }
  const WAYS = `query ($id: ID!, $message: ID!) { room(id: $id) { id } rooms { edges { cursor } } _entities(representations: [
    { __typename: "Room", id: $id }, { __typename: "Message", id: $message }]) { __typename } }`;
  for (const [viewer, other] of [
    [ada, bob],
    [bob, ada],
  ] as const) {
    expect(await chat.ask(viewer, WAYS, { id, message: message.id })).toEqual({
      room: null,
      rooms: { edges: [] },
      _entities: [null, null],
    });
    const input = { roomId: id, text: 'behind', clientId: key() };
    expect(await chat.refusal(viewer, SEND, { input })).toBe('NOT_FOUND input.roomId');
    expect(await chat.refusal(viewer, OPEN, { userId: other.userId })).toBe('NOT_FOUND userId');
    const react = 'mutation ($id: ID!) { reactToMessage(messageId: $id, emoji: "👍") { message { id } } }';
    expect(await chat.refusal(viewer, react, { id: message.id })).toBe('NOT_FOUND messageId');
    const again = await listen(viewer);
    expect((await again.next()).value?.data?.roomEvents.__typename).toBe('RoomEnd');
  }
  const edit = 'mutation ($input: EditMessageInput!) { editMessage(input: $input) { message { id } } }';
  const input = { messageId: message.id, text: 'changed', clientId: key() };
  expect(await chat.refusal(ada, edit, { input })).toBe('NOT_FOUND input.messageId');
  const remove = 'mutation ($id: ID!) { deleteMessage(messageId: $id) { message { id } } }';
  expect(await chat.refusal(ada, remove, { id: message.id })).toBe('NOT_FOUND messageId');

  await chat.blocks(bob, ada, false);
  await chat.send(bob, id, 'after');
  expect(await details(ada, id)).toMatchObject({
    messages: { edges: [{ node: { text: 'before' } }, { node: { text: 'after' } }] },
  });
});

test('a block hides a request, and a pair that blocks has no room to open', async () => {
  const [ada, bob] = [someone(), someone()];
  const { id } = await open(ada, bob);
  await chat.send(ada, id, 'hello');
  await chat.blocks(ada, bob);
  expect([await listed(bob, 'messageRequests'), await details(bob, id)]).toEqual([[], null]);
  expect(await chat.refusal(bob, ACCEPT, { roomId: id })).toBe('NOT_FOUND roomId');
  expect(await chat.refusal(bob, DECLINE, { roomId: id })).toBe('NOT_FOUND roomId');
  const eve = someone();
  await chat.blocks(eve, bob);
  expect(await chat.refusal(bob, OPEN, { userId: eve.userId })).toBe('NOT_FOUND userId');
  expect(await chat.rows('select 1 from direct_room where $1 in (low_id, high_id)', [eve.userId])).toEqual([]);
});

test('bad input and foreign requests are refused', async () => {
  const [ada, bob, eve] = [someone(), someone(), someone()];
  expect(await chat.refusal(ada, OPEN, { userId: ada.userId })).toBe('BAD_USER_INPUT userId');
  expect(await chat.refusal(ada, OPEN, { userId: 'nonsense\0' })).toBe('NOT_FOUND userId');
  expect(await chat.refusal(anonymous, OPEN, { userId: bob.userId })).toBe('UNAUTHENTICATED');
  const { id } = await open(ada, bob);
  await chat.send(ada, id, 'hello');
  for (const document of [ACCEPT, DECLINE]) {
    for (const viewer of [eve, ada])
      expect(await chat.refusal(viewer, document, { roomId: id })).toBe('NOT_FOUND roomId');
    expect(await chat.refusal(bob, document, { roomId: newId('rom') })).toBe('NOT_FOUND roomId');
    expect(await chat.refusal(bob, document, { roomId: 'nonsense\0' })).toBe('NOT_FOUND roomId');
    expect(await chat.refusal(anonymous, document, { roomId: id })).toBe('UNAUTHENTICATED');
  }
  await chat.ask(bob, ACCEPT, { roomId: id });
  expect(await chat.refusal(ada, LEAVE, { roomId: id })).toBe('FORBIDDEN');
});

test('the viewer’s rooms of every kind come at a constant number of statements', async () => {
  const ada = someone();
  const QUERY = `query ($first: Int) { rooms(first: $first) { edges { node {
    kind name viewerRole peer { id } request { state } avatar { ref } post { id } lastMessage { text } } } } }`;
  for (let n = 0; n < 4; n++) {
    const other = someone();
    await chat.follows(other, ada);
    await chat.send(ada, (await open(ada, other)).id, 'direct');
    await chat.createRoom(ada, [other]);
  }
  const ask = (first: number) => chat.statements.during(() => chat.ask(ada, QUERY, { first }));
  const [few, many] = [await ask(2), await ask(8)];
  expect(few).toHaveLength(2);
  expect(many).toHaveLength(2);
});
