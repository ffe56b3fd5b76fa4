/** What a room's feed does with each thing that a server or a connection can do to it. The server is scripted. */
import { expect, test } from 'vitest';
import type { RoomEventsSubscription, RoomSnapshotQuery } from '../src/__generated__/graphql.ts';
import { ChorusError } from '../src/errors.ts';
import { feedRoom, type RoomConnection } from '../src/room/feed.ts';
import type { RoomView } from '../src/room/view.ts';
import { ConnectionLost, type Sink } from '../src/socket.ts';
import { messageOf } from './message.ts';

type Frame = RoomEventsSubscription['roomEvents'];

const created = (seq: number): Frame => ({
  __typename: 'MessageCreated',
  cursor: `c${seq}`,
  seq,
  message: messageOf(seq),
});
const snapshot = (lastSeq: number): RoomSnapshotQuery => ({
  me: { id: 'usr_me' },
  room: {
    id: 'rom_1',
    kind: 'GROUP',
    viewerRole: 'MEMBER',
    name: 'A room',
    createdAt: '2026-01-01T00:00:00.000Z',
    memberCount: 1,
    eventCursor: `c${lastSeq}`,
    lastSeq,
    members: { pageInfo: { hasNextPage: false }, edges: [] },
    messages: {
      pageInfo: { hasPreviousPage: true },
      edges: [{ node: { ...messageOf(lastSeq), reactions: [] } }],
    },
  },
});

/** A server that waits for the test to say what it does. */
function startFeed(fetches: (RoomSnapshotQuery | ChorusError)[] = [snapshot(1)]) {
  const closing = new AbortController();
  const asked: string[] = [];
  const connections: RoomConnection[] = [];
  const diagnostics = { subscriptions: 0, snapshots: 0, resets: 0, duplicates: 0, gaps: 0 };
  let view: RoomView | undefined;
  let opened = Promise.withResolvers<Sink<RoomEventsSubscription>>();
  const ended = feedRoom({
    async fetchRoom() {
      asked.push('fetch');
      const next = fetches.length > 1 ? fetches.shift() : fetches[0];
      return next instanceof ChorusError
        ? { data: null, errors: next.errors, status: 200, traceId: null }
        : { data: next ?? null, errors: [], status: 200, traceId: null };
    },
    subscribe(after, sink) {
      asked.push(`after ${after}`);
      let over = false;
      opened.resolve({
        open: () => over || sink.open(),
        next: (result) => over || sink.next(result),
        end: (error) => over || sink.end(error),
      });
      return () => {
        over = true;
        asked.push('unsubscribe');
      };
    },
    backoff: { delay: () => 0 },
    keep: () => 100,
    onView: (next) => (view = next),
    onConnection: (connection) => connections.push(connection),
    signal: closing.signal,
    diagnostics,
  });
  return {
    asked,
    diagnostics,
    ended,
    close: () => closing.abort(),
    connection: () => connections.at(-1),
    seqs: () => view?.messages.map(({ seq }) => seq),
    /** The next subscription. */
    async opens() {
      const sink = await opened.promise;
      opened = Promise.withResolvers();
      sink.open();
      return {
        send: (...frames: Frame[]) => frames.forEach((roomEvents) => sink.next({ data: { roomEvents } })),
        end: (error: Parameters<typeof sink.end>[0]) => sink.end(error),
        next: (result: Parameters<typeof sink.next>[0]) => sink.next(result),
      };
    },
  };
}
const refused = (code: string, more: object = {}) =>
  new ChorusError([{ message: code, extensions: { code, ...more } }]);

