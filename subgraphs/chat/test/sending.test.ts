import { newId } from '@chorus/kit/ids';
import { settle } from '@chorus/kit/testing';
import { expect, test } from 'vitest';
import { laneOf } from '../src/message/message.writer.ts';
import { key, type Message, type Room, SEND, someone, useChat } from './harness.ts';

const chat = useChat();
const QUIET = 'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { message { id seq } } }';
type Sent = { sendMessage: { message: Pick<Message, 'id' | 'seq'> } };
const log = (roomId: string) =>
  chat.rows<{ seq: number }>('select seq from room_event where room_id = $1 order by seq', [roomId]);
const room = (roomId: string) =>
  chat.rows<{ seq: number; last: string }>('select last_seq as seq, last_message_id as last from room where id = $1', [
    roomId,
  ]);

/** Resolves when these people have sent so many messages in all, as far as the service counts, stored or not. */
const sending = async (people: readonly { userId: string }[], count: number) => {
  const redis = chat.redis();
  await settle(async () => {
    const counts = await redis.mget(people.map(({ userId }) => `limit:sendMessage.viewer:${userId}`));
    return counts.reduce((sum, each) => sum + Number(each), 0) === count;
  });
};
/** While `run` runs, what this person sends waits. */
const held = (roomId: string, userId: string, run: () => Promise<void>) =>
  chat.db().$transaction(
    async (tx) => {
      await tx.$executeRawUnsafe(
        'select from room_member where room_id = $1 and user_id = $2 for update',
        roomId,
        userId,
      );
      await run();
    },
    { timeout: 15_000 },
  );

/** Whose messages may meet in one statement. */
const roomsOfOneLane = async (one: () => Promise<Room>, other = one): Promise<[Room, Room]> => {
  const first = await one();
  for (;;) {
    const second = await other();
    if (laneOf(second.id) === laneOf(first.id)) return [first, second];
  }
};

// At its making a room has an entry for each of its members.
test('many at once are few statements, and each has a place of its own in its room', async () => {
  const people = Array.from({ length: 20 }, () => someone());
  const [ada = someone()] = people;
  const rooms = await roomsOfOneLane(() => chat.createRoom(ada, people));
  const sends = Array.from({ length: 200 }, (_, index) => ({
    viewer: people[index % 20] ?? ada,
    input: { roomId: rooms[index % 2]?.id, text: `${index}`, clientId: key() },
  }));
  let answers: Sent[] = [];
  const statements = await chat.statements.during(async () => {
    const sent: Promise<Sent>[] = [];
    await held(rooms[0]?.id ?? '', ada.userId, async () => {
      const send = ({ viewer, input }: (typeof sends)[number]) => sent.push(chat.ask<Sent>(viewer, QUIET, { input }));
      sends.slice(0, 1).forEach(send);
      await sending(people, 1);
      sends.slice(1).forEach(send);
      await sending(people, 200);
    });
    answers = await Promise.all(sent);
  });
  // The first alone, and the others in two.
  expect(statements).toHaveLength(3);
  for (const [index, { id, memberCount }] of rooms.entries()) {
    const seqs = answers.filter((_, at) => at % 2 === index).map(({ sendMessage }) => sendMessage.message.seq);
    const expected = Array.from({ length: 100 }, (_, at) => memberCount + 1 + at);
    expect(seqs.toSorted((a, b) => a - b)).toEqual(expected);
    expect((await log(id)).slice(-100).map(({ seq }) => seq)).toEqual(expected);
    const stored = await chat.rows<{ id: string }>('select id from message where room_id = $1 order by seq', [id]);
    expect(await room(id)).toEqual([{ seq: memberCount + 100, last: stored.at(-1)?.id }]);
  }
});

test('what is refused among them is refused alone', async () => {
  const [ada, bob, eve] = [someone(), someone(), someone()];
  const { id } = await chat.createRoom(ada, [bob]);
  const input = (more: object = {}) => ({ input: { roomId: id, text: 'Hello', clientId: key(), ...more } });
  const first = chat.ask<Sent>(ada, QUIET, input());
  const [refused, good, twice] = await Promise.all([
    Promise.all([
      chat.refusal(eve, QUIET, input()),
      chat.refusal(ada, QUIET, input({ roomId: newId('rom') })),
      chat.refusal(ada, QUIET, input({ replyToId: newId('msg') })),
      chat.refusal(ada, QUIET, input({ mentionIds: [eve.userId] })),
    ]),
    Promise.all(Array.from({ length: 10 }, () => chat.ask<Sent>(bob, QUIET, input({ mentionIds: [ada.userId] })))),
    (async () => {
      const same = input();
      return Promise.all(Array.from({ length: 5 }, () => chat.ask<Sent>(bob, QUIET, same)));
    })(),
  ]);
  expect(refused).toEqual([
    'NOT_FOUND input.roomId',
    'NOT_FOUND input.roomId',
    'NOT_FOUND input.replyToId',
    'BAD_USER_INPUT input.mentionIds',
  ]);
  const ids = [await first, ...good, ...twice].map(({ sendMessage }) => sendMessage.message.id);
  expect(new Set(ids).size).toBe(12);
  expect(await chat.rows('select id from message where room_id = $1', [id])).toHaveLength(12);
});

