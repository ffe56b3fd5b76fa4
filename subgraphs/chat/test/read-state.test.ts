import { newId } from '@chorus/kit/ids';
import { settle } from '@chorus/kit/testing';
import { anonymous, type Viewer } from '@chorus/kit/viewer';
import { expect, test } from 'vitest';
import { unread } from '../src/read-state/unread.ts';
import { asService, INVITE, key, LEAVE, type Room, someone, useChat } from './harness.ts';

const chat = useChat();
const [ada, bob, eve] = [someone(), someone(), someone()];

interface State {
  lastReadSeq: number;
  unreadCount: number;
  firstUnread: { text: string } | null;
  isMuted: boolean;
  mutedUntil: string | null;
}
const FIELDS = 'lastReadSeq unreadCount firstUnread { text } isMuted mutedUntil';
const STATE = `query ($id: ID!) { room(id: $id) { viewer { ${FIELDS} } } }`;
const state = async (viewer: Viewer, { id }: Room) =>
  (await chat.ask<{ room: { viewer: State } }>(viewer, STATE, { id })).room.viewer;
const READ = `mutation ($roomId: ID!, $seq: Int!) { change: markRoomRead(roomId: $roomId, seq: $seq) { room { viewer { ${FIELDS} } } } }`;
const MUTE = `mutation ($roomId: ID!, $until: DateTime) { change: muteRoom(roomId: $roomId, until: $until) { room { viewer { ${FIELDS} } } } }`;
const UNMUTE = `mutation ($roomId: ID!) { change: unmuteRoom(roomId: $roomId) { room { viewer { ${FIELDS} } } } }`;
const change = async (viewer: Viewer, document: string, variables: Record<string, unknown>) =>
  (await chat.ask<{ change: { room: { viewer: State } } }>(viewer, document, variables)).change.room.viewer;
const read = (viewer: Viewer, { id }: Room, seq: number) => change(viewer, READ, { roomId: id, seq });
const total = async (viewer: Viewer) =>
  (await chat.ask<{ unreadMessageCount: number | null }>(viewer, '{ unreadMessageCount }')).unreadMessageCount;
const DELETE = 'mutation ($id: ID!) { deleteMessage(messageId: $id) { message { id } } }';
const REACT = 'mutation ($id: ID!) { reactToMessage(messageId: $id, emoji: "👍") { message { id } } }';

test('unread is what others wrote after the last message read: no own ones, no deleted ones, no other events', async () => {
  const room = await chat.createRoom(ada, [bob]);
  expect(await state(bob, room)).toEqual({
    lastReadSeq: 2,
    unreadCount: 0,
    firstUnread: null,
    isMuted: false,
    mutedUntil: null,
  });
  const first = await chat.send(ada, room.id, 'one');
  await chat.send(bob, room.id, 'own');
  const second = await chat.send(ada, room.id, 'two');
  await chat.ask(ada, REACT, { id: second.id });
  expect(await state(bob, room)).toMatchObject({ unreadCount: 2, firstUnread: { text: 'one' } });
  expect(await state(ada, room)).toMatchObject({ unreadCount: 1, firstUnread: { text: 'own' } });
  expect(await read(bob, room, first.seq)).toMatchObject({
    lastReadSeq: first.seq,
    unreadCount: 1,
    firstUnread: { text: 'two' },
  });
  await chat.ask(ada, DELETE, { id: second.id });
  expect(await state(bob, room)).toMatchObject({ unreadCount: 0, firstUnread: null });
});

test('what came before somebody joined is not unread to them', async () => {
  const room = await chat.createRoom(ada);
  await chat.send(ada, room.id, 'old');
  const late = someone();
  await chat.ask(asService(ada), INVITE, { roomId: room.id, userIds: [late.userId] });
  expect(await state(late, room)).toMatchObject({ unreadCount: 0 });
  await chat.send(ada, room.id, 'new');
  expect(await state(late, room)).toMatchObject({ unreadCount: 1, firstUnread: { text: 'new' } });
});

