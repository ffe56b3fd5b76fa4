import { newId } from '@chorus/kit/ids';
import { anonymous } from '@chorus/kit/viewer';
import { beforeAll, expect, test } from 'vitest';
import { CREATE, importer, key, LEAVE, type Message, type Room, SEND, someone, useChat } from './harness.ts';

const chat = useChat();
const [ada, bob, eve] = [someone(), someone(), someone()];
let room: Room;
beforeAll(async () => {
  room = await chat.createRoom(ada, [bob]);
});

interface Page {
  edges: { cursor: string; node: { text: string } }[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string; endCursor: string };
}
const HISTORY = `query ($id: ID!, $first: Int, $after: String, $last: Int, $before: String) {
  room(id: $id) { messages(first: $first, after: $after, last: $last, before: $before) {
    edges { cursor node { text } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  } }
}`;
const history = async (id: string, args: object) =>
  (await chat.ask<{ room: { messages: Page } }>(ada, HISTORY, { id, ...args })).room.messages;
const texts = (page: Page) => page.edges.map(({ node }) => node.text);
const stored = () => chat.rows('select seq, text from message where room_id = $1 order by seq', [room.id]);

test('a message has the next place in its room, and the room shows it', async () => {
  const { id } = await chat.createRoom(ada, [bob]);
  const input = { roomId: id, text: '  Hello\n\tthere 😀 ', clientId: key() };
  const { sendMessage } = await chat.ask<{ sendMessage: { message: Message } }>(bob, SEND, { input });
  expect(sendMessage.message).toMatchObject({
    seq: 3,
    text: 'Hello\n\tthere 😀',
    clientId: input.clientId,
    author: { id: bob.userId },
    room: { id },
  });
  const query = 'query ($id: ID!) { room(id: $id) { lastMessage { id } messages { edges { node { id } } } } }';
  const node = { id: sendMessage.message.id };
  expect(await chat.ask(ada, query, { id })).toEqual({ room: { lastMessage: node, messages: { edges: [{ node }] } } });
});

test('sending is one statement', async () => {
  const document = 'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { message { id seq } } }';
  const input = { roomId: room.id, text: 'fast', clientId: key() };
  expect(await chat.statements.during(() => chat.ask(ada, document, { input }))).toHaveLength(1);
});

test('the same clientId of the same author is the same message, also twice at once', async () => {
  const input = { roomId: room.id, text: 'once', clientId: key() };
  const send = () => chat.ask<{ sendMessage: { message: Message } }>(ada, SEND, { input });
  const [first, ...others] = await Promise.all(Array.from({ length: 8 }, send));
  for (const other of [...others, await send()]) expect(other).toEqual(first);
  expect(await chat.rows('select id from message where client_id = $1', [input.clientId])).toHaveLength(1);
  expect(await chat.refusal(ada, SEND, { input: { ...input, text: 'twice' } })).toBe('IDEMPOTENCY_CONFLICT');
  const elsewhere = await chat.createRoom(ada);
  expect(await chat.refusal(ada, SEND, { input: { ...input, roomId: elsewhere.id } })).toBe('IDEMPOTENCY_CONFLICT');
  const bobs = await chat.send(bob, room.id, 'once', { clientId: input.clientId });
  expect(bobs.id).not.toBe(first?.sendMessage.message.id);
});

test('whoever left gets nothing back for an old clientId', async () => {
  const gone = someone();
  const { id } = await chat.createRoom(ada, [gone]);
  const input = { roomId: id, text: 'bye', clientId: key() };
  await chat.ask(gone, SEND, { input });
  await chat.ask(gone, LEAVE, { roomId: id });
  expect(await chat.refusal(gone, SEND, { input })).toBe('NOT_FOUND input.roomId');
});

test('bad input of sendMessage is refused and stores nothing', async () => {
  const good = { roomId: room.id, text: 'good', clientId: key() };
  const before = await stored();
  const cases: [object, string][] = [
    [{ text: '' }, 'BAD_USER_INPUT input.text'],
    [{ text: ' \n ' }, 'BAD_USER_INPUT input.text'],
    [{ text: 'x'.repeat(4001) }, 'BAD_USER_INPUT input.text'],
    [{ text: 'nul\0' }, 'BAD_USER_INPUT input.text'],
    [{ text: 'half \udc00' }, 'BAD_USER_INPUT input.text'],
    [{ text: null }, 'BAD_USER_INPUT'],
    [{ text: 1 }, 'BAD_USER_INPUT'],
    [{ clientId: '' }, 'BAD_USER_INPUT input.clientId'],
    [{ clientId: 'x'.repeat(65) }, 'BAD_USER_INPUT input.clientId'],
    [{ clientId: 'with space' }, 'BAD_USER_INPUT input.clientId'],
    [{ roomId: 'nonsense' }, 'NOT_FOUND input.roomId'],
    [{ roomId: newId('usr') }, 'NOT_FOUND input.roomId'],
    [{ roomId: newId('rom') }, 'NOT_FOUND input.roomId'],
    [{ createdAt: '2020-01-01T00:00:00Z' }, 'FORBIDDEN'],
  ];
  for (const [wrong, expected] of cases) {
    expect(await chat.refusal(ada, SEND, { input: { ...good, ...wrong } })).toBe(expected);
  }
  expect(await chat.refusal(eve, SEND, { input: good })).toBe('NOT_FOUND input.roomId');
  expect(await chat.refusal(anonymous, SEND, { input: good })).toBe('UNAUTHENTICATED');
  expect(await stored()).toEqual(before);
  await chat.send(ada, room.id, '😀'.repeat(4000));
});

