import { newId } from '@chorus/kit/ids';
import { createSubgraphClient, testKeys } from '@chorus/kit/testing';
import { signToken } from '@chorus/kit/tokens';
import { anonymous, type Viewer } from '@chorus/kit/viewer';
import { ATTACHMENT } from '@chorus/schema/claims';
import { beforeAll, expect, test } from 'vitest';
import { ACT, asService, CREATE, INVITE, key, LEAVE, ROLE, SEND, someone, useChat } from './harness.ts';

const chat = useChat({ HEAD_CHECK_MS: '600000' });
let socket: ReturnType<typeof chat.subscriptions>;
beforeAll(() => {
  socket = chat.subscriptions();
});

type Someone = ReturnType<typeof someone>;
const [REMOVE, BAN, UNBAN, TRANSFER] = [
  ACT('removeFromRoom'),
  ACT('banFromRoom'),
  ACT('unbanFromRoom'),
  ACT('transferRoom'),
];
const ACCEPT = 'mutation ($roomId: ID!) { acceptInvitation(roomId: $roomId) { room { id viewerRole } } }';
const DECLINE = 'mutation ($roomId: ID!) { declineInvitation(roomId: $roomId) { roomId } }';
const UPDATE = `mutation ($input: UpdateRoomInput!) { updateRoom(input: $input) { room { name avatar { ref } } } }`;
const INVITATIONS = `{ roomInvitations { edges { node { roomId roomName memberCount invitedBy { id } createdAt avatar { ref } } } } }`;

const invitations = async (viewer: Viewer) =>
  (
    await chat.ask<{ roomInvitations: { edges: { node: Record<string, unknown> }[] } }>(viewer, INVITATIONS)
  ).roomInvitations.edges.map(({ node }) => node);
const roles = async (roomId: string) =>
  (
    await chat.rows<{ role: string; user_id: string }>(
      'select role, user_id from room_member where room_id = $1 order by joined_seq',
      [roomId],
    )
  ).map(({ role, user_id }) => `${role} ${user_id}`);
const picture = (owner: string, typ: string = ATTACHMENT.typ) =>
  signToken(testKeys.attachment, typ, { id: newId('med'), owner, kind: 'image', size: 1 }, 60);

test('followers are added at once, everybody else is asked, and joins by accepting', async () => {
  const [ada, fan, bob, cem] = [someone(), someone(), someone(), someone()];
  await chat.follows(fan, ada);
  const input = { name: 'Kitchen', memberIds: [fan.userId, bob.userId], idempotencyKey: key() };
  const { createRoom } = await chat.ask<{ createRoom: { room: { id: string } } }>(ada, CREATE, { input });
  const roomId = createRoom.room.id;
  expect(await roles(roomId)).toEqual([`OWNER ${ada.userId}`, `MEMBER ${fan.userId}`]);
  const asked = await chat.ask(
    fan,
    `mutation ($roomId: ID!, $userIds: [ID!]!) {
    inviteToRoom(roomId: $roomId, userIds: $userIds) { invited { id } room { memberCount } } }`,
    { roomId, userIds: [cem.userId, ada.userId] },
  );
  expect(asked).toEqual({ inviteToRoom: { invited: [{ id: cem.userId }], room: { memberCount: 2 } } });
  expect(await invitations(bob)).toEqual([
    {
      roomId,
      roomName: 'Kitchen',
      memberCount: 2,
      invitedBy: { id: ada.userId },
      createdAt: expect.any(String),
      avatar: null,
    },
  ]);
  // Being asked is not being there.
  expect(await chat.ask(bob, 'query ($id: ID!) { room(id: $id) { id } }', { id: roomId })).toEqual({ room: null });
  const send = { input: { roomId, text: 'hi', clientId: key() } };
  expect(await chat.refusal(bob, SEND, send)).toBe('NOT_FOUND input.roomId');

  expect(await chat.ask(bob, ACCEPT, { roomId })).toEqual({
    acceptInvitation: { room: { id: roomId, viewerRole: 'MEMBER' } },
  });
  await chat.ask(bob, ACCEPT, { roomId });
  await chat.ask(bob, SEND, send);
  await chat.ask(cem, DECLINE, { roomId });
  await chat.ask(cem, DECLINE, { roomId });
  expect(await chat.refusal(cem, ACCEPT, { roomId })).toBe('NOT_FOUND roomId');
  expect([await invitations(bob), await invitations(cem)]).toEqual([[], []]);
  expect(await roles(roomId)).toHaveLength(3);
});

