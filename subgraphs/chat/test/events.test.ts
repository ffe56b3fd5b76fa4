import { newId } from '@chorus/kit/ids';
import { settle } from '@chorus/kit/testing';
import { anonymous, type Viewer } from '@chorus/kit/viewer';
import { expect, test } from 'vitest';
import { asService, INVITE, LEAVE, type Room, someone, useChat } from './harness.ts';
import { EVENTS, roomEvents, texts } from './room-events.ts';

// The head check is longer than a test may take, so that only wake-ups explain what arrives, unless a test says else.
const chat = useChat({ HEAD_CHECK_MS: '600000' });
const { listen, cursorOf } = roomEvents(chat);
/** The code with which a subscription is refused. */
async function refusal(viewer: Viewer, roomId: string, after: string | null): Promise<unknown> {
  const events = await chat.subscriptions().subscribe(viewer, EVENTS, { roomId, after });
  const { value } = await events.next();
  expect((await events.next()).done).toBe(true);
  return value.errors?.[0]?.extensions?.['code'];
}

test('two people hear each other, who comes and who goes', async () => {
  const [ada, bob, cem] = [someone(), someone(), someone()];
  const room = await chat.createRoom(ada, [bob]);
  const [hers, his] = [await listen(ada, room.id, room.eventCursor), await listen(bob, room.id, room.eventCursor)];
  await chat.send(ada, room.id, 'Hi Bob');
  await chat.send(bob, room.id, 'Hi Ada');
  await chat.ask(asService(bob), INVITE, { roomId: room.id, userIds: [cem.userId] });
  await chat.ask(cem, LEAVE, { roomId: room.id });
  const cursor = expect.any(String);
  const expected = [
    { __typename: 'MessageCreated', cursor, seq: 3, message: { seq: 3, text: 'Hi Bob', author: { id: ada.userId } } },
    { __typename: 'MessageCreated', cursor, seq: 4, message: { seq: 4, text: 'Hi Ada', author: { id: bob.userId } } },
    { __typename: 'MemberJoined', cursor, seq: 5, user: { id: cem.userId }, invitedBy: { id: bob.userId } },
    { __typename: 'MemberLeft', cursor, seq: 6, user: { id: cem.userId } },
  ];
  expect(await hers.take(4)).toEqual(expected);
  expect(await his.take(4)).toEqual(expected);
});

test('a cursor replays what came after it, however much, and the stream goes on live', async () => {
  const ada = someone();
  const room = await chat.createRoom(ada);
  await manyMessages(room, 1100);
  const events = await listen(ada, room.id, room.eventCursor);
  const frames = await events.take(1100);
  expect(frames.map((frame) => frame.message.seq)).toEqual(Array.from({ length: 1100 }, (_, index) => index + 2));
  await chat.send(ada, room.id, 'live');
  expect(texts(await events.take(1))).toEqual(['live']);
  const middle = await listen(ada, room.id, frames[1097]?.cursor ?? null);
  expect(texts(await middle.take(3))).toEqual(['m1099', 'm1100', 'live']);
});

test('a replay reads pages, not events', async () => {
  const ada = someone();
  const room = await chat.createRoom(ada);
  await manyMessages(room, 60);
  const statements = await chat.statements.during(async () => {
    const events = await listen(ada, room.id, room.eventCursor);
    await events.take(60);
    await events.close();
  });
  // Its own, its hub's first, and who may read.
  expect(statements.length).toBeLessThanOrEqual(3);
});

test('without a cursor the stream starts now', async () => {
  const ada = someone();
  const room = await chat.createRoom(ada);
  await chat.send(ada, room.id, 'before');
  const redis = chat.redis();
  const events = await listen(ada, room.id, null);
  const first = events.next();
  await settle(async () => (await heard(redis, room.id)) === 1);
  // Between the subscription and its first read lies a moment in which "now" has not come.
  await settle(async () => {
    await chat.send(ada, room.id, 'after');
    return Promise.race([first, new Promise((resolve) => setImmediate(resolve))]);
  });
  expect((await first)?.message.text).toBe('after');
});

