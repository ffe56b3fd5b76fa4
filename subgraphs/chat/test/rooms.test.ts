import { newId } from '@chorus/kit/ids';
import { createSubgraphClient } from '@chorus/kit/testing';
import { anonymous, VIEWER_HEADER } from '@chorus/kit/viewer';
import { expect, test } from 'vitest';
import { asService, CREATE, importer, INVITE, key, LEAVE, someone, useChat } from './harness.ts';

const chat = useChat();

interface Members {
  room: { memberCount: number; members: { edges: { node: { id: string }; role: string }[] } } | null;
}
const MEMBERS = `query ($id: ID!) { room(id: $id) { memberCount members(first: 100) { edges { node { id } role joinedAt } } } }`;
const members = async (viewer: Parameters<typeof chat.ask>[0], id: string) =>
  (await chat.ask<Members>(viewer, MEMBERS, { id })).room?.members.edges.map(
    ({ node, role }) => `${role} ${node.id}`,
  ) ?? null;

const count = async (table: string) => (await chat.rows<{ n: bigint }>(`select count(*) as n from ${table}`))[0]?.n;

test('a room has its creator as owner, its members in order, and a log that begins with them', async () => {
  const [ada, bob, cem] = [someone(), someone(), someone()];
  const room = await chat.createRoom(ada, [bob, ada, cem, bob], '  Kitchen  ');
  expect(room).toMatchObject({ name: 'Kitchen', memberCount: 3, createdBy: { id: ada.userId } });
  expect(await members(bob, room.id)).toEqual([`OWNER ${ada.userId}`, `MEMBER ${bob.userId}`, `MEMBER ${cem.userId}`]);
  expect(
    await chat.rows('select seq, kind, user_id, by_user_id from room_event where room_id = $1 order by seq', [room.id]),
  ).toEqual(
    [ada, bob, cem].map(({ userId }, index) => ({
      seq: index + 1,
      kind: 'MEMBER_JOINED',
      user_id: userId,
      by_user_id: ada.userId,
    })),
  );
});

test('only members see a room: by id, by reference, and what is in it', async () => {
  const [ada, eve] = [someone(), someone()];
  const room = await chat.createRoom(ada);
  const message = await chat.send(ada, room.id, 'secret');
  const document = `query ($id: ID!, $of: [_Any!]!) {
    room(id: $id) { name }
    _entities(representations: $of) { ... on Room { id name messages { edges { node { text } } } } ... on Message { id text } }
  }`;
  const of = [
    { __typename: 'Room', id: room.id },
    { __typename: 'Room', nodeId: room.id },
    { __typename: 'Message', id: message.id },
    { __typename: 'Message', nodeId: message.id },
    { __typename: 'Room', id: 'nonsense' },
    { __typename: 'Message', id: newId('msg') },
  ];
  const variables = { id: room.id, of };
  const seen = { id: room.id, name: 'A room', messages: { edges: [{ node: { text: 'secret' } }] } };
  const read = { id: message.id, text: 'secret' };
  expect(await chat.ask(ada, document, variables)).toEqual({
    room: { name: 'A room' },
    _entities: [seen, seen, read, read, null, null],
  });
  for (const viewer of [eve, anonymous]) {
    expect(await chat.ask(viewer, document, variables)).toEqual({
      room: null,
      _entities: [null, null, null, null, null, null],
    });
  }
  expect(await chat.ask(ada, '{ room(id: "nonsense") { id } }')).toEqual({ room: null });
});

test('creating is idempotent by key, also twice at once', async () => {
  const ada = someone();
  const input = { name: 'Once', memberIds: [someone().userId], idempotencyKey: key() };
  const twice = await Promise.all([chat.ask(ada, CREATE, { input }), chat.ask(ada, CREATE, { input })]);
  expect(twice[0]).toEqual(twice[1]);
  expect(await chat.ask(ada, CREATE, { input })).toEqual(twice[0]);
  expect(await chat.refusal(ada, CREATE, { input: { ...input, name: 'Twice' } })).toBe('IDEMPOTENCY_CONFLICT');
  expect(await chat.rows('select id from room where created_by = $1', [ada.userId])).toHaveLength(1);
});