test('across a block nobody is invited, in the words for people who do not exist, and invitations are hidden', async () => {
  const [ada, bob, cem] = [someone(), someone(), someone()];
  const room = await chat.createRoom(ada);
  await chat.ask(ada, INVITE, { roomId: room.id, userIds: [cem.userId] });
  await chat.blocks(bob, ada);
  await chat.blocks(ada, cem);
  for (const { userId } of [bob, cem]) {
    expect(await chat.refusal(ada, INVITE, { roomId: room.id, userIds: [userId] })).toBe('NOT_FOUND userIds');
    const input = { name: 'Both', memberIds: [userId], idempotencyKey: key() };
    expect(await chat.refusal(ada, CREATE, { input })).toBe('NOT_FOUND input.memberIds');
    expect(await chat.refusal(asService(ada), CREATE, { input })).toBe('NOT_FOUND input.memberIds');
  }
  expect(await invitations(cem)).toEqual([]);
  expect(await chat.refusal(cem, ACCEPT, { roomId: room.id })).toBe('NOT_FOUND roomId');
});

test('name and avatar are for owner and admins to change, and everybody hears of it', async () => {
  const [ada, bob] = [someone(), someone()];
  const room = await chat.createRoom(ada, [bob], 'Before');
  const listen = await socket.subscribe<{ roomEvents: object }>(
    bob,
    `subscription ($id: ID!, $after: String) { roomEvents(roomId: $id, after: $after) {
      ... on RoomUpdated { name avatarId updatedBy { id } } } }`,
    { id: room.id, after: room.eventCursor },
  );
  const update = (input: object) => chat.ask(ada, UPDATE, { input: { roomId: room.id, ...input } });
  const heard = async () => (await listen.next()).value?.data?.roomEvents;
  expect(await update({ name: '  After ' })).toEqual({ updateRoom: { room: { name: 'After', avatar: null } } });
  const by = { updatedBy: { id: ada.userId } };
  expect(await heard()).toEqual({ name: 'After', avatarId: null, ...by });
  const shown = await update({ avatar: await picture(ada.userId) });
  expect(shown).toMatchObject({ updateRoom: { room: { name: 'After', avatar: { ref: expect.any(String) } } } });
  expect(await heard()).toEqual({ name: 'After', avatarId: expect.stringMatching(/^med_/), ...by });
  expect(await update({ name: 'Last', avatar: null })).toEqual({
    updateRoom: { room: { name: 'Last', avatar: null } },
  });

  const wrong: [Viewer, object, string][] = [
    [bob, { name: 'Mine' }, 'FORBIDDEN'],
    [someone(), { name: 'Mine' }, 'NOT_FOUND input.roomId'],
    [anonymous, { name: 'Mine' }, 'UNAUTHENTICATED'],
    [ada, {}, 'BAD_USER_INPUT input'],
    [ada, { name: '' }, 'BAD_USER_INPUT input.name'],
    [ada, { name: null }, 'BAD_USER_INPUT input.name'],
    [ada, { avatar: 'forged' }, 'BAD_USER_INPUT input.avatar'],
    [ada, { avatar: await picture(bob.userId) }, 'BAD_USER_INPUT input.avatar'],
    [ada, { avatar: await picture(ada.userId, 'grant+jwt') }, 'BAD_USER_INPUT input.avatar'],
    [ada, { roomId: 'nonsense\0', name: 'x' }, 'NOT_FOUND input.roomId'],
  ];
  for (const [viewer, input, expected] of wrong) {
    expect(await chat.refusal(viewer, UPDATE, { input: { roomId: room.id, ...input } })).toBe(expected);
  }
  await chat.ask(ada, ROLE, { roomId: room.id, userId: bob.userId, role: 'ADMIN' });
  await chat.ask(bob, UPDATE, { input: { roomId: room.id, name: 'Ours' } });
});

