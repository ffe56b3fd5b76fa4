import { newId } from '@chorus/kit/ids';
import { anonymous, type Viewer } from '@chorus/kit/viewer';
import { beforeAll, expect, test } from 'vitest';
import { LEAVE, type Message, type Room, someone, useChat } from './harness.ts';

const chat = useChat();
const [ada, bob, eve] = [someone(), someone(), someone()];
let room: Room;
beforeAll(async () => {
  room = await chat.createRoom(ada, [bob]);
});

interface Reaction {
  emoji: string;
  count: number;
  viewerHasReacted: boolean;
}
const mutation = (name: string) => `mutation ($messageId: ID!, $emoji: String!) {
  change: ${name}(messageId: $messageId, emoji: $emoji) { message { id reactions { emoji count viewerHasReacted } } }
}`;
const [REACT, REMOVE] = [mutation('reactToMessage'), mutation('removeReaction')];
const change = async (viewer: Viewer, document: string, messageId: string, emoji: string) => {
  const data = await chat.ask<{ change: { message: { reactions: Reaction[] } } }>(viewer, document, {
    messageId,
    emoji,
  });
  return data.change.message.reactions;
};
const react = (viewer: Viewer, { id }: Message, emoji: string) => change(viewer, REACT, id, emoji);
const unreact = (viewer: Viewer, { id }: Message, emoji: string) => change(viewer, REMOVE, id, emoji);
const kinds = async ({ id }: Message) =>
  (
    await chat.rows<{ kind: string }>(
      "select kind from room_event where message_id = $1 and kind like 'REACTION%' order by seq",
      [id],
    )
  ).map(({ kind }) => kind);

test('reactions are counted by emoji, in the order in which they came, and say which are the viewer’s', async () => {
  const message = await chat.send(ada, room.id, 'nice');
  await react(ada, message, '❤️');
  expect(await react(bob, message, '👍')).toEqual([
    { emoji: '❤️', count: 1, viewerHasReacted: false },
    { emoji: '👍', count: 1, viewerHasReacted: true },
  ]);
  expect(await react(ada, message, '👍')).toEqual([
    { emoji: '❤️', count: 1, viewerHasReacted: true },
    { emoji: '👍', count: 2, viewerHasReacted: true },
  ]);
  expect(await unreact(bob, message, '👍')).toEqual([
    { emoji: '❤️', count: 1, viewerHasReacted: false },
    { emoji: '👍', count: 1, viewerHasReacted: false },
  ]);
  expect(await unreact(ada, message, '❤️')).toEqual([{ emoji: '👍', count: 1, viewerHasReacted: true }]);
  // Gone and back again, it is the last.
  expect((await react(bob, message, '❤️')).map(({ emoji }) => emoji)).toEqual(['👍', '❤️']);
});

test('reacting is idempotent, also at once, and so is taking back', async () => {
  const message = await chat.send(ada, room.id, 'again');
  const all = <T>(run: () => Promise<T>) => Promise.all(Array.from({ length: 8 }, run));
  await react(ada, message, '👍');
  for (const answer of await all(() => react(bob, message, '👍'))) expect(answer[0]?.count).toBe(2);
  expect(await kinds(message)).toEqual(['REACTION_ADDED', 'REACTION_ADDED']);
  for (const answer of await all(() => unreact(bob, message, '👍'))) expect(answer[0]?.count).toBe(1);
  expect(await kinds(message)).toEqual(['REACTION_ADDED', 'REACTION_ADDED', 'REACTION_REMOVED']);
});

test('forty people at once, with two emoji each, some changing their mind: counts are the rows', async () => {
  const people = Array.from({ length: 40 }, () => someone());
  const { id } = await chat.createRoom(ada, people);
  const message = await chat.send(ada, id, 'popular');
  await Promise.all(
    people.map(async (person, n) => {
      await Promise.all([react(person, message, '👍'), react(person, message, '🎉')]);
      if (n % 2 === 0) await unreact(person, message, '👍');
    }),
  );
  expect(await react(ada, message, '👍')).toEqual(
    expect.arrayContaining([
      { emoji: '👍', count: 21, viewerHasReacted: true },
      { emoji: '🎉', count: 40, viewerHasReacted: false },
    ]),
  );
  expect(await chat.rows('select from message_reaction where message_id = $1', [message.id])).toHaveLength(61);
  const [log] = await chat.rows<{ last: number; entries: number }>(
    `select last_seq as last, (select count(*)::int from room_event where room_id = room.id) as entries
     from room where id = $1`,
    [id],
  );
  expect(log?.entries).toBe(log?.last);
});

