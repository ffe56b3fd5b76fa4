import { newId } from '@chorus/kit/ids';
import { createSubgraphClient } from '@chorus/kit/testing';
import { anonymous, type Viewer } from '@chorus/kit/viewer';
import { beforeAll, expect, test } from 'vitest';
import { activeRooms } from '../src/room/room.loaders.ts';
import { ACT, asService, CREATE, INVITE, JOIN, key, LEAVE, SEND, someone, useChat } from './harness.ts';

const chat = useChat({ HEAD_CHECK_MS: '600000' });
let socket: ReturnType<typeof chat.subscriptions>;
beforeAll(() => {
  socket = chat.subscriptions();
});

const BAN = ACT('banFromRoom');
const READ = `query ($id: ID!) { room(id: $id) {
  viewerRole members { edges { node { id } } } messages { edges { node { text } } } lastMessage { text } } }`;
const OPEN =
  'mutation ($postId: ID!) { openPostRoom(postId: $postId) { room { id kind name post { id } memberCount } } }';
const DISCUSSION = `query ($id: ID!) { _entities(representations: [{ __typename: "Post", id: $id }]) {
  ... on Post { discussion { id } } } }`;

const makePublic = async (owner: Viewer, name: string) => {
  const input = { name, isPublic: true, idempotencyKey: key() };
  return (await chat.ask<{ createRoom: { room: { id: string } } }>(asService(owner), CREATE, { input })).createRoom.room
    .id;
};
const reads = async (viewer: Viewer, id: string) =>
  (await chat.ask<{ room: Record<string, unknown> | null }>(viewer, READ, { id })).room;
const listen = (viewer: Viewer, id: string, after: string | null = null) =>
  socket.subscribe<{ roomEvents: { __typename: string } }>(
    viewer,
    'subscription ($id: ID!, $after: String) { roomEvents(roomId: $id, after: $after) { __typename } }',
    { id, after },
  );
const first = async (viewer: Viewer, id: string) => {
  const events = await listen(viewer, id);
  const { value } = await events.next();
  await events.return?.();
  return value?.data?.roomEvents.__typename;
};
const join = async (viewer: Viewer, roomId: string) =>
  (await chat.ask<{ joinRoom: { room: { viewerRole: string; eventCursor: string } } }>(viewer, JOIN, { roomId }))
    .joinRoom.room;
const openFor = async (viewer: Viewer, postId: string) =>
  (await chat.ask<{ openPostRoom: { room: { id: string } } }>(viewer, OPEN, { postId })).openPostRoom.room.id;

test('anybody reads a public room; who joins writes and listens', async () => {
  const [ada, bob] = [someone(), someone()];
  const id = await makePublic(ada, 'Square');
  await chat.send(ada, id, 'welcome');
  const preview = {
    viewerRole: null,
    members: null,
    messages: { edges: [{ node: { text: 'welcome' } }] },
    lastMessage: { text: 'welcome' },
  };
  for (const viewer of [bob, anonymous]) expect(await reads(viewer, id)).toEqual(preview);
  const input = { roomId: id, text: 'hi', clientId: key() };
  expect(await chat.refusal(bob, SEND, { input })).toBe('NOT_FOUND input.roomId');
  expect(await first(bob, id)).toBe('RoomEnd');
  expect(await chat.ask(bob, '{ rooms { edges { cursor } } }')).toEqual({ rooms: { edges: [] } });

  const { viewerRole, eventCursor } = await join(bob, id);
  expect(viewerRole).toBe('MEMBER');
  await join(bob, id);
  await chat.ask(bob, SEND, { input });
  const events = await listen(bob, id, eventCursor);
  expect((await events.next()).value?.data?.roomEvents.__typename).toBe('MessageCreated');
  expect(await reads(bob, id)).toMatchObject({ viewerRole: 'MEMBER', members: { edges: [{}, {}] } });
  await chat.ask(bob, LEAVE, { roomId: id });
  expect((await reads(bob, id))?.['viewerRole']).toBeNull();
});

test('who is banned from a public room neither reads nor joins it; groups are not joined at all', async () => {
  const [ada, bob] = [someone(), someone()];
  const id = await makePublic(ada, 'Square');
  await join(bob, id);
  await chat.ask(ada, BAN, { roomId: id, userId: bob.userId });
  expect(await reads(bob, id)).toBeNull();
  expect(await chat.refusal(bob, JOIN, { roomId: id })).toBe('NOT_FOUND roomId');
  await chat.ask(ada, ACT('unbanFromRoom'), { roomId: id, userId: bob.userId });
  await join(bob, id);

  const group = await chat.createRoom(ada);
  expect(await chat.refusal(bob, JOIN, { roomId: group.id })).toBe('NOT_FOUND roomId');
  expect(await chat.refusal(bob, JOIN, { roomId: newId('rom') })).toBe('NOT_FOUND roomId');
  expect(await chat.refusal(bob, JOIN, { roomId: 'nonsense\0' })).toBe('NOT_FOUND roomId');
  expect(await chat.refusal(anonymous, JOIN, { roomId: id })).toBe('UNAUTHENTICATED');
});

