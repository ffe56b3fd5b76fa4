import { settle } from '@chorus/kit/testing';
import { beforeAll, expect, test } from 'vitest';
import { LEAVE, someone, useChat } from './harness.ts';

// The head check is longer than a test may take: what is read is read for a wake-up.
const chat = useChat({ HEAD_CHECK_MS: '600000' });
let socket: ReturnType<typeof chat.subscriptions>;
beforeAll(() => {
  socket = chat.subscriptions();
});

const EVENTS = `subscription ($roomId: ID!, $after: String) { roomEvents(roomId: $roomId, after: $after) {
  __typename
  ... on MessageCreated { message { seq text author { id } } }
  ... on RoomEnd { reason }
} }`;

test('a thousand who read a room cost one read of its log for each event, and no statement more', async () => {
  const people = Array.from({ length: 50 }, () => someone());
  const [ada = someone(), bob = someone()] = people;
  const room = await chat.createRoom(ada, people);
  let received = 0;
  let ended = 0;
  await chat.send(ada, room.id, 'to be replayed');
  // A hundred at a time: this is not about how many may begin at once.
  for (let wave = 1; wave <= 10; wave++) {
    for (let index = 0; index < 100; index++) {
      const reader = people[index % 50] ?? ada;
      const variables = { roomId: room.id, after: room.eventCursor };
      const stream = await socket.subscribe<{ roomEvents: { __typename: string } }>(reader, EVENTS, variables);
      void (async () => {
        for await (const { data } of stream) {
          if (data?.roomEvents.__typename === 'RoomEnd') ended++;
          else received++;
        }
      })();
    }
    await settle(() => received === 100 * wave, { limitMs: 30_000 });
  }
  // After this all of them stand at the end.
  await chat.send(ada, room.id, 'is everybody there?');
  await settle(() => received === 2000, { limitMs: 30_000 });
  const statements = await chat.statements.during(async () => {
    await chat.send(ada, room.id, 'yes');
    await settle(() => received === 3000, { limitMs: 30_000 });
  });
  // That of the message, that of the room in the answer, and the hub's.
  expect(statements.filter((statement) => statement.includes('as reader'))).toHaveLength(1);
  expect(statements).toHaveLength(3);

  // Who leaves reads once for each stream; nobody else does.
  const leaving = await chat.statements.during(async () => {
    await chat.ask(bob, LEAVE, { roomId: room.id });
    await settle(() => received === 3000 + 980 && ended === 20, { limitMs: 30_000 });
  });
  expect(leaving.filter((statement) => statement.includes('as reader'))).toHaveLength(21);
  await chat.send(ada, room.id, 'behind his back');
  await settle(() => received === 3000 + 980 * 2, { limitMs: 30_000 });
  expect(ended).toBe(20);
}, 90_000);

test('readers who come back all at once wait for each other, and nobody else for them', async () => {
  const ada = someone();
  const room = await chat.createRoom(ada);
  const HISTORY = 'query ($id: ID!) { room(id: $id) { messages(last: 1) { edges { node { text } } } } }';
  const heard: string[] = [];
  await chat.db().$transaction(
    async (tx) => {
      await tx.$executeRawUnsafe('lock table room_event in access exclusive mode'); // nobody reads a log
      for (let reader = 0; reader < 50; reader++) {
        const variables = { roomId: room.id, after: room.eventCursor };
        const stream = await socket.subscribe<{ roomEvents: { __typename: string } }>(ada, EVENTS, variables);
        void stream.next().then(({ value }) => heard.push(value?.data?.roomEvents.__typename ?? 'nothing'));
      }
      const waiting = `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
      await settle(async () => (await chat.rows<object>(waiting)).length >= 5);
      await chat.ask(ada, HISTORY, { id: room.id });
      expect(heard).toEqual([]);
    },
    { timeout: 15_000 },
  );
  await chat.send(ada, room.id, 'Back again');
  await settle(() => heard.length === 50);
  expect(new Set(heard)).toEqual(new Set(['MessageCreated']));
});
