import { newId } from '@chorus/kit/ids';
import { beforeAll, expect, test } from 'vitest';
import { type Message, type Room, someone, useChat } from './harness.ts';

const chat = useChat();
const [ada, bob] = [someone(), someone()];
let room: Room;
let messages: Message[];
beforeAll(async () => {
  room = await chat.createRoom(ada, [bob]);
  messages = [];
  for (let n = 0; n < 9; n++) messages.push(await chat.send(ada, room.id, `m${n}`));
});

interface Page {
  edges: { node: { text: string } }[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string; endCursor: string };
}
const PAGE = 'edges { node { text } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }';
const AROUND = `query ($id: ID!, $messageId: ID, $seq: Int, $count: Int) {
  room(id: $id) { page: messagesAround(messageId: $messageId, seq: $seq, count: $count) { ${PAGE} } }
}`;
const around = async (place: object) =>
  (await chat.ask<{ room: { page: Page | null } }>(bob, AROUND, { id: room.id, ...place })).room.page;
const HISTORY = `query ($id: ID!, $first: Int, $after: String, $last: Int, $before: String) {
  room(id: $id) { page: messages(first: $first, after: $after, last: $last, before: $before) { ${PAGE} } }
}`;
const history = async (args: object) =>
  (await chat.ask<{ room: { page: Page } }>(bob, HISTORY, { id: room.id, ...args })).room.page;
const texts = (page: Page | null) => page?.edges.map(({ node }) => node.text);

test('a jump to a message shows it in the middle, and history goes on from there either way', async () => {
  const page = await around({ messageId: messages[4]?.id, count: 4 });
  expect(texts(page)).toEqual(['m3', 'm4', 'm5', 'm6']);
  expect(page?.pageInfo).toMatchObject({ hasPreviousPage: true, hasNextPage: true });
  expect(texts(await history({ last: 2, before: page?.pageInfo.startCursor }))).toEqual(['m1', 'm2']);
  expect(texts(await history({ first: 2, after: page?.pageInfo.endCursor }))).toEqual(['m7', 'm8']);
  expect(texts(await around({ messageId: messages[4]?.id, count: 1 }))).toEqual(['m4']);
  expect(texts(await around({ messageId: messages[4]?.id }))).toHaveLength(9);
});

test('the ends are known, and any sequence number is a place', async () => {
  const [first, last] = [messages[0], messages[8]];
  const start = await around({ messageId: first?.id, count: 4 });
  expect(texts(start)).toEqual(['m0', 'm1', 'm2']);
  expect(start?.pageInfo).toMatchObject({ hasPreviousPage: false, hasNextPage: true });
  const end = await around({ seq: last?.seq, count: 4 });
  expect(texts(end)).toEqual(['m7', 'm8']);
  expect(end?.pageInfo).toMatchObject({ hasPreviousPage: true, hasNextPage: false });
  const whole = await around({ seq: messages[4]?.seq, count: 18 });
  expect(texts(whole)).toHaveLength(9);
  expect(whole?.pageInfo).toMatchObject({ hasPreviousPage: false, hasNextPage: false });
  // 1 is that of somebody's joining.
  expect(texts(await around({ seq: 1, count: 4 }))).toEqual(['m0', 'm1']);
  expect(texts(await around({ seq: 1_000_000, count: 4 }))).toEqual(['m7', 'm8']);
  expect(texts(await around({ seq: -1, count: 4 }))).toEqual(['m0', 'm1']);
});

test('what is no message of the room is no place; bad arguments are refused', async () => {
  const elsewhere = await chat.createRoom(bob);
  const foreign = await chat.send(bob, elsewhere.id, 'there');
  for (const messageId of [foreign.id, newId('msg'), 'nul\0']) expect(await around({ messageId })).toBeNull();
  const refused = (place: object) => chat.refusal(bob, AROUND, { id: room.id, ...place });
  expect(await refused({})).toBe('BAD_USER_INPUT messageId');
  expect(await refused({ seq: 1, messageId: foreign.id })).toBe('BAD_USER_INPUT messageId');
  for (const count of [0, -1, 101]) expect(await refused({ seq: 1, count })).toBe('BAD_USER_INPUT count');
  expect(texts(await around({ seq: 1, count: 100 }))).toHaveLength(9);
});

test('many rooms at once are as many statements as one', async () => {
  const query =
    'query ($first: Int) { rooms(first: $first) { edges { node { messagesAround(seq: 2) { edges { cursor } } } } } }';
  for (let n = 0; n < 3; n++) await chat.createRoom(ada);
  const ask = (first: number) => chat.statements.during(() => chat.ask(ada, query, { first }));
  expect(await ask(1)).toHaveLength(2);
  expect(await ask(4)).toHaveLength(2);
});