test('public rooms are found by activity and by name, page by page', async () => {
  const ada = someone();
  const ids: Record<string, string> = {};
  for (const name of ['zz b', 'zz d', 'zz a', 'zz c']) ids[name] = await makePublic(ada, name);
  await chat.createRoom(ada, [], 'zz hidden');
  await chat.send(ada, ids['zz b'] ?? '', 'news');
  interface Page {
    publicRooms: { edges: { node: { name: string } }[]; pageInfo: { endCursor: string } };
  }
  const ask = async (order: string, args: object) =>
    (
      await chat.ask<Page>(
        someone(),
        `query ($order: PublicRoomOrder, $first: Int, $after: String, $last: Int) {
          publicRooms(order: $order, first: $first, after: $after, last: $last) { edges { node { name } } pageInfo { endCursor } } }`,
        { order, ...args },
      )
    ).publicRooms;
  const names = ({ edges }: Page['publicRooms']) => edges.map(({ node }) => node.name);
  const page = await ask('ACTIVITY', { first: 2 });
  expect(names(page)).toEqual(['zz b', 'zz c']);
  expect(names(await ask('ACTIVITY', { first: 2, after: page.pageInfo.endCursor }))).toEqual(['zz a', 'zz d']);
  expect(names(await ask('NAME', { last: 4 }))).toEqual(['zz a', 'zz b', 'zz c', 'zz d']);
  const document = `query ($after: String) { publicRooms(order: NAME, after: $after) { edges { cursor } } }`;
  expect(await chat.refusal(ada, document, { after: page.pageInfo.endCursor })).toBe('CURSOR_INVALID');
});

test('a page by activity reads what it shows, however many public rooms there are', async () => {
  const reader = someone();
  expect(
    await chat.statements.during(() => chat.ask(reader, '{ publicRooms(first: 5) { edges { node { name } } } }')),
  ).toHaveLength(1);
  await chat.rows(
    `insert into room (id, kind, name, created_at, member_count, last_seq, log_epoch, last_activity_at)
     select 'rom_old_' || n, 'PUBLIC', 'old', now(), 0, 0, 'epoch', now() - n * interval '1 minute' - interval '1 day'
     from generate_series(1, 5000) as n`,
  );
  await chat.rows('vacuum analyze room, public_room');
  const plan = async (page: Partial<Parameters<typeof activeRooms>[1]>) => {
    const { text, values } = activeRooms(reader, { limit: 20, backward: false, after: null, before: null, ...page });
    const rows = await chat.rows<Record<string, string>>(
      `explain (analyze, costs off, timing off, summary off) ${text}`,
      values,
    );
    return rows.map((row) => row['QUERY PLAN']).join('\n');
  };
  const day = new Date(Date.now() - 2 * 86_400_000);
  for (const page of [{}, { after: [day, 'rom_'] }, { backward: true }]) {
    const text = await plan(page);
    expect(text).toMatch(/Index (Only )?Scan (Backward )?using public_room_active_at_room_id_idx .*rows=2[0-2]\b/);
    expect(text).not.toMatch(/Sort|Seq Scan on (public_)?room\b/);
  }
  await chat.rows(`delete from room where name = 'old'`);
});

test('joined many times at once and banned meanwhile: a member once, or not at all', async () => {
  const ada = someone();
  const id = await makePublic(ada, 'Rush');
  const people = Array.from({ length: 6 }, () => someone());
  const client = createSubgraphClient(chat.url());
  await Promise.all(
    people.flatMap((person, n) => [
      ...Array.from({ length: 3 }, () => client.ask(person, JOIN, { roomId: id })),
      ...(n % 2 === 0 ? [client.ask(ada, BAN, { roomId: id, userId: person.userId })] : []),
    ]),
  );
  const present = await chat.rows<{ user_id: string }>('select user_id from room_member where room_id = $1', [id]);
  const banned = await chat.rows<{ user_id: string }>('select user_id from room_ban where room_id = $1', [id]);
  expect(banned).toHaveLength(3);
  expect(present.map(({ user_id }) => user_id).sort()).toEqual(
    [ada, ...people.filter((_, n) => n % 2 === 1)].map(({ userId }) => userId).sort(),
  );
  expect(
    await chat.rows(
      'select member_count, last_seq = (select max(seq) from room_event where room_id = id) as whole from room where id = $1',
      [id],
    ),
  ).toEqual([{ member_count: 4, whole: true }]);
});

