import { readFileSync } from 'node:fs';
import { newId } from '@chorus/kit/ids';
import { testKeys } from '@chorus/kit/testing';
import { signToken } from '@chorus/kit/tokens';
import { ATTACHMENT } from '@chorus/schema/claims';
import { Kind, parse } from 'graphql';
import { expect, test } from 'vitest';
import { ACT, asService, CREATE, INVITE, JOIN, key, LEAVE, ROLE, SEND, someone, useChat } from './harness.ts';

// What a client makes of a snapshot and the events after it is what a new query says, whatever was done.

const chat = useChat({ HEAD_CHECK_MS: '600000' });

type Someone = ReturnType<typeof someone>;
interface MessageState {
  id: string;
  text: string;
  deletedAt: string | null;
  reactions: { emoji: string; count: number }[];
}
interface State {
  name: string | null;
  avatarId: string | null;
  members: Record<string, string>;
  messages: Record<string, MessageState>;
}
interface Frame extends Partial<MessageState> {
  __typename: string;
  seq: number;
  message: MessageState;
  user: { id: string };
  role: string;
  name: string | null;
  avatarId: string | null;
}

const MESSAGE = 'message { id text deletedAt reactions { emoji count } }';
const EVENTS = `subscription ($id: ID!, $after: String) { roomEvents(roomId: $id, after: $after) { __typename
  ... on MessageCreated { seq ${MESSAGE} } ... on MessageEdited { seq ${MESSAGE} } ... on MessageDeleted { seq ${MESSAGE} }
  ... on ReactionAdded { seq ${MESSAGE} } ... on ReactionRemoved { seq ${MESSAGE} }
  ... on MemberJoined { seq user { id } role } ... on MemberLeft { seq user { id } }
  ... on MemberRoleChanged { seq user { id } role } ... on RoomUpdated { seq name avatarId } } }`;
const QUERY = `query ($id: ID!) { room(id: $id) { name eventCursor memberCount
  members(first: 100) { edges { node { id } role } }
  messages(last: 100) { edges { node { id text deletedAt reactions { emoji count } } } } } }`;

interface Answer {
  room: {
    name: string | null;
    eventCursor: string;
    memberCount: number;
    members: { edges: { node: { id: string }; role: string }[] };
    messages: { edges: { node: MessageState }[] };
  };
}
async function query(viewer: Someone, id: string): Promise<State & { cursor: string; seq: number }> {
  const { room } = await chat.ask<Answer>(viewer, QUERY, { id });
  // The picture itself is media's; which one it is only the row says here.
  const [row] = await chat.rows<{ avatar_media_id: string | null; last_seq: number }>(
    'select avatar_media_id, last_seq from room where id = $1',
    [id],
  );
  const members = Object.fromEntries(room.members.edges.map(({ node, role }) => [node.id, role]));
  expect(room.memberCount).toBe(Object.keys(members).length);
  return {
    name: room.name,
    avatarId: row?.avatar_media_id ?? null,
    members,
    messages: Object.fromEntries(room.messages.edges.map(({ node }) => [node.id, node])),
    cursor: room.eventCursor,
    seq: row?.last_seq ?? 0,
  };
}

/** What a client does with a frame. */
function apply(state: State, frame: Frame): void {
  switch (frame.__typename) {
    case 'MemberJoined':
    case 'MemberRoleChanged':
      state.members[frame.user.id] = frame.role;
      return;
    case 'MemberLeft':
      delete state.members[frame.user.id];
      return;
    case 'RoomUpdated':
      Object.assign(state, { name: frame.name, avatarId: frame.avatarId });
      return;
    case 'ReactionAdded':
    case 'ReactionRemoved':
    case 'MessageCreated':
    case 'MessageEdited':
    case 'MessageDeleted':
      state.messages[frame.message.id] = frame.message;
      return;
  }
  throw new Error(`a client does not know what to do with ${frame.__typename}`);
}