test.each([
  ['a lost socket', new ConnectionLost({ code: 1006 })],
  ['a restart', new ConnectionLost({ code: 1012, reason: 'Service restart' })],
  ['a socket that was too slow', new ConnectionLost({ code: 1013 })],
  ['an expired token', new ConnectionLost({ code: 4403 })],
  ['a slow consumer', refused('SLOW_CONSUMER')],
  ['a lost subgraph', refused('SUBGRAPH_UNAVAILABLE')],
  ['a rate limit', refused('RATE_LIMITED', { retryAfter: 0.01 })],
  ['an end without a reason', null],
])('after %s it goes on from the last event', async (_, end) => {
  const feed = startFeed();
  const first = await feed.opens();
  first.send(created(2), created(3));
  expect(feed.connection()).toEqual({ status: 'live' });
  first.end(end);
  const second = await feed.opens();
  expect(feed.asked).toEqual(['fetch', 'after c1', 'unsubscribe', 'after c3']);
  second.send(created(4));
  expect(feed.seqs()).toEqual([1, 2, 3, 4]);
  expect(feed.connection()).toEqual({ status: 'live' });
  feed.close();
  await feed.ended;
});

test.each([
  [
    'a reset',
    (frames: Awaited<ReturnType<ReturnType<typeof startFeed>['opens']>>) =>
      frames.send({ __typename: 'RoomReset', cursor: 'c9' }),
  ],
  ['a missing event', (frames) => frames.send(created(4))],
  ['a cursor that is refused', (frames) => frames.end(refused('CURSOR_INVALID'))],
  ['a cursor that has expired', (frames) => frames.end(refused('CURSOR_EXPIRED'))],
  ['an event that could not be told', (frames) => frames.next({ data: null, errors: [{ message: 'no' }] })],
  ['an event of a kind to come', (frames) => frames.send({ __typename: 'RoomPainted' } as unknown as Frame)],
] satisfies [string, (frames: Awaited<ReturnType<ReturnType<typeof startFeed>['opens']>>) => void][])(
  'after %s it fetches the room, and what it had is gone',
  async (_, happen) => {
    const feed = startFeed([snapshot(1), snapshot(9)]);
    const first = await feed.opens();
    first.send(created(2));
    happen(first);
    const second = await feed.opens();
    expect(feed.asked).toEqual(['fetch', 'after c1', 'unsubscribe', 'fetch', 'after c9']);
    second.send(created(10));
    expect(feed.seqs()).toEqual([9, 10]);
    feed.close();
    await feed.ended;
  },
);

test('what comes twice is dropped and counted, and so is what is missing', async () => {
  const feed = startFeed([snapshot(1), snapshot(7)]);
  const first = await feed.opens();
  first.send(created(2), created(2), created(1), created(3), created(6));
  await feed.opens();
  expect(feed.diagnostics).toEqual({ subscriptions: 2, snapshots: 2, resets: 0, duplicates: 2, gaps: 1 });
  feed.close();
  await feed.ended;
});

test.each([
  ['the end of the room', { __typename: 'RoomEnd', reason: 'NOT_A_MEMBER' } as const, { reason: 'NOT_A_MEMBER' }],
  ['a session that is over', refused('UNAUTHENTICATED'), { reason: 'REFUSED', error: refused('UNAUTHENTICATED') }],
  ['a refusal', refused('FORBIDDEN'), { reason: 'REFUSED', error: refused('FORBIDDEN') }],
])('%s ends it, and nothing is heard after', async (_, how, expected) => {
  const feed = startFeed();
  const frames = await feed.opens();
  if (how instanceof ChorusError) frames.end(how);
  else frames.send(how, created(2));
  await feed.ended;
  expect(feed.connection()).toEqual({ status: 'ended', ...expected });
  expect(feed.seqs()).toEqual([1]);
  expect(feed.asked.at(-1)).toBe('unsubscribe');
});

test('a room that is not there, and three sockets refused in a row, end it; a fetch that fails is tried again', async () => {
  const missing = startFeed([{ me: null, room: null }]);
  await missing.ended;
  expect(missing.connection()).toEqual({ status: 'ended', reason: 'NOT_A_MEMBER' });

  const feed = startFeed([refused('TIMEOUT'), refused('INTERNAL'), snapshot(1)]);
  for (let attempt = 0; attempt < 3; attempt++) {
    const { end } = await feed.opens();
    end(new ConnectionLost({ code: 4403 }));
  }
  await feed.ended;
  expect(feed.connection()).toMatchObject({ status: 'ended', reason: 'REFUSED', error: { code: 4403 } });
  expect(feed.asked.filter((what) => what === 'fetch')).toHaveLength(3);
});
