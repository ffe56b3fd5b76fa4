import { newId } from '@chorus/kit/ids';
import { anonymous, type Viewer } from '@chorus/kit/viewer';
import { beforeAll, expect, test } from 'vitest';
import { searchStatement } from '../src/search/search.service.ts';
import { key, LEAVE, type Message, type Room, someone, useChat } from './harness.ts';

const chat = useChat();
const [ada, bob, eve] = [someone(), someone(), someone()];
let [garden, kitchen, secret]: Room[] = [];
beforeAll(async () => {
  garden = await chat.createRoom(ada, [bob], 'garden');
  kitchen = await chat.createRoom(ada, [bob], 'kitchen');
  secret = await chat.createRoom(eve, [], 'secret');
});

interface Page {
  edges: { cursor: string; node: { text: string; room: { name: string } } }[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string; endCursor: string };
}
const SEARCH = `query ($query: String!, $roomId: ID, $first: Int, $after: String, $last: Int, $before: String) {
  searchMessages(query: $query, roomId: $roomId, first: $first, after: $after, last: $last, before: $before) {
    edges { cursor node { text room { name } } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}`;
const search = async (viewer: Viewer, query: string, rest: object = {}) =>
  (await chat.ask<{ searchMessages: Page }>(viewer, SEARCH, { query, ...rest })).searchMessages;
const texts = (page: Page) => page.edges.map(({ node }) => node.text);
const EDIT = 'mutation ($input: EditMessageInput!) { editMessage(input: $input) { message { id } } }';
const DELETE = 'mutation ($id: ID!) { deleteMessage(messageId: $id) { message { id } } }';
const roomOf = (room: Room | undefined): string => room?.id ?? '';

test('words are found in all of the viewer’s rooms or in one, the newest first, and nobody else’s', async () => {
  await chat.send(ada, roomOf(garden), 'The roses are red');
  await chat.send(bob, roomOf(kitchen), 'Red cabbage tonight?');
  await chat.send(eve, roomOf(secret), 'red red red');
  const found = await search(bob, 'RED');
  expect(found.edges.map(({ node }) => [node.text, node.room.name])).toEqual([
    ['Red cabbage tonight?', 'kitchen'],
    ['The roses are red', 'garden'],
  ]);
  expect(texts(await search(bob, 'red', { roomId: roomOf(garden) }))).toEqual(['The roses are red']);
  expect(texts(await search(eve, 'red'))).toEqual(['red red red']);
  for (const roomId of [roomOf(secret), newId('rom'), 'nonsense', 'nul\0']) {
    expect(texts(await search(bob, 'red', { roomId }))).toEqual([]);
  }
  expect(texts(await search(anonymous, 'red'))).toEqual([]);
  expect(texts(await search(anonymous, 'red', { roomId: roomOf(garden) }))).toEqual([]);
});

test('all words, a phrase, one of two, and not one', async () => {
  for (const text of ['green tea with milk', 'milk in green glasses', 'black tea']) {
    await chat.send(ada, roomOf(kitchen), text);
  }
  expect(texts(await search(ada, 'milk green'))).toEqual(['milk in green glasses', 'green tea with milk']);
  expect(texts(await search(ada, '"green tea"'))).toEqual(['green tea with milk']);
  expect(texts(await search(ada, 'glasses or black'))).toEqual(['black tea', 'milk in green glasses']);
  expect(texts(await search(ada, 'tea -black'))).toEqual(['green tea with milk']);
  // No word that has to be there: nothing, instead of everything else.
  for (const none of ['-black', '!!!', '"', '& | ! ( :*', "'; select", 'tea or -black']) {
    expect(texts(await search(ada, none))).toEqual([]);
  }
});

test('an edited message is found by what it says now, a deleted one and a left room never', async () => {
  const gone = someone();
  const room = await chat.createRoom(ada, [gone]);
  const { id } = await chat.send(ada, room.id, 'wombat');
  await chat.ask(ada, EDIT, { input: { messageId: id, text: 'quokka', clientId: key() } });
  expect(texts(await search(gone, 'wombat'))).toEqual([]);
  expect(texts(await search(gone, 'quokka'))).toEqual(['quokka']);
  await chat.ask(gone, LEAVE, { roomId: room.id });
  expect(texts(await search(gone, 'quokka'))).toEqual([]);
  expect(texts(await search(gone, 'quokka', { roomId: room.id }))).toEqual([]);
  expect(texts(await search(ada, 'quokka'))).toEqual(['quokka']);
  await chat.ask(ada, DELETE, { id });
  expect(texts(await search(ada, 'quokka'))).toEqual([]);
});

test('pages both ways; bad input is refused', async () => {
  const reader = someone();
  const rooms = [await chat.createRoom(ada, [reader]), await chat.createRoom(ada, [reader])];
  const sent: Message[] = [];
  for (let n = 0; n < 7; n++) sent.push(await chat.send(ada, roomOf(rooms[n % 2]), `page ${n}`));
  const first = await search(reader, 'page', { first: 3 });
  expect(texts(first)).toEqual(['page 6', 'page 5', 'page 4']);
  expect(first.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
  const second = await search(reader, 'page', { first: 3, after: first.pageInfo.endCursor });
  expect(texts(second)).toEqual(['page 3', 'page 2', 'page 1']);
  expect(texts(await search(reader, 'page', { last: 2, before: second.pageInfo.startCursor }))).toEqual([
    'page 5',
    'page 4',
  ]);
  expect(texts(await search(reader, 'page', { last: 2 }))).toEqual(['page 1', 'page 0']);
  const refused = (args: object) => chat.refusal(reader, SEARCH, { query: 'page', ...args });
  expect(await refused({ first: 101 })).toBe('BAD_USER_INPUT first');
  expect(await refused({ query: ' ' })).toBe('BAD_USER_INPUT query');
  expect(await refused({ query: 'x'.repeat(201) })).toBe('BAD_USER_INPUT query');
  expect(await refused({ query: 'nul\0' })).toBe('BAD_USER_INPUT query');
  expect(await refused({ after: Buffer.from('["messages",1]').toString('base64url') })).toBe('CURSOR_INVALID');
});

test('one statement, whatever it finds, and the index of rooms and words serves it', async () => {
  const reader = someone();
  const room = await chat.createRoom(ada, [reader]);
  for (let n = 0; n < 5; n++) await chat.send(ada, room.id, 'needle');
  const query = '{ searchMessages(query: "needle") { edges { node { text } } } }';
  expect(await chat.statements.during(() => chat.ask(reader, query))).toHaveLength(1);

  const other = await chat.createRoom(eve);
  await chat.rows(
    `insert into message (id, room_id, seq, author_id, client_id, text, created_at)
     select 'msg_' || replace(gen_random_uuid()::text, '-', ''), $1, 10 + n, $2, 'client-' || n,
       'needle in hay ' || n, now()
     from generate_series(1, 20000) as n`,
    [other.id, eve.userId],
  );
  await chat.rows('vacuum analyze message');
  const page = { limit: 20, backward: false, after: null, before: null };
  const { text: statement, values } = searchStatement(reader, { query: 'needle', roomId: null }, page);
  const plan = await chat.rows<Record<string, string>>(
    `explain (analyze, costs off, timing off, summary off) ${statement}`,
    values,
  );
  const text = plan.map((row) => row['QUERY PLAN']).join('\n');
  // Neither the 20,000 of other rooms nor messages without the word are looked at.
  expect(text).toMatch(/Bitmap Index Scan on message_search_idx .*rows=5/);
});