test('owner above admin above member: who may remove, ban, promote and hand over', async () => {
  const [owner, admin, admin2, member, eve] = [someone(), someone(), someone(), someone(), someone()];
  const room = await chat.createRoom(owner, [admin, admin2, member]);
  const roomId = room.id;
  for (const { userId } of [admin, admin2]) await chat.ask(owner, ROLE, { roomId, userId, role: 'ADMIN' });
  const target = (who: Someone) => ({ roomId, userId: who.userId });
  const before = await roles(roomId);
  for (const document of [REMOVE, BAN]) {
    expect(await chat.refusal(member, document, target(eve))).toBe('FORBIDDEN');
    expect(await chat.refusal(admin, document, target(admin2))).toBe('FORBIDDEN');
    expect(await chat.refusal(admin, document, target(owner))).toBe('FORBIDDEN');
    expect(await chat.refusal(owner, document, target(owner))).toBe('BAD_USER_INPUT userId');
  }
  for (const document of [REMOVE, BAN, UNBAN, TRANSFER]) {
    expect(await chat.refusal(eve, document, target(member))).toBe('NOT_FOUND roomId');
    expect(await chat.refusal(anonymous, document, target(member))).toBe('UNAUTHENTICATED');
    expect(await chat.refusal(owner, document, { ...target(member), roomId: newId('rom') })).toBe('NOT_FOUND roomId');
    expect(await chat.refusal(owner, document, { ...target(member), roomId: 'x\0' })).toBe('NOT_FOUND roomId');
    expect(await chat.refusal(owner, document, { roomId, userId: 'x\0' })).toBe('NOT_FOUND userId');
  }
  for (const viewer of [admin, member]) {
    expect(await chat.refusal(viewer, TRANSFER, target(admin2))).toBe('FORBIDDEN');
    expect(await chat.refusal(viewer, ROLE, { ...target(admin2), role: 'MEMBER' })).toBe('FORBIDDEN');
  }
  expect(await chat.refusal(owner, TRANSFER, target(eve))).toBe('NOT_FOUND userId');
  expect(await chat.refusal(owner, ROLE, { ...target(eve), role: 'ADMIN' })).toBe('NOT_FOUND userId');
  expect(await chat.refusal(owner, ROLE, { ...target(member), role: 'OWNER' })).toBe('BAD_USER_INPUT role');
  expect(await roles(roomId)).toEqual(before);

  await chat.ask(admin, REMOVE, target(member));
  await chat.ask(admin, REMOVE, target(member));
  await chat.ask(owner, TRANSFER, target(admin));
  expect(await roles(roomId)).toEqual([`ADMIN ${owner.userId}`, `OWNER ${admin.userId}`, `ADMIN ${admin2.userId}`]);
  await chat.ask(admin, LEAVE, { roomId });
  // Of the two admins the one who was there longer.
  expect(await roles(roomId)).toEqual([`OWNER ${owner.userId}`, `ADMIN ${admin2.userId}`]);
});

test('who is removed hears the end before anything later, and all others why they went', async () => {
  const [ada, bob, cem] = [someone(), someone(), someone()];
  const room = await chat.createRoom(ada, [bob, cem]);
  const listen = (viewer: Viewer) =>
    socket.subscribe<{ roomEvents: object }>(
      viewer,
      `subscription ($id: ID!, $after: String) { roomEvents(roomId: $id, after: $after) { __typename
        ... on MemberLeft { user { id } departure removedBy { id } } ... on MemberRoleChanged { user { id } role changedBy { id } } } }`,
      { id: room.id, after: room.eventCursor },
    );
  const [his, hers] = [await listen(bob), await listen(ada)];
  await chat.send(ada, room.id, 'one');
  expect((await his.next()).value?.data?.roomEvents).toMatchObject({ __typename: 'MessageCreated' });
  await chat.ask(ada, REMOVE, { roomId: room.id, userId: bob.userId });
  await chat.send(ada, room.id, 'behind his back');
  expect((await his.next()).value?.data?.roomEvents).toEqual({ __typename: 'RoomEnd' });
  expect((await his.next()).done).toBe(true);
  await chat.ask(ada, BAN, { roomId: room.id, userId: cem.userId });
  await chat.ask(asService(ada), INVITE, { roomId: room.id, userIds: [bob.userId] });
  await chat.ask(ada, TRANSFER, { roomId: room.id, userId: bob.userId });
  const frames = [];
  for (let n = 0; n < 7; n++) frames.push((await hers.next()).value?.data?.roomEvents);
  const removedBy = { id: ada.userId };
  const changedBy = removedBy;
  expect(frames).toEqual([
    { __typename: 'MessageCreated' },
    { __typename: 'MemberLeft', user: { id: bob.userId }, departure: 'REMOVED', removedBy },
    { __typename: 'MessageCreated' },
    { __typename: 'MemberLeft', user: { id: cem.userId }, departure: 'BANNED', removedBy },
    { __typename: 'MemberJoined' },
    { __typename: 'MemberRoleChanged', user: { id: ada.userId }, role: 'ADMIN', changedBy },
    { __typename: 'MemberRoleChanged', user: { id: bob.userId }, role: 'OWNER', changedBy },
  ]);
});