/** A room in which something is about to happen: who watches it stays a member. */
interface Scene {
  id: string;
  watcher: Someone;
  owner: Someone;
  other: Someone;
}
type Mutation = [arrange: () => Promise<Scene>, act: (scene: Scene) => Promise<unknown>];

async function group(): Promise<Scene> {
  const [owner, watcher, other] = [someone(), someone(), someone()];
  const { id } = await chat.createRoom(owner, [watcher, other]);
  return { id, watcher, owner, other };
}
async function square(): Promise<Scene> {
  const [owner, watcher, other] = [someone(), someone(), someone()];
  const input = { name: 'Square', isPublic: true, memberIds: [watcher.userId], idempotencyKey: key() };
  const { createRoom } = await chat.ask<{ createRoom: { room: { id: string } } }>(asService(owner), CREATE, { input });
  return { id: createRoom.room.id, owner, watcher, other };
}
async function request(): Promise<Scene> {
  const [watcher, other] = [someone(), someone()];
  const open = 'mutation ($userId: ID!) { openDirectRoom(userId: $userId) { room { id } } }';
  const data = await chat.ask<{ openDirectRoom: { room: { id: string } } }>(watcher, open, { userId: other.userId });
  const { id } = data.openDirectRoom.room;
  await chat.send(watcher, id, 'hello');
  return { id, watcher, other, owner: watcher };
}
const done = (name: string): Mutation => [
  group,
  ({ id, owner, other }) => chat.ask(owner, ACT(name), { roomId: id, userId: other.userId }),
];
const roomOnly = (name: string, answer: string) => `mutation ($roomId: ID!) { ${name}(roomId: $roomId) { ${answer} } }`;
const messageOf = async ({ owner, id }: Scene) => (await chat.send(owner, id, 'first')).id;
const ofRoom = (name: string, rest = '') => `mutation ($id: ID!) { ${name}(roomId: $id${rest}) { room { id } } }`;
const react = (name: string) =>
  `mutation ($messageId: ID!, $emoji: String!) { ${name}(messageId: $messageId, emoji: $emoji) { message { id } } }`;