test('a service account says when a room was made, nobody else', async () => {
  const input = { name: 'Old', idempotencyKey: key(), createdAt: '2009-05-01T10:00:00.000Z' };
  const data = await chat.ask(importer(), CREATE, { input });
  expect(data).toMatchObject({ createRoom: { room: { createdAt: '2009-05-01T10:00:00.000Z' } } });
  expect(await chat.refusal(someone(), CREATE, { input })).toBe('FORBIDDEN');
  const future = { ...input, idempotencyKey: key(), createdAt: '2999-01-01T00:00:00Z' };
  expect(await chat.refusal(importer(), CREATE, { input: future })).toBe('BAD_USER_INPUT input.createdAt');
  const ancient = { ...future, createdAt: '0000-01-01T00:00:00Z' };
  expect(await chat.refusal(importer(), CREATE, { input: ancient })).toBe('BAD_USER_INPUT input.createdAt');
});

test('bad input of createRoom is refused and stores nothing', async () => {
  const ada = someone();
  const before = [await count('room'), await count('room_member'), await count('room_event')];
  const good = { name: 'Good', idempotencyKey: key() };
  const many = Array.from({ length: 101 }, () => newId('usr'));
  const cases: [object, string][] = [
    [{ name: '' }, 'BAD_USER_INPUT input.name'],
    [{ name: '   ' }, 'BAD_USER_INPUT input.name'],
    [{ name: 'x'.repeat(81) }, 'BAD_USER_INPUT input.name'],
    [{ name: 'nul\0' }, 'BAD_USER_INPUT input.name'],
    [{ name: 'half \ud800' }, 'BAD_USER_INPUT input.name'],
    [{ name: 5 }, 'BAD_USER_INPUT'],
    [{ memberIds: ['me'] }, 'NOT_FOUND input.memberIds'],
    [{ memberIds: [newId('pst')] }, 'NOT_FOUND input.memberIds'],
    [{ memberIds: many }, 'BAD_USER_INPUT input.memberIds'],
    [{ idempotencyKey: 'short' }, 'BAD_USER_INPUT idempotencyKey'],
    [{ createdAt: 'yesterday' }, 'BAD_USER_INPUT'],
  ];
  for (const [wrong, expected] of cases) {
    expect(await chat.refusal(ada, CREATE, { input: { ...good, ...wrong } })).toContain(expected);
  }
  expect(await chat.refusal(anonymous, CREATE, { input: good })).toBe('UNAUTHENTICATED');
  expect([await count('room'), await count('room_member'), await count('room_event')]).toEqual(before);
  expect(await chat.ask(ada, CREATE, { input: { ...good, name: '😀'.repeat(80) } })).toBeDefined();
});

test('without a viewer token nothing is answered', async () => {
  for (const [name, value] of Object.entries({
    other: 'x',
    [VIEWER_HEADER]: 'forged',
    'chorus-user-id': newId('usr'),
  })) {
    const response = await fetch(chat.url(), {
      method: 'POST',
      headers: { 'content-type': 'application/json', [name]: value },
      body: JSON.stringify({ query: '{ rooms { edges { cursor } } }' }),
    });
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
  }
});