test('the place read only grows, also at once, and never beyond the last event', async () => {
  const room = await chat.createRoom(ada, [bob]);
  const seqs: number[] = [];
  for (let n = 0; n < 12; n++) seqs.push((await chat.send(ada, room.id, `m${n}`)).seq);
  const shuffled = [...seqs.slice(6), ...seqs.slice(0, 6).toReversed()];
  await Promise.all(shuffled.map((seq) => read(bob, room, seq)));
  expect(await state(bob, room)).toMatchObject({ lastReadSeq: seqs[11], unreadCount: 0 });
  expect(await read(bob, room, 3)).toMatchObject({ lastReadSeq: seqs[11] });
  expect(await read(bob, room, 2 ** 31 - 1)).toMatchObject({ lastReadSeq: seqs[11] });
  await chat.send(ada, room.id, 'later');
  expect(await state(bob, room)).toMatchObject({ unreadCount: 1 });
});

test('reading and muting are the viewer’s own, for members only, and tell nobody', async () => {
  const room = await chat.createRoom(ada, [bob]);
  const gone = someone();
  await chat.ask(ada, INVITE, { roomId: room.id, userIds: [gone.userId] });
  await chat.ask(gone, LEAVE, { roomId: room.id });
  const { seq } = await chat.send(ada, room.id, 'hello');
  const until = new Date(Date.now() + 3_600_000).toISOString();
  const log = () => chat.rows('select last_seq from room where id = $1', [room.id]);
  const before = await log();
  await read(bob, room, seq);
  await change(bob, MUTE, { roomId: room.id, until });
  expect(await state(ada, room)).toMatchObject({ lastReadSeq: 1, isMuted: false });
  expect(await log()).toEqual(before);
  for (const [document, rest] of [
    [READ, { seq }],
    [MUTE, { until }],
    [UNMUTE, {}],
  ] as const) {
    const variables = { roomId: room.id, ...rest };
    expect(await chat.refusal(anonymous, document, variables)).toBe('UNAUTHENTICATED');
    for (const viewer of [eve, gone]) expect(await chat.refusal(viewer, document, variables)).toBe('NOT_FOUND roomId');
    for (const roomId of [newId('rom'), newId('usr'), 'nul\0']) {
      expect(await chat.refusal(bob, document, { ...variables, roomId })).toBe('NOT_FOUND roomId');
    }
  }
  expect(await chat.refusal(bob, READ, { roomId: room.id, seq: -1 })).toBe('BAD_USER_INPUT seq');
  const past = new Date(Date.now() - 1000).toISOString();
  expect(await chat.refusal(bob, MUTE, { roomId: room.id, until: past })).toBe('BAD_USER_INPUT until');
  expect(await chat.ask(eve, STATE, { id: room.id })).toEqual({ room: null });
});

test('a room is muted until a time, or for good, or not any more', async () => {
  const room = await chat.createRoom(ada, [bob]);
  const variables = { roomId: room.id };
  const until = new Date(Date.now() + 3_600_000).toISOString();
  expect(await change(bob, MUTE, { ...variables, until })).toMatchObject({ isMuted: true, mutedUntil: until });
  expect(await change(bob, MUTE, variables)).toMatchObject({ isMuted: true, mutedUntil: null });
  expect(await change(bob, UNMUTE, variables)).toMatchObject({ isMuted: false, mutedUntil: null });
  await change(bob, MUTE, { ...variables, until });
  await chat.rows("update room_member set muted_until = now() - interval '1 second' where room_id = $1", [room.id]);
  expect(await state(bob, room)).toMatchObject({ isMuted: false, mutedUntil: null });
});