test('nobody waits for the room of another', async () => {
  const [ada, bob] = [someone(), someone()];
  const [busy, quiet] = await roomsOfOneLane(
    () => chat.createRoom(ada),
    () => chat.createRoom(bob),
  );
  const send = (viewer: typeof ada, roomId: string, clientId = key()) =>
    chat.ask<Sent>(viewer, QUIET, { input: { roomId, text: 'Hello', clientId } });
  let heard = 0;
  let toBusy: Promise<Sent>[] = [];
  await chat.db().$transaction(
    async (tx) => {
      await tx.$executeRawUnsafe('select from room where id = $1 for update', busy.id);
      const same = key();
      await held(quiet.id, bob.userId, async () => {
        void send(bob, quiet.id);
        await sending([bob], 1);
        toBusy = [key(), key(), same, same].map((clientId) => send(ada, busy.id, clientId));
        for (const sent of toBusy) void sent.then(() => heard++);
        await sending([ada, bob], 5);
      });
      const waiting = `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
      await settle(async () => (await chat.rows<object>(waiting)).length > 0);
      for (let turn = 0; turn < 3; turn++) await send(bob, quiet.id);
      expect(heard).toBe(0);
    },
    { timeout: 15_000 },
  );
  const seqs = (await Promise.all(toBusy)).map(({ sendMessage }) => sendMessage.message.seq);
  expect(new Set(seqs)).toEqual(new Set([1, 2, 3].map((place) => busy.memberCount + place)));
  expect(await room(busy.id)).toMatchObject([{ seq: busy.memberCount + 3 }]);
});

test('what another process has sent meanwhile fails nobody', async () => {
  const [ada, bob] = [someone(), someone()];
  const [hers, his] = await roomsOfOneLane(
    () => chat.createRoom(ada),
    () => chat.createRoom(bob),
  );
  const same = { roomId: hers.id, text: 'Sent twice', clientId: key() };
  const first = await chat.ask<Sent>(ada, SEND, { input: { ...same, clientId: key() } });
  const sent: Promise<Sent>[] = [];
  const send = (viewer: typeof ada, input: object) => sent.push(chat.ask<Sent>(viewer, QUIET, { input }));
  await chat.db().$transaction(
    async (tx) => {
      // As the other process would, which has not committed yet.
      const update = 'update message set client_id = $1, text = $2 where id = $3';
      await tx.$executeRawUnsafe(update, same.clientId, same.text, first.sendMessage.message.id);
      await held(his.id, bob.userId, async () => {
        send(bob, { roomId: his.id, text: 'first', clientId: key() });
        await sending([bob], 1);
        send(ada, same);
        send(bob, { roomId: his.id, text: 'Hello', clientId: key() });
        await sending([ada, bob], 4);
      });
      const waiting = `select 1 from pg_stat_activity where datname = current_database() and wait_event = 'transactionid'`;
      await settle(async () => (await chat.rows<object>(waiting)).length > 0);
    },
    { timeout: 15_000 },
  );
  const [, again, other] = await Promise.all(sent);
  expect(again?.sendMessage.message.id).toBe(first.sendMessage.message.id);
  expect(other?.sendMessage.message.seq).toBe(his.memberCount + 2);
});

test('a message is stored by keys alone, however many there are', async () => {
  const ada = someone();
  const { id } = await chat.createRoom(ada);
  await chat.rows(
    `insert into message (id, room_id, seq, author_id, client_id, text, created_at)
     select 'msg_' || n, $1, 1000 + n, 'usr_' || n, n::text, 'Long ago', now() from generate_series(1, 1000) n`,
    [id],
  );
  await chat.rows('analyze message');
  const input = { roomId: id, text: 'Hello', clientId: key() };
  const [statement = ''] = await chat.statements.during(() => chat.ask(ada, QUIET, { input }));
  const plan = await chat.rows<Record<string, string>>(`explain ${statement}`, ['[]']);
  const lines = plan.map((line) => Object.values(line).join());
  expect(lines.filter((line) => line.includes('on message'))).not.toHaveLength(0);
  expect(lines.filter((line) => line.includes('Seq Scan on message'))).toEqual([]);
});