const mutations: Record<string, Mutation> = {
  createRoom: [group, () => group()],
  inviteToRoom: [
    group,
    async ({ id, owner }) => {
      await chat.ask(asService(owner), INVITE, { roomId: id, userIds: [someone().userId, someone().userId] });
      await chat.ask(owner, INVITE, { roomId: id, userIds: [someone().userId] });
    },
  ],
  acceptInvitation: [
    group,
    async ({ id, owner }) => {
      const guest = someone();
      await chat.ask(owner, INVITE, { roomId: id, userIds: [guest.userId] });
      await chat.ask(guest, roomOnly('acceptInvitation', 'room { id }'), { roomId: id });
    },
  ],
  declineInvitation: [
    group,
    async ({ id, owner }) => {
      const guest = someone();
      await chat.ask(owner, INVITE, { roomId: id, userIds: [guest.userId] });
      await chat.ask(guest, roomOnly('declineInvitation', 'roomId'), { roomId: id });
    },
  ],
  joinRoom: [square, ({ id, other }) => chat.ask(other, JOIN, { roomId: id })],
  leaveRoom: [group, ({ id, owner }) => chat.ask(owner, LEAVE, { roomId: id })],
  openDirectRoom: [
    request,
    ({ watcher, other }) =>
      chat.ask(other, 'mutation ($id: ID!) { openDirectRoom(userId: $id) { room { id } } }', { id: watcher.userId }),
  ],
  openPostRoom: [
    group,
    async ({ owner }) =>
      chat.ask(owner, 'mutation ($id: ID!) { openPostRoom(postId: $id) { room { id } } }', {
        id: await chat.post(owner),
      }),
  ],
  acceptMessageRequest: [
    request,
    ({ id, other }) => chat.ask(other, roomOnly('acceptMessageRequest', 'room { id }'), { roomId: id }),
  ],
  declineMessageRequest: [
    request,
    ({ id, other }) => chat.ask(other, roomOnly('declineMessageRequest', 'roomId'), { roomId: id }),
  ],
  updateRoom: [
    group,
    async ({ id, owner }) => {
      const picture = { id: newId('med'), owner: owner.userId, kind: 'image', size: 1 };
      const avatar = await signToken(testKeys.attachment, ATTACHMENT.typ, picture, 60);
      const update = 'mutation ($input: UpdateRoomInput!) { updateRoom(input: $input) { room { id } } }';
      await chat.ask(owner, update, { input: { roomId: id, avatar } });
      await chat.ask(owner, update, { input: { roomId: id, name: 'Renamed' } });
    },
  ],
  removeFromRoom: done('removeFromRoom'),
  banFromRoom: done('banFromRoom'),
  unbanFromRoom: done('unbanFromRoom'),
  changeRoomRole: [
    group,
    ({ id, owner, other }) => chat.ask(owner, ROLE, { roomId: id, userId: other.userId, role: 'ADMIN' }),
  ],
  transferRoom: done('transferRoom'),
  sendMessage: [
    group,
    ({ id, other }) => chat.ask(other, SEND, { input: { roomId: id, text: 'hi', clientId: key() } }),
  ],
  markRoomRead: [group, ({ id, watcher }) => chat.ask(watcher, ofRoom('markRoomRead', ', seq: 1'), { id })],
  muteRoom: [group, ({ id, watcher }) => chat.ask(watcher, ofRoom('muteRoom'), { id })],
  unmuteRoom: [group, ({ id, watcher }) => chat.ask(watcher, ofRoom('unmuteRoom'), { id })],
  setTyping: [
    group,
    ({ id, owner }) => chat.ask(owner, 'mutation ($id: ID!) { setTyping(roomId: $id) { roomId } }', { id }),
  ],
  editMessage: [
    group,
    async (scene) => {
      const input = { messageId: await messageOf(scene), text: 'second', clientId: key() };
      await chat.ask(
        scene.owner,
        'mutation ($input: EditMessageInput!) { editMessage(input: $input) { message { id } } }',
        { input },
      );
    },
  ],
  deleteMessage: [
    group,
    async (scene) =>
      chat.ask(scene.owner, 'mutation ($id: ID!) { deleteMessage(messageId: $id) { message { id } } }', {
        id: await messageOf(scene),
      }),
  ],
  reactToMessage: [
    group,
    async (scene) => chat.ask(scene.other, react('reactToMessage'), { messageId: await messageOf(scene), emoji: '👍' }),
  ],
  removeReaction: [
    group,
    async (scene) => {
      const on = { messageId: await messageOf(scene), emoji: '👍' };
      for (const name of ['reactToMessage', 'removeReaction']) await chat.ask(scene.other, react(name), on);
    },
  ],
};

test('every mutation has a case here', () => {
  const schema = parse(readFileSync(new URL('../../../schema/chat.graphql', import.meta.url), 'utf8'));
  const all = schema.definitions.flatMap((node) =>
    node.kind === Kind.OBJECT_TYPE_DEFINITION && node.name.value === 'Mutation' ? (node.fields ?? []) : [],
  );
  expect(Object.keys(mutations).sort()).toEqual(all.map(({ name }) => name.value).sort());
});

test.each(Object.keys(mutations))('after %s, snapshot and events equal a new query', async (name) => {
  const [arrange, act] = mutations[name] as Mutation;
  const scene = await arrange();
  const before = await query(scene.watcher, scene.id);
  await act(scene);
  const after = await query(scene.watcher, scene.id);
  const { cursor, seq, ...state } = before;
  const events = await chat
    .subscriptions()
    .subscribe<{ roomEvents: Frame }>(scene.watcher, EVENTS, { id: scene.id, after: cursor });
  for (let at = seq; at < after.seq;) {
    const { value } = await events.next();
    expect(value.errors).toBeUndefined();
    const frame = value.data.roomEvents as Frame;
    expect(frame.seq).toBe(at + 1);
    at = frame.seq;
    apply(state, frame);
  }
  await events.return?.();
  const { cursor: _cursor, seq: _seq, ...fresh } = after;
  expect(state).toEqual(fresh);
});