test('any member invites; who is in already stays, without an event', async () => {
  const [ada, bob, cem, dan] = [someone(), someone(), someone(), someone()];
  const room = await chat.createRoom(ada, [bob]);
  const userIds = [cem.userId, ada.userId, dan.userId, cem.userId];
  const data = await chat.ask(asService(bob), INVITE, { roomId: room.id, userIds });
  expect(data).toMatchObject({ inviteToRoom: { room: { memberCount: 4 } } });
  await chat.ask(asService(bob), INVITE, { roomId: room.id, userIds });
  expect(await members(dan, room.id)).toEqual([
    `OWNER ${ada.userId}`,
    `MEMBER ${bob.userId}`,
    `MEMBER ${cem.userId}`,
    `MEMBER ${dan.userId}`,
  ]);
  expect(
    await chat.rows('select seq, user_id, by_user_id from room_event where room_id = $1 and seq > 2 order by seq', [
      room.id,
    ]),
  ).toEqual([
    { seq: 3, user_id: cem.userId, by_user_id: bob.userId },
    { seq: 4, user_id: dan.userId, by_user_id: bob.userId },
  ]);
});

test('bad input of inviteToRoom is refused and stores nothing', async () => {
  const [ada, eve] = [someone(), someone()];
  const room = await chat.createRoom(ada);
  const userIds = [newId('usr')];
  const many = Array.from({ length: 101 }, () => newId('usr'));
  expect(await chat.refusal(eve, INVITE, { roomId: room.id, userIds })).toBe('NOT_FOUND roomId');
  expect(await chat.refusal(ada, INVITE, { roomId: newId('rom'), userIds })).toBe('NOT_FOUND roomId');
  expect(await chat.refusal(ada, INVITE, { roomId: 'nonsense\0', userIds })).toBe('NOT_FOUND roomId');
  expect(await chat.refusal(ada, INVITE, { roomId: room.id, userIds: [] })).toBe('BAD_USER_INPUT userIds');
  expect(await chat.refusal(ada, INVITE, { roomId: room.id, userIds: many })).toBe('BAD_USER_INPUT userIds');
  expect(await chat.refusal(ada, INVITE, { roomId: room.id, userIds: ['x'] })).toBe('NOT_FOUND userIds');
  expect(await chat.refusal(ada, INVITE, { roomId: room.id, userIds: [7.5] })).toBe('BAD_USER_INPUT');
  expect(await chat.refusal(anonymous, INVITE, { roomId: room.id, userIds })).toBe('UNAUTHENTICATED');
  expect(await members(ada, room.id)).toEqual([`OWNER ${ada.userId}`]);
});

test('a room is full at 20,000 members', async () => {
  const ada = someone();
  const room = await chat.createRoom(ada);
  await chat.rows('update room set member_count = 19999 where id = $1', [room.id]);
  const userIds = [newId('usr'), newId('usr')];
  expect(await chat.refusal(asService(ada), INVITE, { roomId: room.id, userIds })).toBe('BAD_USER_INPUT userIds');
  await chat.ask(asService(ada), INVITE, { roomId: room.id, userIds: userIds.slice(1) });
});

test('ten invitations of the same people at once add each once', async () => {
  const ada = someone();
  const room = await chat.createRoom(ada);
  const userIds = Array.from({ length: 5 }, () => newId('usr'));
  await Promise.all(Array.from({ length: 10 }, () => chat.ask(asService(ada), INVITE, { roomId: room.id, userIds })));
  expect(await chat.rows('select member_count, last_seq from room where id = $1', [room.id])).toEqual([
    { member_count: 6, last_seq: 6 },
  ]);
});