test('twenty senders at once: each seq once and in order, at two processes', async () => {
  const people = Array.from({ length: 20 }, () => someone());
  const [ada, bob] = people;
  if (ada === undefined || bob === undefined) throw new Error('nobody');
  const room = await chat.createRoom(ada, people);
  const second = await chat.start();
  const streams = [
    await listen(ada, room.id, room.eventCursor),
    await listen(bob, room.id, room.eventCursor, chat.subscriptions(second.url)),
  ];
  const sending = Promise.all(
    people.map(async (person) => {
      for (let n = 0; n < 15; n++) await chat.send(person, room.id, `${person.userId} ${n}`);
    }),
  );
  for (const stream of streams) {
    const frames = await stream.take(300);
    expect(frames.map((frame) => frame.message.seq)).toEqual(Array.from({ length: 300 }, (_, index) => index + 21));
  }
  await sending;
});

test('a snapshot and the events after its cursor are all there is, taken at any moment', async () => {
  const ada = someone();
  const room = await chat.createRoom(ada);
  let sending = true;
  const sender = (async () => {
    for (let n = 0; n < 90; n++) await chat.send(ada, room.id, `m${n}`);
    sending = false;
  })();
  const snapshots: { eventCursor: string; messages: { edges: { node: { seq: number } }[] } }[] = [];
  const query = 'query ($id: ID!) { room(id: $id) { eventCursor messages(last: 100) { edges { node { seq } } } } }';
  while (sending) {
    snapshots.push((await chat.ask<{ room: (typeof snapshots)[number] }>(ada, query, { id: room.id })).room);
  }
  await sender;
  expect(snapshots.length).toBeGreaterThan(5);
  for (const { eventCursor, messages } of snapshots) {
    const seqs = new Set(messages.edges.map(({ node }) => node.seq));
    const events = await listen(ada, room.id, eventCursor);
    // The last message has seq 91.
    for (let last = Math.max(1, ...seqs); last < 91;) {
      const frame = await events.next();
      last = frame?.message.seq ?? 91;
      seqs.add(last);
    }
    await events.close();
    expect([...seqs].sort((a, b) => a - b)).toEqual(Array.from({ length: 90 }, (_, index) => index + 2));
  }
});

test('cursors of other rooms and malformed ones are refused; of another log or the future they reset', async () => {
  const ada = someone();
  const [room, other] = [await chat.createRoom(ada), await chat.createRoom(ada)];
  for (const after of [other.eventCursor, 'nonsense', '', Buffer.from('[]').toString('base64url')]) {
    expect(await refusal(ada, room.id, after)).toBe('CURSOR_INVALID');
  }
  const [list, epoch] = JSON.parse(Buffer.from(room.eventCursor, 'base64url').toString()) as [string, string, number];
  for (const forged of [
    [list, epoch, 50],
    [list, epoch, -1],
    [list, epoch, 0],
    [list, 'other', 1],
  ]) {
    const events = await listen(ada, room.id, Buffer.from(JSON.stringify(forged)).toString('base64url'));
    expect(await events.next()).toEqual({ __typename: 'RoomReset', cursor: room.eventCursor });
    await events.close();
  }
});

test('whoever is not a member, or asks for no room at all, hears the same end', async () => {
  const [ada, eve] = [someone(), someone()];
  const room = await chat.createRoom(ada);
  const end = { __typename: 'RoomEnd', reason: 'NOT_A_MEMBER' };
  for (const [roomId, after] of [
    [room.id, null],
    [room.id, room.eventCursor],
    [newId('rom'), null],
    ['nonsense\0', null],
  ] as const) {
    const events = await listen(eve, roomId, after);
    expect(await events.take(5)).toEqual([end]);
  }
  expect(await refusal(anonymous, room.id, null)).toBe('UNAUTHENTICATED');
});

test('leaving ends the stream before any later event; a cursor from before coming back resets', async () => {
  const [ada, bob] = [someone(), someone()];
  const room = await chat.createRoom(ada, [bob]);
  const his = await listen(bob, room.id, room.eventCursor);
  await chat.send(ada, room.id, 'one');
  const [one] = await his.take(1);
  await chat.ask(bob, LEAVE, { roomId: room.id });
  await chat.send(ada, room.id, 'behind his back');
  expect(await his.take(5)).toEqual([{ __typename: 'RoomEnd', reason: 'NOT_A_MEMBER' }]);

  await chat.ask(asService(ada), INVITE, { roomId: room.id, userIds: [bob.userId] });
  const again = await listen(bob, room.id, one?.cursor ?? null);
  expect(await again.next()).toEqual({ __typename: 'RoomReset', cursor: await cursorOf(bob, room.id) });
  await chat.send(ada, room.id, 'welcome back');
  expect(texts(await again.take(1))).toEqual(['welcome back']);
});

