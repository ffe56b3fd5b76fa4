/** What chat does while an account is closed, and once it is erased. */
import { newId } from '@chorus/kit/ids';
import { createSubgraphClient } from '@chorus/kit/testing';
import type { Viewer } from '@chorus/kit/viewer';
import { describe, expect, test } from 'vitest';
import { CREATE, INVITE, JOIN, key, SEND, someone, useChat } from './harness.ts';
import { roomEvents, texts } from './room-events.ts';

const chat = useChat();
const { listen, cursorOf } = roomEvents(chat);

type Someone = ReturnType<typeof someone>;
const OPEN = 'mutation ($userId: ID!) { openDirectRoom(userId: $userId) { room { id } } }';
const ACCEPT = 'mutation ($roomId: ID!) { acceptMessageRequest(roomId: $roomId) { room { id } } }';
const EDIT = 'mutation ($input: EditMessageInput!) { editMessage(input: $input) { message { text } } }';
const REACT =
  'mutation ($id: ID!, $emoji: String!) { reactToMessage(messageId: $id, emoji: $emoji) { message { id } } }';
const UNREACT =
  'mutation ($id: ID!, $emoji: String!) { removeReaction(messageId: $id, emoji: $emoji) { message { id } } }';
const DELETE = 'mutation ($id: ID!) { deleteMessage(messageId: $id) { message { text } } }';
const TYPE = 'mutation ($roomId: ID!) { setTyping(roomId: $roomId, isTyping: true) { roomId } }';
const ROOM = `query ($id: ID!) { room(id: $id) { viewerRole peer { id } lastMessage { text }
  messages { edges { node { seq text author { id } } } } } }`;

const open = async (viewer: Viewer, { userId }: Someone) =>
  (await chat.ask<{ openDirectRoom: { room: { id: string } } }>(viewer, OPEN, { userId })).openDirectRoom.room.id;
const room = async (viewer: Viewer, id: string) =>
  (await chat.ask<{ room: Record<string, unknown> | null }>(viewer, ROOM, { id })).room;
const listed = async (viewer: Viewer, list: 'rooms' | 'messageRequests' | 'roomInvitations') => {
  const what = list === 'roomInvitations' ? 'roomId' : 'id';
  const data = await chat.ask<Record<string, { edges: { node: unknown }[] }>>(
    viewer,
    `{ ${list} { edges { node { ${what} } } } }`,
  );
  return data[list]?.edges.length;
};
/** How one mutation was refused. */
const refused = async (viewer: Viewer, document: string, variables: Record<string, unknown>) => {
  const { errors = [] } = await createSubgraphClient(chat.url()).ask(viewer, document, variables);
  expect(errors).toHaveLength(1);
  const { code, reason } = errors[0]?.extensions ?? {};
  return { code, reason };
};
const message = (roomId: string, text = 'Is anybody there?') => ({ input: { roomId, text, clientId: key() } });
const NOBODY = { code: 'FORBIDDEN', reason: 'PEER_UNAVAILABLE' };
const HIDDEN = { code: 'NOT_FOUND', reason: undefined };

/** Two friends with a room in which both have written. */
async function pair() {
  const [ada, bob] = [someone(), someone()];
  await chat.follows(bob, ada);
  const id = await open(ada, bob);
  const said = await chat.send(ada, id, 'From Ada');
  const answer = await chat.send(bob, id, 'From Bob');
  await chat.ask(bob, REACT, { id: said.id, emoji: '👍' });
  return { ada, bob, id, said, answer };
}
/** Whatever would add to a room is refused; what takes back one's own is not. */
async function expectNobodyThere(
  bob: Someone,
  { id, said, answer }: { id: string; said: { id: string }; answer: { id: string } },
) {
  expect(await refused(bob, SEND, message(id))).toEqual(NOBODY);
  const edit = { input: { messageId: answer.id, text: 'Changed', clientId: key() } };
  expect(await refused(bob, EDIT, edit)).toEqual(NOBODY);
  expect(await refused(bob, REACT, { id: answer.id, emoji: '🎉' })).toEqual(NOBODY);
  expect(await refused(bob, TYPE, { roomId: id })).toEqual(HIDDEN);
  await chat.ask(bob, UNREACT, { id: said.id, emoji: '👍' });
}

