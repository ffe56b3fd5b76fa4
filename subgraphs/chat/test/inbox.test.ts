import { newId } from '@chorus/kit/ids';
import { settle } from '@chorus/kit/testing';
import { anonymous, type Viewer } from '@chorus/kit/viewer';
import { beforeAll, expect, test } from 'vitest';
import { asService, INVITE, LEAVE, type Room, someone, useChat } from './harness.ts';

// The check is longer than a test may take: only wake-ups explain what arrives.
const chat = useChat({ HEAD_CHECK_MS: '600000' });
let socket: ReturnType<typeof chat.subscriptions>;
beforeAll(() => {
  socket = chat.subscriptions();
});

const INBOX = `subscription ($after: [InboxPosition!]) { inboxEvents(after: $after) {
  roomId: room { id }
  event {
    __typename
    ... on MessageCreated { cursor message { text } }
    ... on RoomReset { cursor }
    ... on RoomEnd { reason }
  }
} }`;
interface Frame {
  roomId: { id: string } | null;
  event: { __typename: string; cursor?: string; message?: { text: string } };
}
type Position = { roomId: string; cursor: string };

/** Subscribes and collects. */
async function open(viewer: Viewer, after: Position[] | null = null, on = socket) {
  const events = await on.subscribe<{ inboxEvents: Frame }>(viewer, INBOX, { after });
  const frames: Frame[] = [];
  void (async () => {
    for await (const { data } of events) if (data) frames.push(data.inboxEvents);
  })().catch(() => 'its process has ended');
  return {
    frames,
    close: () => events.return?.(),
    /** What came of one room. */
    of: ({ id }: Room) =>
      frames.filter(({ roomId }) => roomId?.id === id).map(({ event }) => event.message?.text ?? event.__typename),
    come: (count: number) => settle(() => frames.length >= count, { what: `${count} frames` }),
  };
}
const position = ({ id, eventCursor }: Room): Position => ({ roomId: id, cursor: eventCursor });

test('every room begins with where it stands, and then each event of each room comes once and in order', async () => {
  const [ann, ben] = [someone(), someone()];
  const rooms = await Promise.all(['One', 'Two', 'Three'].map((name) => chat.createRoom(ann, [ben], name)));
  const inbox = await open(ann);
  await inbox.come(3);
  for (let n = 0; n < 20; n++) for (const { id } of rooms) await chat.send(ben, id, `Message ${n}`);
  await inbox.come(63);
  for (const room of rooms) {
    expect(inbox.of(room)).toEqual(['RoomReset', ...Array.from({ length: 20 }, (_, n) => `Message ${n}`)]);
  }
  expect(inbox.frames).toHaveLength(63);
});

test('goes on where each room was left, on another process too; nothing is missing and nothing comes twice', async () => {
  const [ann, ben] = [someone(), someone()];
  const rooms = await Promise.all([chat.createRoom(ann, [ben], 'One'), chat.createRoom(ann, [ben], 'Two')]);
  const before = await open(ann, rooms.map(position));
  await chat.send(ben, rooms[0]?.id ?? '', 'Heard');
  await before.come(1);
  await before.close();
  await chat.send(ben, rooms[0]?.id ?? '', 'Missed');
  await chat.send(ben, rooms[1]?.id ?? '', 'Missed, too');
  const after = [
    { roomId: rooms[0]?.id ?? '', cursor: before.frames[0]?.event.cursor ?? '' },
    ...rooms.slice(1).map(position),
  ];
  const other = await chat.start({ HEAD_CHECK_MS: '600000' });
  const later = await open(ann, after, chat.subscriptions(other.url));
  await later.come(2);
  await chat.send(ben, rooms[0]?.id ?? '', 'Live');
  await later.come(3);
  expect(rooms.map(later.of)).toEqual([['Missed', 'Live'], ['Missed, too']]);
});

test('a room that the reader comes into is there at once; one that they leave ends, and comes back with them', async () => {
  const [ann, ben] = [someone(), someone()];
  const home = await chat.createRoom(ann);
  const inbox = await open(ann);
  await inbox.come(1);
  const room = await chat.createRoom(ben, [ann]);
  await inbox.come(2);
  await chat.send(ben, room.id, 'Welcome');
  await inbox.come(3);
  await chat.ask(ann, LEAVE, { roomId: room.id });
  await inbox.come(4);
  await chat.send(ben, room.id, 'Gone');
  await chat.ask(asService(ben), INVITE, { roomId: room.id, userIds: [ann.userId] });
  await inbox.come(5);
  await chat.send(ben, room.id, 'Again');
  await chat.send(ann, home.id, 'At home');
  await inbox.come(7);
  expect(inbox.of(home)).toEqual(['RoomReset', 'At home']);
  expect(inbox.of(room)).toEqual(['RoomReset', 'Welcome', 'RoomReset', 'Again']);
  // Whoever may not see the room any more is told its end without it.
  expect(inbox.frames.filter(({ roomId }) => roomId === null).map(({ event }) => event.__typename)).toEqual([
    'RoomEnd',
  ]);
});

test('a position in a room of others, or of none, is answered by an end; a cursor of another room is refused', async () => {
  const [ann, ben] = [someone(), someone()];
  const [mine, other] = [await chat.createRoom(ann), await chat.createRoom(ben)];
  const foreign = await open(ann, [position(other), position(mine)]);
  await foreign.come(1);
  expect(foreign.frames).toEqual([{ roomId: null, event: { __typename: 'RoomEnd', reason: 'NOT_A_MEMBER' } }]);
  const refusal = async (viewer: Viewer, after: Position[]) => {
    const { value } = await (await socket.subscribe(viewer, INBOX, { after })).next();
    return value.errors?.[0]?.extensions?.['code'];
  };
  expect(await refusal(ann, [{ roomId: mine.id, cursor: other.eventCursor }])).toBe('CURSOR_INVALID');
  expect(await refusal(ann, [{ roomId: 'nul\0', cursor: mine.eventCursor }])).toBe('BAD_USER_INPUT');
  expect(
    await refusal(
      ann,
      Array.from({ length: 501 }, () => position(mine)),
    ),
  ).toBe('BAD_USER_INPUT');
  expect(await refusal(anonymous, [])).toBe('UNAUTHENTICATED');
  expect(await refusal(ann, [{ roomId: newId('rom'), cursor: mine.eventCursor }])).toBe('CURSOR_INVALID');
});

test('who holds an inbox is present', async () => {
  const [ann, ben] = [someone(), someone()];
  await chat.createRoom(ann, [ben]);
  const PRESENCE = 'subscription ($ids: [ID!]!) { presence(userIds: $ids) { isOnline } }';
  const presence = await socket.subscribe<{ presence: { isOnline: boolean } }>(ben, PRESENCE, { ids: [ann.userId] });
  await open(ann);
  expect((await presence.next()).value.data).toEqual({ presence: { isOnline: true } });
});
