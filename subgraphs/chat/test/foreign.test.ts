import { readFileSync } from 'node:fs';
import { newId } from '@chorus/kit/ids';
import { createSubgraphClient } from '@chorus/kit/testing';
import { anonymous, type Viewer } from '@chorus/kit/viewer';
import { type FieldDefinitionNode, Kind, parse } from 'graphql';
import { beforeAll, expect, test } from 'vitest';
import { asService, key, someone, useChat } from './harness.ts';

// What belongs to others is as if it were not there, at every field: the same answer, to the letter, for a room that is
// somebody else's and for one that never was.

const chat = useChat();

interface Ids {
  roomId: string;
  messageId: string;
  userId: string;
  postId: string;
  cursor: string;
}
type Case = [document: string, variables: (ids: Ids) => Record<string, unknown>];

const act = (name: string): Case => [
  `mutation ($roomId: ID!, $userId: ID!) { ${name}(roomId: $roomId, userId: $userId) { room { id name } } }`,
  ({ roomId, userId }) => ({ roomId, userId }),
];
const onRoom = (name: string, answer = 'room { id name }'): Case => [
  `mutation ($roomId: ID!) { ${name}(roomId: $roomId) { ${answer} } }`,
  ({ roomId }) => ({ roomId }),
];
const onMessage = (name: string): Case => [
  `mutation ($messageId: ID!, $emoji: String!) { ${name}(messageId: $messageId, emoji: $emoji) { message { text } } }`,
  ({ messageId }) => ({ messageId, emoji: '👍' }),
];
const list = (name: string): Case => [
  `{ ${name} { edges { node { ${name === 'roomInvitations' ? 'roomId' : 'id'} } } } }`,
  () => ({}),
];
const writes = (name: string, type: string, input: (ids: Ids) => object, answer: string): Case => [
  `mutation ($input: ${type}!) { ${name}(input: $input) { ${answer} } }`,
  (ids) => ({ input: input(ids) }),
];
const clientId = key();