test('an import keeps the times of its source', async () => {
  const service = importer();
  const made = { name: 'Log', idempotencyKey: key(), createdAt: '2008-12-31T23:00:00.000Z' };
  const { createRoom } = await chat.ask<{ createRoom: { room: Room } }>(service, CREATE, { input: made });
  const { id } = createRoom.room;
  const createdAt = '2009-01-01T00:00:00.123Z';
  expect(await chat.send(service, id, 'old', { createdAt })).toMatchObject({ createdAt, seq: 2 });
  expect(await chat.rows('select last_activity_at from room where id = $1', [id])).toEqual([
    { last_activity_at: new Date(createdAt) },
  ]);
  const input = { roomId: id, text: 'x', clientId: key(), createdAt: '2999-01-01T00:00:00Z' };
  expect(await chat.refusal(service, SEND, { input })).toBe('BAD_USER_INPUT input.createdAt');
});

test('history pages from either end; cursors of other lists are refused', async () => {
  const { id } = await chat.createRoom(ada);
  for (let n = 1; n <= 7; n++) await chat.send(ada, id, `m${n}`);
  const newest = await history(id, { last: 3 });
  expect(texts(newest)).toEqual(['m5', 'm6', 'm7']);
  expect(newest.pageInfo).toMatchObject({ hasPreviousPage: true, hasNextPage: false });
  const older = await history(id, { last: 3, before: newest.pageInfo.startCursor });
  expect(texts(older)).toEqual(['m2', 'm3', 'm4']);
  const oldest = await history(id, { last: 3, before: older.pageInfo.startCursor });
  expect(texts(oldest)).toEqual(['m1']);
  expect(oldest.pageInfo.hasPreviousPage).toBe(false);
  const first = await history(id, { first: 2 });
  expect(texts(first)).toEqual(['m1', 'm2']);
  expect(texts(await history(id, { first: 2, after: first.pageInfo.endCursor }))).toEqual(['m3', 'm4']);

  const forged = Buffer.from('["messages",4294967296]').toString('base64url');
  const { rooms } = await chat.ask<{ rooms: Page }>(ada, '{ rooms(first: 1) { edges { cursor } } }');
  for (const after of [rooms.edges[0]?.cursor, createCursor(), forged, '', '%']) {
    expect(await chat.refusal(ada, HISTORY, { id, after })).toBe('CURSOR_INVALID');
  }
  expect(await chat.refusal(ada, HISTORY, { id, first: 101 })).toBe('BAD_USER_INPUT first');
  expect(await chat.refusal(ada, HISTORY, { id, last: -1 })).toBe('BAD_USER_INPUT last');
  expect(await chat.refusal(ada, HISTORY, { id, first: 1, last: 1 })).toBe('BAD_USER_INPUT last');

  function createCursor() {
    return Buffer.from('["members",1]').toString('base64url');
  }
});

test('rooms come by latest activity, page both ways, at a constant number of statements', async () => {
  const [viewer, friend] = [someone(), someone()];
  const ids: string[] = [];
  for (let n = 0; n < 12; n++) ids.push((await chat.createRoom(viewer, [friend], `r${n}`)).id);
  for (const id of ids) for (let n = 0; n < 3; n++) await chat.send(friend, id, `m${n}`);
  const document = `query ($first: Int, $after: String, $last: Int, $before: String) {
    rooms(first: $first, after: $after, last: $last, before: $before) {
      edges { cursor node { name memberCount eventCursor lastMessage { text room { name } }
        members(first: 5) { edges { node { id } } } messages(last: 2) { edges { node { text author { id } } } } } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }`;
  const ask = async (args: Record<string, unknown>) =>
    (await chat.ask<{ rooms: RoomsPage }>(viewer, document, args)).rooms;
  const names = (page: RoomsPage) => page.edges.map(({ node }) => node.name);
  const all = await ask({ first: 100 });
  expect(names(all)).toEqual(['r11', 'r10', 'r9', 'r8', 'r7', 'r6', 'r5', 'r4', 'r3', 'r2', 'r1', 'r0']);
  for (const { node } of all.edges) {
    expect(node.lastMessage).toEqual({ text: 'm2', room: { name: node.name } });
    expect(node.members.edges).toHaveLength(2);
    expect(node.messages.edges.map((edge) => edge.node.text)).toEqual(['m1', 'm2']);
  }
  const page = await ask({ first: 5 });
  expect(names(await ask({ first: 5, after: page.pageInfo.endCursor }))).toEqual(['r6', 'r5', 'r4', 'r3', 'r2']);
  expect(names(await ask({ last: 2, before: page.pageInfo.endCursor }))).toEqual(['r9', 'r8']);
  expect(names(await ask({ last: 2 }))).toEqual(['r1', 'r0']);

  const few = await chat.statements.during(() => ask({ first: 2 }));
  const many = await chat.statements.during(() => ask({ first: 12 }));
  expect(few).toHaveLength(4);
  expect(many).toHaveLength(few.length);
  expect(await chat.ask(anonymous, '{ rooms { edges { cursor } } }')).toEqual({ rooms: { edges: [] } });
  expect(await chat.refusal(viewer, document, { first: 101 })).toBe('BAD_USER_INPUT first');
});

interface RoomsPage {
  edges: {
    node: {
      name: string;
      lastMessage: { text: string };
      members: { edges: unknown[] };
      messages: { edges: { node: { text: string } }[] };
    };
  }[];
  pageInfo: { startCursor: string; endCursor: string };
}