test('a post has one room, made on first use, its author owner of it', async () => {
  const [ada, bob] = [someone(), someone()];
  const postId = await chat.post(ada);
  expect(await chat.ask(bob, DISCUSSION, { id: postId })).toEqual({ _entities: [{ discussion: null }] });
  const ids = await Promise.all(Array.from({ length: 8 }, (_, n) => openFor(n % 2 === 0 ? ada : bob, postId)));
  expect(new Set(ids).size).toBe(1);
  const [id = ''] = ids;
  expect(await chat.ask(bob, OPEN, { postId })).toEqual({
    openPostRoom: { room: { id, kind: 'POST', name: null, post: { id: postId }, memberCount: 0 } },
  });
  expect(await chat.ask(anonymous, DISCUSSION, { id: postId })).toEqual({ _entities: [{ discussion: { id } }] });
  expect([(await join(bob, id)).viewerRole, (await join(ada, id)).viewerRole]).toEqual(['MEMBER', 'OWNER']);
  await chat.send(bob, id, 'nice');
  expect(await reads(anonymous, id)).toMatchObject({ messages: { edges: [{ node: { text: 'nice' } }] } });
  expect(await chat.refusal(bob, INVITE, { roomId: id, userIds: [newId('usr')] })).toBe('FORBIDDEN');
  await chat.ask(ada, BAN, { roomId: id, userId: bob.userId });
  expect([await reads(bob, id), await chat.ask(bob, DISCUSSION, { id: postId })]).toEqual([
    null,
    { _entities: [{ discussion: null }] },
  ]);
  expect(await chat.refusal(bob, JOIN, { roomId: id })).toBe('NOT_FOUND roomId');

  expect(await chat.refusal(bob, OPEN, { postId: newId('pst') })).toBe('NOT_FOUND postId');
  expect(await chat.refusal(bob, OPEN, { postId: 'nonsense\0' })).toBe('NOT_FOUND postId');
  expect(await chat.refusal(anonymous, OPEN, { postId })).toBe('UNAUTHENTICATED');
  expect(await chat.ask(bob, DISCUSSION, { id: 'nonsense\0' })).toEqual({ _entities: [{ discussion: null }] });
});

test('the right to a post’s room ends with the right to the post: members are removed, streams end', async () => {
  const [ada, fan, bob, eve] = [someone(), someone(), someone(), someone()];
  await chat.follows(fan, ada);
  await chat.follows(bob, ada);
  const postId = await chat.post(ada);
  const id = await openFor(fan, postId);
  for (const person of [ada, fan, bob, eve]) await join(person, id);
  const cursor = (await join(fan, id)).eventCursor;
  const streams = {
    fan: await listen(fan, id, cursor),
    bob: await listen(bob, id, cursor),
    eve: await listen(eve, id, cursor),
  };
  const next = async (name: keyof typeof streams) => (await streams[name].next()).value?.data?.roomEvents.__typename;
  const members = async () =>
    new Set(
      (await chat.rows<{ user_id: string }>('select user_id from room_member where room_id = $1', [id])).map(
        (row) => row.user_id,
      ),
    );

  // The account becomes private: who does not follow goes, and the others hear of it.
  await chat.privacy(ada);
  expect([await next('eve'), await next('fan')]).toEqual(['RoomEnd', 'MemberLeft']);
  expect(await members()).toEqual(new Set([ada, fan, bob].map(({ userId }) => userId)));
  expect([await reads(eve, id), await reads(anonymous, id)]).toEqual([null, null]);
  expect(await chat.refusal(eve, OPEN, { postId })).toBe('NOT_FOUND postId');
  expect(await chat.refusal(eve, JOIN, { roomId: id })).toBe('NOT_FOUND roomId');
  // Somebody stops following.
  await chat.follows(bob, ada, false);
  expect([await next('bob'), await next('bob')]).toEqual(['MemberLeft', 'RoomEnd']);
  // Somebody is blocked.
  await chat.blocks(ada, fan);
  expect(await next('fan')).toBe('MemberLeft');
  expect(await next('fan')).toBe('RoomEnd');
  expect(await members()).toEqual(new Set([ada.userId]));
  const input = { roomId: id, text: 'still?', clientId: key() };
  expect(await chat.refusal(fan, SEND, { input })).toBe('NOT_FOUND input.roomId');
  expect(
    await chat.rows(`select reason, by_user_id from room_event where room_id = $1 and kind = 'MEMBER_LEFT'`, [id]),
  ).toEqual(Array.from({ length: 3 }, () => ({ reason: 'REMOVED', by_user_id: null })));
  expect(await chat.rows('select member_count, last_seq from room where id = $1', [id])).toEqual([
    { member_count: 1, last_seq: 7 },
  ]);
  // Followers of a private account come back in.
  await chat.follows(bob, ada);
  await join(bob, id);
});

test('a post for followers alone is so before its author’s account is heard of', async () => {
  const [ada, fan, eve] = [someone(), someone(), someone()];
  const postId = await chat.post(ada, 'FOLLOWERS');
  await chat.follows(fan, ada);
  const id = await openFor(fan, postId);
  expect(await chat.refusal(eve, OPEN, { postId })).toBe('NOT_FOUND postId');
  await chat.privacy(ada, false);
  expect(await openFor(eve, postId)).toBe(id);
});