test('a message has at most twenty different emoji, also when more come at once', async () => {
  const message = await chat.send(ada, room.id, 'colourful');
  const emoji = Array.from({ length: 25 }, (_, n) => String.fromCodePoint(0x1f400 + n));
  const variables = (one: string) => ({ messageId: message.id, emoji: one });
  const codes = await Promise.all(
    emoji.map((one, n) =>
      chat.ask(n % 2 === 0 ? ada : bob, REACT, variables(one)).then(
        () => 'done',
        () => 'refused',
      ),
    ),
  );
  expect(codes.filter((code) => code === 'done')).toHaveLength(20);
  const there = emoji.find((_, n) => codes[n] === 'done') ?? '';
  const missing = emoji.find((_, n) => codes[n] === 'refused') ?? '';
  expect(await chat.refusal(ada, REACT, variables(missing))).toBe('BAD_USER_INPUT emoji');
  expect(await react(ada, message, there)).toHaveLength(20);
  expect(await react(bob, message, there)).toContainEqual({ emoji: there, count: 2, viewerHasReacted: true });
});

test('what is no emoji, no message or not the viewer’s room is refused and changes nothing', async () => {
  const gone = someone();
  const { id: roomId } = await chat.createRoom(ada, [gone]);
  const message = await chat.send(ada, roomId, 'here');
  await react(gone, message, '👍');
  await chat.ask(gone, LEAVE, { roomId });
  const before = await chat.rows('select last_seq from room where id = $1', [roomId]);
  for (const emoji of ['', 'x', '1', '👍👍', ' 👍', '<b>', '👍\0', 'x'.repeat(10_000), '\ud83d']) {
    for (const document of [REACT, REMOVE]) {
      expect(await chat.refusal(ada, document, { messageId: message.id, emoji })).toBe('BAD_USER_INPUT emoji');
    }
  }
  for (const document of [REACT, REMOVE]) {
    const variables = { messageId: message.id, emoji: '👍' };
    expect(await chat.refusal(anonymous, document, variables)).toBe('UNAUTHENTICATED');
    for (const viewer of [eve, gone]) {
      expect(await chat.refusal(viewer, document, variables)).toBe('NOT_FOUND messageId');
    }
    for (const messageId of [newId('msg'), roomId, 'nonsense']) {
      expect(await chat.refusal(ada, document, { ...variables, messageId })).toBe('NOT_FOUND messageId');
    }
  }
  expect(await chat.rows('select last_seq from room where id = $1', [roomId])).toEqual(before);
  for (const emoji of ['1️⃣', '🇪🇺', '👩‍👩‍👧', '🏴󠁧󠁢󠁳󠁣󠁴󠁿', '✊🏽']) {
    expect(await react(ada, message, emoji)).toContainEqual({ emoji, count: 1, viewerHasReacted: true });
  }
});

test('a change is one statement; a page of messages with their reactions is as many as one message', async () => {
  const { id: roomId } = await chat.createRoom(ada, [bob]);
  const document =
    'mutation ($id: ID!) { reactToMessage(messageId: $id, emoji: "👍") { message { reactions { count } } } }';
  const gone =
    'mutation ($id: ID!) { removeReaction(messageId: $id, emoji: "👍") { message { reactions { count } } } }';
  for (let n = 0; n < 8; n++) {
    const message = await chat.send(ada, roomId, `m${n}`);
    await react(bob, message, '👍');
    const variables = { id: message.id };
    expect(await chat.statements.during(() => chat.ask(ada, document, variables))).toHaveLength(1);
    expect(await chat.statements.during(() => chat.ask(ada, gone, variables))).toHaveLength(1);
  }
  const query = `query ($id: ID!, $last: Int) { room(id: $id) { messages(last: $last) {
    edges { node { reactions { emoji count viewerHasReacted } } }
  } } }`;
  const ask = (last: number) => chat.statements.during(() => chat.ask(bob, query, { id: roomId, last }));
  expect(await ask(1)).toHaveLength(3);
  expect(await ask(8)).toHaveLength(3);
});