test('all unread messages together: not those of muted rooms, nor of rooms that were left', async () => {
  const reader = someone();
  expect(await total(reader)).toBe(0);
  expect(await total(anonymous)).toBeNull();
  const rooms: Room[] = [];
  for (let n = 1; n <= 3; n++) {
    const room = await chat.createRoom(ada, [reader]);
    for (let count = 0; count < n; count++) await chat.send(ada, room.id, 'x');
    rooms.push(room);
  }
  const [first, second, third] = rooms;
  if (!first || !second || !third) throw new Error('no rooms');
  expect(await total(reader)).toBe(6);
  await change(reader, MUTE, { roomId: second.id });
  expect(await total(reader)).toBe(4);
  await read(reader, first, 100);
  expect(await total(reader)).toBe(3);
  await change(reader, UNMUTE, { roomId: second.id });
  expect(await total(reader)).toBe(5);
  await chat.ask(reader, LEAVE, { roomId: third.id });
  expect(await total(reader)).toBe(2);
});

test('unread messages are counted up to 1,000, off the index alone, whatever else there is', async () => {
  const reader = someone();
  const room = await chat.createRoom(ada, [reader]);
  await fill(room, 5000, ada);
  expect(await state(reader, room)).toMatchObject({ unreadCount: 1000, firstUnread: { text: 'm1' } });
  expect(await total(reader)).toBe(1000);
  // Own messages are looked at, 3,000 at most.
  const own = await chat.createRoom(ada, [reader]);
  await fill(own, 5000, reader);
  await chat.send(ada, own.id, 'far away');
  expect(await state(reader, own)).toMatchObject({ unreadCount: 0 });

  // Pages that a transaction elsewhere still may see are left by a vacuum, and with too few the index alone is no help.
  await settle(async () => {
    await chat.rows('vacuum analyze message');
    const [share] = await chat.rows<{ all: boolean }>(
      "select relallvisible >= relpages - 5 as all from pg_class where relname = 'message'",
    );
    return share?.all;
  });
  const plan = await chat.rows<Record<string, string>>(
    `explain (analyze, costs off, timing off, summary off)
     select found.seq from room_member cross join lateral (${unread.text}) as found
     where room_id = $${unread.values.length + 1} and user_id = $${unread.values.length + 2}`,
    [...unread.values, room.id, reader.userId],
  );
  const text = plan.map((row) => row['QUERY PLAN']).join('\n');
  expect(text).toMatch(/Index Only Scan using message_room_id_seq_key .*rows=1000/);
  // But for a few whose pages the vacuum had to leave.
  expect(text).toMatch(/Heap Fetches: \d{1,2}$/m);
});

test('rooms with last message, unread count and first unread are as many statements as one room', async () => {
  const reader = someone();
  for (let n = 0; n < 8; n++) {
    const room = await chat.createRoom(ada, [reader], `r${n}`);
    for (let count = 0; count <= n; count++) await chat.send(ada, room.id, `m${count}`);
  }
  const query = `query ($first: Int) { rooms(first: $first) { edges { node {
    name lastMessage { text } viewer { ${FIELDS} }
  } } } }`;
  interface Rooms {
    rooms: { edges: { node: { name: string; lastMessage: { text: string }; viewer: State } }[] };
  }
  const { rooms } = await chat.ask<Rooms>(reader, query, { first: 8 });
  expect(rooms.edges.map(({ node }) => [node.name, node.viewer.unreadCount, node.viewer.firstUnread?.text])).toEqual(
    Array.from({ length: 8 }, (_, n) => [`r${7 - n}`, 8 - n, 'm0']),
  );
  const ask = (first: number) => chat.statements.during(() => chat.ask(reader, query, { first }));
  // Rooms, read states, last messages, unread messages, and the first of those.
  expect(await ask(1)).toHaveLength(5);
  expect(await ask(8)).toHaveLength(5);
});

/** Messages of one author, straight into the tables. */
async function fill(room: Room, count: number, author: { userId: string }) {
  await chat.rows(
    `insert into message (id, room_id, seq, author_id, client_id, text, created_at)
     select 'msg_' || replace(gen_random_uuid()::text, '-', ''), $1, last_seq + n, $3, $4 || n, 'm' || n, now()
     from room, generate_series(1, $2::int) as n where room.id = $1`,
    [room.id, count, author.userId, key()],
  );
  await chat.rows('update room set last_seq = last_seq + $2::int where id = $1', [room.id, count]);
}
