import type { Viewer } from '@chorus/kit/viewer';
import { beforeAll, expect, test } from 'vitest';
import { key, someone, useChat } from './harness.ts';

// Only wake-ups explain what arrives in time.
const chat = useChat({ HEAD_CHECK_MS: '600000' });
let socket: ReturnType<typeof chat.subscriptions>;
beforeAll(() => {
  socket = chat.subscriptions();
});

const MESSAGE = 'message { id seq text editedAt deletedAt reactions { emoji count } }';
const EVENTS = `subscription ($roomId: ID!, $after: String) { roomEvents(roomId: $roomId, after: $after) {
  __typename
  ... on MessageCreated { ${MESSAGE} }
  ... on MessageEdited { ${MESSAGE} }
  ... on MessageDeleted { ${MESSAGE} }
  ... on ReactionAdded { emoji user { id } ${MESSAGE} }
  ... on ReactionRemoved { emoji user { id } ${MESSAGE} }
} }`;
const EDIT = 'mutation ($input: EditMessageInput!) { editMessage(input: $input) { message { id } } }';
const change = (name: string) => `mutation ($messageId: ID!, $emoji: String!) {
  ${name}(messageId: $messageId, emoji: $emoji) { message { id } }
}`;
const DELETE = 'mutation ($messageId: ID!) { deleteMessage(messageId: $messageId) { message { id } } }';

interface Frame {
  __typename: string;
  message: { id: string; text: string };
}
async function take(viewer: Viewer, room: { id: string; eventCursor: string }, count: number, during?: () => unknown) {
  const events = await socket.subscribe<{ roomEvents: Frame }>(viewer, EVENTS, {
    roomId: room.id,
    after: room.eventCursor,
  });
  const frames: Frame[] = [];
  for (const next = events.next.bind(events); frames.length < count;) {
    const pending = next();
    if (frames.length === 0) await during?.();
    const { value } = await pending;
    expect(value.errors).toBeUndefined();
    frames.push(value.data.roomEvents);
  }
  await events.return?.();
  return frames;
}

test('every change of a message is an event, with the message as it is now; a replay is no different in the end', async () => {
  const [ada, bob] = [someone(), someone()];
  const room = await chat.createRoom(ada, [bob]);
  const acts = async () => {
    const { id } = await chat.send(ada, room.id, 'one');
    await chat.ask(ada, EDIT, { input: { messageId: id, text: 'two', clientId: key() } });
    for (const viewer of [bob, ada]) await chat.ask(viewer, change('reactToMessage'), { messageId: id, emoji: '👍' });
    await chat.ask(bob, change('removeReaction'), { messageId: id, emoji: '👍' });
    const other = await chat.send(bob, room.id, 'gone');
    await chat.ask(ada, DELETE, { messageId: other.id });
    return { id, other: other.id };
  };
  let ids = { id: '', other: '' };
  const live = await take(bob, room, 7, async () => {
    ids = await acts();
  });
  const replayed = await take(ada, room, 7);
  const told = (frames: Frame[]) => frames.map(({ message, ...rest }) => ({ ...rest, id: message.id }));
  expect(told(live)).toEqual([
    { __typename: 'MessageCreated', id: ids.id },
    { __typename: 'MessageEdited', id: ids.id },
    { __typename: 'ReactionAdded', emoji: '👍', user: { id: bob.userId }, id: ids.id },
    { __typename: 'ReactionAdded', emoji: '👍', user: { id: ada.userId }, id: ids.id },
    { __typename: 'ReactionRemoved', emoji: '👍', user: { id: bob.userId }, id: ids.id },
    { __typename: 'MessageCreated', id: ids.other },
    { __typename: 'MessageDeleted', id: ids.other },
  ]);
  expect(told(replayed)).toEqual(told(live));

  // Each message that comes takes the place of the one before: what is left is what a query answers.
  const fold = (frames: Frame[]) => [...new Map(frames.map(({ message }) => [message.id, message])).values()];
  const query = `query ($id: ID!) { room(id: $id) { messages { edges { node ${MESSAGE.replace('message ', '')} } } } }`;
  const data = await chat.ask<{ room: { messages: { edges: { node: object }[] } } }>(ada, query, { id: room.id });
  const stored = data.room.messages.edges.map(({ node }) => node);
  expect(stored).toMatchObject([
    { text: 'two', reactions: [{ emoji: '👍', count: 1 }] },
    { text: '', reactions: [] },
  ]);
  expect(fold(live)).toEqual(stored);
  expect(fold(replayed)).toEqual(stored);
  // A late reader never gets the text that was edited away or deleted.
  expect(replayed.map(({ message }) => message.text)).toEqual(['two', 'two', 'two', 'two', 'two', '', '']);
});

test('what happens to a message wakes those who listen, each kind by itself', async () => {
  const ada = someone();
  const room = await chat.createRoom(ada);
  const { id } = await chat.send(ada, room.id, 'hello');
  const after = async (act: () => Promise<unknown>) => {
    const query = 'query ($id: ID!) { room(id: $id) { id eventCursor } }';
    const now = await chat.ask<{ room: { id: string; eventCursor: string } }>(ada, query, { id: room.id });
    const [frame] = await take(ada, now.room, 1, act);
    return frame?.__typename;
  };
  const reaction = { messageId: id, emoji: '👍' };
  const input = { messageId: id, text: 'changed', clientId: key() };
  expect(await after(() => chat.ask(ada, EDIT, { input }))).toBe('MessageEdited');
  expect(await after(() => chat.ask(ada, change('reactToMessage'), reaction))).toBe('ReactionAdded');
  expect(await after(() => chat.ask(ada, change('removeReaction'), reaction))).toBe('ReactionRemoved');
  expect(await after(() => chat.ask(ada, DELETE, { messageId: id }))).toBe('MessageDeleted');
});