test('who is banned stays out, by invitation and by accepting, until the ban is lifted', async () => {
  const [ada, bob] = [someone(), someone()];
  const room = await chat.createRoom(ada, [bob]);
  const target = { roomId: room.id, userId: bob.userId };
  const invite = { roomId: room.id, userIds: [bob.userId] };
  const BANS = 'query ($id: ID!) { room(id: $id) { bans { edges { node { id } bannedBy { id } bannedAt } } } }';
  await chat.ask(ada, BAN, target);
  await chat.ask(ada, BAN, target);
  expect(await chat.refusal(ada, INVITE, invite)).toBe('BAD_USER_INPUT userIds');
  expect(await chat.refusal(asService(ada), INVITE, invite)).toBe('BAD_USER_INPUT userIds');
  expect(await chat.refusal(bob, ACCEPT, { roomId: room.id })).toBe('NOT_FOUND roomId');
  expect(await chat.ask(ada, BANS, { id: room.id })).toEqual({
    room: {
      bans: { edges: [{ node: { id: bob.userId }, bannedBy: { id: ada.userId }, bannedAt: expect.any(String) }] },
    },
  });
  await chat.ask(ada, UNBAN, target);
  await chat.ask(ada, INVITE, invite);
  // A ban takes the invitation back; so does a removal.
  await chat.ask(ada, BAN, target);
  await chat.ask(ada, UNBAN, target);
  expect(await chat.refusal(bob, ACCEPT, { roomId: room.id })).toBe('NOT_FOUND roomId');
  await chat.ask(ada, INVITE, invite);
  await chat.ask(ada, REMOVE, target);
  expect(await invitations(bob)).toEqual([]);
  await chat.ask(ada, INVITE, invite);
  await chat.ask(bob, ACCEPT, { roomId: room.id });
  expect(await chat.ask(bob, BANS, { id: room.id })).toEqual({ room: { bans: null } });
});

test('bans, removals, transfers, leaves and messages at once: one owner, no gap, nobody after their ban', async () => {
  const people = Array.from({ length: 10 }, () => someone());
  const [owner, ...others] = people as [Someone, ...Someone[]];
  const room = await chat.createRoom(owner, others);
  const roomId = room.id;
  for (const { userId } of others.slice(0, 3)) await chat.ask(owner, ROLE, { roomId, userId, role: 'ADMIN' });
  const client = createSubgraphClient(chat.url());
  const codes: unknown[] = [];
  const attempt = async (viewer: Viewer, document: string, variables: object) => {
    const { errors } = await client.ask(viewer, document, { roomId, ...variables });
    for (const error of errors ?? []) codes.push(error.extensions?.['code']);
  };
  await Promise.all([
    ...others
      .slice(0, 3)
      .flatMap((admin, n) => [
        attempt(owner, TRANSFER, { userId: admin.userId }),
        attempt(admin, LEAVE, {}),
        attempt(admin, BAN, { userId: others[3 + n]?.userId }),
        attempt(owner, REMOVE, { userId: admin.userId }),
      ]),
    ...others.map((person) => attempt(person, SEND, { input: { roomId, text: 'what?', clientId: key() } })),
    attempt(owner, LEAVE, {}),
  ]);
  expect(codes.filter((code) => code !== 'NOT_FOUND' && code !== 'FORBIDDEN')).toEqual([]);
  const left = await roles(roomId);
  expect(left.filter((role) => role.startsWith('OWNER'))).toHaveLength(1);
  const log = await chat.rows<{ seq: number; kind: string; user_id: string | null; author_id: string | null }>(
    `select e.seq, e.kind, e.user_id, m.author_id from room_event e left join message m on m.id = e.message_id
     where e.room_id = $1 order by e.seq`,
    [roomId],
  );
  expect(log.map(({ seq }) => seq)).toEqual(log.map((_, index) => index + 1));
  expect(await chat.rows('select last_seq, member_count from room where id = $1', [roomId])).toEqual([
    { last_seq: log.length, member_count: left.length },
  ]);
  const late = log.filter(({ seq, author_id }) =>
    log.some((entry) => entry.kind === 'MEMBER_LEFT' && entry.user_id === author_id && entry.seq < seq),
  );
  expect(late).toEqual([]);
});