describe('a direct room', () => {
  test.each(['DEACTIVATED', 'DELETED'] as const)(
    'of whose two one is %s is there to read, and not to write in',
    async (state) => {
      const { ada, bob, id, said, answer } = await pair();
      const first = message(id, 'Sent before');
      await chat.ask(bob, SEND, first);
      const before = await room(bob, id);
      await chat.account(ada, state);

      expect(await room(bob, id)).toEqual(before);
      expect(await listed(bob, 'rooms')).toBe(1);
      await expectNobodyThere(bob, { id, said, answer });
      // The same again is still the same message; nobody finds the person to write to anew.
      await chat.ask(bob, SEND, first);
      expect(await refused(bob, OPEN, { userId: ada.userId })).toEqual(HIDDEN);

      await chat.account(ada, 'ACTIVE');
      await chat.send(bob, id, 'You are back');
      await chat.ask(bob, REACT, { id: said.id, emoji: '🎉' });
      expect(await open(bob, ada)).toBe(id);
      expect(await room(ada, id)).toMatchObject({ lastMessage: { text: 'You are back' }, peer: { id: bob.userId } });
    },
  );

  test('of whose two one is erased keeps its places, without text and author, and takes nothing more', async () => {
    const { ada, bob, id, said, answer } = await pair();
    await chat.account(ada, 'DELETED', newId('del'));
    expect(await room(bob, id)).toEqual({
      viewerRole: 'MEMBER',
      peer: null,
      lastMessage: { text: 'From Bob' },
      messages: {
        edges: [
          { node: { seq: said.seq, text: '', author: null } },
          { node: { seq: answer.seq, text: 'From Bob', author: { id: bob.userId } } },
        ],
      },
    });
    await chat.ask(bob, 'mutation ($id: ID!) { markRoomRead(roomId: $id, seq: 9) { __typename } }', { id });
    expect(await refused(bob, SEND, message(id))).toEqual(NOBODY);
    const edit = { input: { messageId: answer.id, text: 'Changed', clientId: key() } };
    expect(await refused(bob, EDIT, edit)).toEqual(NOBODY);
    expect(await refused(bob, REACT, { id: answer.id, emoji: '🎉' })).toEqual(NOBODY);
    expect(await chat.ask(bob, DELETE, { id: answer.id })).toEqual({ deleteMessage: { message: { text: '' } } });
    // Whoever comes with a new account is a stranger as any other.
    expect(await open(bob, someone())).not.toBe(id);
  });

  test('that is a request is hidden with who asked, and no request for who was asked', async () => {
    const [ada, bob] = [someone(), someone()];
    const id = await open(ada, bob);
    await chat.send(ada, id, 'Hello');
    await chat.account(ada, 'DEACTIVATED');
    expect([await listed(bob, 'messageRequests'), await room(bob, id)]).toEqual([0, null]);
    expect(await refused(bob, ACCEPT, { roomId: id })).toEqual(HIDDEN);
    await chat.account(ada, 'ACTIVE');
    expect(await listed(bob, 'messageRequests')).toBe(1);

    await chat.account(bob, 'DEACTIVATED');
    expect(await refused(ada, SEND, message(id))).toEqual(NOBODY);
    await chat.follows(bob, ada);
    expect(await refused(ada, SEND, message(id))).toEqual(NOBODY);
    await chat.account(bob, 'ACTIVE');
    await chat.send(ada, id, 'Friends by now');
    expect(await room(bob, id)).toMatchObject({ viewerRole: 'MEMBER', lastMessage: { text: 'Friends by now' } });
  });
});

test('in a group of others a closed account stays, and the rest go on', async () => {
  const [ada, bob, cem] = [someone(), someone(), someone()];
  const { id } = await chat.createRoom(ada, [bob, cem]);
  const said = await chat.send(ada, id, 'From Ada');
  await chat.account(ada, 'DEACTIVATED');
  await chat.send(bob, id, 'From Bob');
  await chat.ask(cem, REACT, { id: said.id, emoji: '👍' });
  await chat.account(ada, 'ACTIVE');
  expect(await room(ada, id)).toMatchObject({ viewerRole: 'OWNER', lastMessage: { text: 'From Bob' } });
  await chat.send(ada, id, 'Back');
});

test('what a closed account asked of others, and the room about its post, are hidden until it is back', async () => {
  const [ada, bob, cem] = [someone(), someone(), someone()];
  const { id } = await chat.createRoom(ada);
  await chat.ask(ada, INVITE, { roomId: id, userIds: [bob.userId] });
  const postId = await chat.post(ada);
  const OF_POST = 'mutation ($postId: ID!) { openPostRoom(postId: $postId) { room { id } } }';
  const { openPostRoom } = await chat.ask<{ openPostRoom: { room: { id: string } } }>(cem, OF_POST, { postId });
  const about = openPostRoom.room.id;
  await chat.ask(cem, JOIN, { roomId: about });
  const events = await listen(cem, about, await cursorOf(cem, about));
  await chat.send(cem, about, 'Good to see it');
  expect(texts(await events.take(1))).toEqual(['Good to see it']);
  const seen = async () => [await listed(bob, 'roomInvitations'), (await room(cem, about)) !== null];
  expect(await seen()).toEqual([1, true]);
  await chat.account(ada, 'DEACTIVATED');
  expect(await seen()).toEqual([0, false]);
  expect(texts(await events.take(2))).toEqual(['RoomEnd']);
  expect(await refused(cem, SEND, message(about))).toEqual(HIDDEN);
  await chat.account(ada, 'ACTIVE');
  expect(await seen()).toEqual([1, true]);
  await chat.send(cem, about, 'Good to see it again');
});

test('an access token that outlives its account writes nothing', async () => {
  const { ada, id, said, answer } = await pair();
  const group = await chat.createRoom(someone(), [ada]);
  const publicRoom = { input: { name: 'Public', isPublic: true, idempotencyKey: key() } };
  const made = await chat.ask<{ createRoom: { room: { id: string } } }>(someone(), CREATE, publicRoom);
  await chat.account(ada, 'DEACTIVATED');
  const writes: [string, Record<string, unknown>][] = [
    [SEND, message(id)],
    [SEND, message(group.id)],
    [EDIT, { input: { messageId: said.id, text: 'Changed', clientId: key() } }],
    [REACT, { id: answer.id, emoji: '👍' }],
    [CREATE, { input: { name: 'A room', idempotencyKey: key() } }],
    [JOIN, { roomId: made.createRoom.room.id }],
    [OPEN, { userId: someone().userId }],
  ];
  for (const [document, variables] of writes) {
    expect({ document, ...(await refused(ada, document, variables)) }).toMatchObject({
      document,
      code: 'UNAUTHENTICATED',
    });
  }
});