/** Every root field of the schema, with what it takes to name somebody else's room there. */
const cases: Record<string, Case | null> = {
  'Query.room': [
    'query ($roomId: ID!) { room(id: $roomId) { id name messages { edges { node { text } } } } }',
    ({ roomId }) => ({ roomId }),
  ],
  'Query.rooms': list('rooms'),
  'Query.messageRequests': list('messageRequests'),
  'Query.roomInvitations': list('roomInvitations'),
  'Query.publicRooms': list('publicRooms'),
  'Mutation.createRoom': writes(
    'createRoom',
    'CreateRoomInput',
    ({ userId }) => ({ name: 'Mine', memberIds: [userId], idempotencyKey: newId('key') }),
    'room { memberCount }',
  ),
  'Mutation.inviteToRoom': [
    'mutation ($roomId: ID!, $userIds: [ID!]!) { inviteToRoom(roomId: $roomId, userIds: $userIds) { room { id } } }',
    ({ roomId, userId }) => ({ roomId, userIds: [userId] }),
  ],
  'Mutation.acceptInvitation': onRoom('acceptInvitation'),
  'Mutation.declineInvitation': onRoom('declineInvitation', 'roomId'),
  'Mutation.joinRoom': onRoom('joinRoom'),
  'Mutation.leaveRoom': onRoom('leaveRoom', 'roomId'),
  'Mutation.openDirectRoom': [
    'mutation ($userId: ID!) { openDirectRoom(userId: $userId) { room { memberCount } } }',
    ({ userId }) => ({ userId }),
  ],
  'Mutation.openPostRoom': [
    'mutation ($postId: ID!) { openPostRoom(postId: $postId) { room { id } } }',
    ({ postId }) => ({ postId }),
  ],
  'Mutation.acceptMessageRequest': onRoom('acceptMessageRequest'),
  'Mutation.declineMessageRequest': onRoom('declineMessageRequest', 'roomId'),
  'Mutation.updateRoom': writes(
    'updateRoom',
    'UpdateRoomInput',
    ({ roomId }) => ({ roomId, name: 'Mine' }),
    'room { name }',
  ),
  'Mutation.removeFromRoom': act('removeFromRoom'),
  'Mutation.banFromRoom': act('banFromRoom'),
  'Mutation.unbanFromRoom': act('unbanFromRoom'),
  'Mutation.changeRoomRole': [
    'mutation ($roomId: ID!, $userId: ID!) { changeRoomRole(roomId: $roomId, userId: $userId, role: MEMBER) { room { id } } }',
    ({ roomId, userId }) => ({ roomId, userId }),
  ],
  'Mutation.transferRoom': act('transferRoom'),
  'Mutation.sendMessage': writes(
    'sendMessage',
    'SendMessageInput',
    ({ roomId }) => ({ roomId, text: 'hi', clientId }),
    'message { id }',
  ),
  'Query.searchMessages': [
    'query ($roomId: ID!) { searchMessages(query: "secret", roomId: $roomId) { edges { node { text } } } }',
    ({ roomId }) => ({ roomId }),
  ],
  'Query.unreadMessageCount': ['{ unreadMessageCount }', () => ({})],
  'Mutation.markRoomRead': [
    'mutation ($roomId: ID!) { markRoomRead(roomId: $roomId, seq: 1) { room { name } } }',
    ({ roomId }) => ({ roomId }),
  ],
  'Mutation.muteRoom': onRoom('muteRoom'),
  'Mutation.unmuteRoom': onRoom('unmuteRoom'),
  'Mutation.setTyping': onRoom('setTyping', 'roomId'),
  'Mutation.editMessage': writes(
    'editMessage',
    'EditMessageInput',
    ({ messageId }) => ({ messageId, text: 'hi', clientId }),
    'message { id }',
  ),
  'Mutation.deleteMessage': [
    'mutation ($messageId: ID!) { deleteMessage(messageId: $messageId) { message { id } } }',
    ({ messageId }) => ({ messageId }),
  ],
  'Mutation.reactToMessage': onMessage('reactToMessage'),
  'Mutation.removeReaction': onMessage('removeReaction'),
  'Subscription.roomEvents': [
    'subscription ($roomId: ID!) { roomEvents(roomId: $roomId) { __typename } }',
    ({ roomId }) => ({ roomId }),
  ],
  'Subscription.typing': [
    'subscription ($roomId: ID!) { typing(roomId: $roomId) { isTyping } }',
    ({ roomId }) => ({ roomId }),
  ],
  // A position in another's room is answered by its end: inbox.test.ts.
  'Subscription.inboxEvents': null,
  // Names no room, and says nothing of strangers: presence.test.ts.
  'Subscription.presence': null,
};
/** Every entity that this subgraph resolves. */
const entities: Record<string, [selection: string, key: (ids: Ids) => object]> = {
  Room: ['name messages { edges { node { text } } }', ({ roomId: id }) => ({ id })],
  Message: ['text author { id }', ({ messageId: id }) => ({ id })],
  Post: ['discussion { id }', ({ postId: id }) => ({ id })],
};

const schema = parse(readFileSync(new URL('../../../schema/chat.graphql', import.meta.url), 'utf8'));
const types = schema.definitions.filter((node) => node.kind === Kind.OBJECT_TYPE_DEFINITION);

test('every root field and every entity has a case here', () => {
  const roots = types.filter(({ name }) => ['Query', 'Mutation', 'Subscription'].includes(name.value));
  const fields = roots.flatMap(({ name: type, fields: of = [] }) =>
    of.map(({ name }: FieldDefinitionNode) => `${type.value}.${name.value}`),
  );
  expect(Object.keys(cases).sort()).toEqual(fields.sort());
  const resolved = types.filter(({ directives = [] }) =>
    directives.some(
      ({ name, arguments: of = [] }) => name.value === 'key' && !of.some((one) => one.name.value === 'resolvable'),
    ),
  );
  expect(Object.keys(entities).sort()).toEqual(resolved.map(({ name }) => name.value).sort());
});