test('leaving ends membership and passes ownership to whoever was there longest; again is nothing', async () => {
  const [ada, bob, cem] = [someone(), someone(), someone()];
  const room = await chat.createRoom(ada, [bob, cem]);
  expect(await chat.ask(ada, LEAVE, { roomId: room.id })).toEqual({ leaveRoom: { roomId: room.id } });
  expect(await chat.ask(ada, LEAVE, { roomId: room.id })).toEqual({ leaveRoom: { roomId: room.id } });
  expect(await members(ada, room.id)).toBeNull();
  expect(await members(cem, room.id)).toEqual([`OWNER ${bob.userId}`, `MEMBER ${cem.userId}`]);
  await chat.ask(bob, LEAVE, { roomId: room.id });
  await chat.ask(cem, LEAVE, { roomId: room.id });
  expect(await chat.rows('select member_count, last_seq from room where id = $1', [room.id])).toEqual([
    // Three joined, three left, and ownership passed twice.
    { member_count: 0, last_seq: 8 },
  ]);
  expect(await chat.ask(someone(), LEAVE, { roomId: newId('rom') })).toMatchObject({ leaveRoom: {} });
  expect(await chat.refusal(ada, LEAVE, { roomId: 'nonsense' })).toBe('NOT_FOUND roomId');
  expect(await chat.refusal(anonymous, LEAVE, { roomId: room.id })).toBe('UNAUTHENTICATED');
});

test('people who leave, send and invite all at once neither deadlock nor miscount', async () => {
  const people = Array.from({ length: 12 }, () => someone());
  const [owner] = people;
  if (owner === undefined) throw new Error('nobody');
  const room = await chat.createRoom(owner, people.slice(1));
  const leaving = people.slice(0, 8);
  await Promise.all([
    ...leaving.map((person) => chat.ask(person, LEAVE, { roomId: room.id })),
    ...leaving.map((person) => chat.send(person, room.id, 'bye').catch(() => null)),
    ...people.slice(8).map((person) => chat.send(person, room.id, 'what?')),
    ...people
      .slice(8)
      .map((person) => chat.ask(asService(person), INVITE, { roomId: room.id, userIds: [newId('usr')] })),
  ]);
  const [room_] = await chat.rows<{ member_count: number; last_seq: number }>(
    'select member_count, last_seq from room where id = $1',
    [room.id],
  );
  const log = await chat.rows<{ seq: number; kind: string; user_id: string | null; author_id: string | null }>(
    `select e.seq, e.kind, e.user_id, m.author_id from room_event e left join message m on m.id = e.message_id
     where e.room_id = $1 order by e.seq`,
    [room.id],
  );
  expect(log.map(({ seq }) => seq)).toEqual(Array.from({ length: room_?.last_seq ?? 0 }, (_, index) => index + 1));
  expect(room_?.member_count).toBe(8);
  const owners = await chat.rows(`select user_id from room_member where room_id = $1 and role = 'OWNER'`, [room.id]);
  expect(owners).toHaveLength(1);
  // Nobody's message comes after they left.
  for (const { userId } of leaving) {
    const left = log.findIndex((entry) => entry.kind === 'MEMBER_LEFT' && entry.user_id === userId);
    expect(log.slice(left).every((entry) => entry.author_id !== userId)).toBe(true);
  }
});

test('several writes of one operation each show what they did', async () => {
  const ada = someone();
  const room = await chat.createRoom(ada);
  const document = `mutation ($roomId: ID!, $a: [ID!]!, $b: [ID!]!) {
    a: inviteToRoom(roomId: $roomId, userIds: $a) { room { memberCount members { edges { cursor } } } }
    b: inviteToRoom(roomId: $roomId, userIds: $b) { room { memberCount members { edges { cursor } } } }
    leaveRoom(roomId: $roomId) { roomId }
    c: inviteToRoom(roomId: $roomId, userIds: $b) { room { memberCount } }
  }`;
  const variables = { roomId: room.id, a: [newId('usr')], b: [newId('usr')] };
  const { data, errors } = await createSubgraphClient(chat.url()).ask<
    Record<string, { room: { memberCount: number; members: { edges: unknown[] } } } | null>
  >(asService(ada), document, variables);
  expect(data?.['a']?.room.memberCount).toBe(2);
  expect(data?.['b']?.room.memberCount).toBe(3);
  expect(data?.['b']?.room.members.edges).toHaveLength(3);
  expect(errors?.map((error) => [error.path, error.extensions?.['code']])).toEqual([[['c'], 'NOT_FOUND']]);
});