test('a position that retention left behind resets, trimmed or not', async () => {
  const ada = someone();
  const short = await chat.start({ EVENT_RETENTION_COUNT: '10' });
  const on = chat.subscriptions(short.url);
  const room = await chat.createRoom(ada);
  const cursors = [room.eventCursor];
  for (let n = 1; n <= 12; n++) {
    await chat.send(ada, room.id, `m${n}`);
    cursors.push(await cursorOf(ada, room.id));
  }
  const [first = '', second = '', third = ''] = cursors;
  const expectations = async () => {
    for (const old of [first, second]) {
      const events = await listen(ada, room.id, old, on);
      expect(await events.next()).toEqual({ __typename: 'RoomReset', cursor: cursors.at(-1) });
      await events.close();
    }
    const kept = await listen(ada, room.id, third, on);
    expect(texts(await kept.take(10))).toEqual(Array.from({ length: 10 }, (_, index) => `m${index + 3}`));
    await kept.close();
  };
  await expectations();
  await chat.trim({ ms: 1e9, count: 10 });
  expect(await chat.rows('select min(seq), max(seq) from room_event where room_id = $1', [room.id])).toEqual([
    { min: 4, max: 13 },
  ]);
  await expectations();

  // Too old, for the process with the usual configuration, which keeps many: all but the head.
  await chat.rows(`update room_event set created_at = now() - interval '8 days' where room_id = $1`, [room.id]);
  const aged = await listen(ada, room.id, cursors.at(-2) ?? null);
  expect((await aged.next())?.__typename).toBe('RoomReset');
  const head = await listen(ada, room.id, cursors.at(-1) ?? null);
  await chat.send(ada, room.id, 'young');
  expect(texts(await head.take(1))).toEqual(['young']);
  expect(texts(await aged.take(1))).toEqual(['young']);
});

test('trimming goes on until nothing is due, a bounded piece at a time', async () => {
  const ada = someone();
  const room = await chat.createRoom(ada);
  await manyMessages(room, 2500);
  const retention = { ms: 1e9, count: 100 };
  const deleted: number[] = [];
  do deleted.push(await chat.trim(retention));
  while (deleted.at(-1) !== 0);
  expect(deleted.every((count) => count <= 20_000)).toBe(true);
  expect(deleted.length).toBeGreaterThan(3);
  expect(await chat.rows('select min(seq), max(seq) from room_event where room_id = $1', [room.id])).toEqual([
    { min: 2402, max: 2501 },
  ]);
});

test('unsubscribing ends the Redis subscription with the last listener; stopping closes with 1012', async () => {
  const [ada, bob] = [someone(), someone()];
  const own = await chat.start();
  const [hers, his] = [chat.subscriptions(own.url), chat.subscriptions(own.url)];
  const redis = chat.redis();
  const room = await chat.createRoom(ada, [bob]);
  const first = await listen(ada, room.id, room.eventCursor, hers);
  const second = await listen(bob, room.id, room.eventCursor, his);
  await chat.send(ada, room.id, 'both');
  await Promise.all([first.take(1), second.take(1)]);
  expect(await heard(redis, room.id)).toBe(1);
  await first.close();
  await chat.send(ada, room.id, 'one');
  expect(texts(await second.take(1))).toEqual(['one']);
  expect(await heard(redis, room.id)).toBe(1);
  const ended = second.next().catch(() => null);
  await own.stop();
  expect(await his.closed).toMatchObject({ code: 1012 });
  await ended;
  await settle(async () => (await heard(redis, room.id)) === 0);
});

/** Connections that Redis counts on the room's channel. */
async function heard(redis: ReturnType<typeof chat.redis>, roomId: string): Promise<number> {
  const [, count] = (await redis.pubsub('NUMSUB', `chorus:live:room:${roomId}`)) as [string, number];
  return count;
}

/** As many messages sent by nobody in particular, in one go. */
async function manyMessages(room: Room, count: number): Promise<void> {
  await chat.rows(
    `with place as (update room set last_seq = last_seq + $2::int where id = $1 returning last_seq - $2::int as before),
     sent as (
       insert into message (id, room_id, seq, author_id, client_id, text, created_at)
       select $1 || '/' || n, $1, before + n, 'usr_nobody', $1 || '/' || n, 'm' || n, now()
       from place, generate_series(1, $2::int) as n returning *)
     insert into room_event (room_id, seq, kind, message_id, created_at)
     select room_id, seq, 'MESSAGE_CREATED', id, now() from sent`,
    [room.id, count],
  );
}