const missing = (): Ids => ({
  roomId: newId('rom'),
  messageId: newId('msg'),
  userId: newId('usr'),
  postId: newId('pst'),
  cursor: '',
});
const foreign: Record<string, Ids> = {};
beforeAll(async () => {
  const [ada, bob] = [someone(), someone()];
  await chat.privacy(ada);
  const post = await chat.post(ada);
  await chat.follows(bob, ada);
  const direct = await chat.ask<{ openDirectRoom: { room: { id: string } } }>(
    ada,
    'mutation ($userId: ID!) { openDirectRoom(userId: $userId) { room { id } } }',
    { userId: bob.userId },
  );
  const about = await chat.ask<{ openPostRoom: { room: { id: string } } }>(
    asService(bob),
    'mutation ($postId: ID!) { openPostRoom(postId: $postId) { room { id } } }',
    { postId: post },
  );
  await chat.ask(bob, 'mutation ($roomId: ID!) { joinRoom(roomId: $roomId) { room { id } } }', {
    roomId: about.openPostRoom.room.id,
  });
  const group = await chat.createRoom(ada, [bob], 'Secret');
  const rooms = { group: group.id, direct: direct.openDirectRoom.room.id, post: about.openPostRoom.room.id };
  for (const [name, roomId] of Object.entries(rooms)) {
    const { id: messageId } = await chat.send(bob, roomId, 'secret');
    foreign[name] = { roomId, messageId, userId: bob.userId, postId: post, cursor: '' };
  }
});

/** An answer, with its ids made equal. */
async function answer(viewer: Viewer, [document, variables]: Case, ids: Ids): Promise<string> {
  const given = variables(ids);
  if (document.startsWith('subscription')) {
    const events = await chat.subscriptions().subscribe(viewer, document, given);
    return JSON.stringify((await events.next()).value);
  }
  const text = JSON.stringify(await createSubgraphClient(chat.url()).ask(viewer, document, given));
  return Object.values(ids).reduce((rest, id) => (id === '' ? rest : rest.replaceAll(id, 'ID')), text);
}

const asking = Object.entries(cases).flatMap(([name, asked]) => (asked === null ? [] : [[name, asked] as const]));
test.each(asking)('%s tells a stranger as much of a room as of none', async (_, asked) => {
  const before = await stored();
  for (const viewer of [someone(), anonymous]) {
    const none = await answer(viewer, asked, missing());
    for (const ids of Object.values(foreign)) {
      expect(await answer(viewer.userId === null ? viewer : { ...viewer, userId: newId('usr') }, asked, ids)).toBe(
        none,
      );
    }
  }
  expect(await stored()).toEqual(before);
});

/** What is in the rooms of others. */
const stored = () =>
  chat.rows(
    `select room.id, name, member_count, last_seq, (select count(*) from room_ban where room_id = room.id) as bans,
      (select count(*) from room_invitation where room_id = room.id) as invitations
     from room where id = any($1) order by id`,
    [Object.values(foreign).map(({ roomId }) => roomId)],
  );

test.each(Object.keys(entities))('%s by reference tells a stranger as much of one as of none', async (type) => {
  const [selection, keyOf] = entities[type] ?? ['', () => ({})];
  const asked: Case = [
    `query ($of: [_Any!]!) { _entities(representations: $of) { ... on ${type} { ${selection} } } }`,
    (ids) => ({ of: [{ __typename: type, ...keyOf(ids) }] }),
  ];
  for (const viewer of [someone(), anonymous]) {
    const none = await answer(viewer, asked, missing());
    for (const ids of Object.values(foreign)) expect(await answer(viewer, asked, ids)).toBe(none);
  }
});
