import { once } from 'node:events';
import { settle } from '@chorus/kit/testing';
import { createClient as createEventStreamClient } from 'graphql-sse';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { type Fixture, startFixture } from './fixture/router.ts';

const FEED = `subscription ($room: String!, $from: Int) {
  feed(room: $room, from: $from) { number note { text author { name } } }
}`;

interface Operation {
  id: string;
  socket: WebSocket;
  query: string;
  variables: Record<string, unknown>;
  ended: boolean;
}

/** The subgraph `live`, as a test says what it sends: events of an operation, or of a tail. */
async function startLive() {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  const operations: Operation[] = [];
  const send = (socket: WebSocket, message: object) => socket.send(JSON.stringify(message));
  server.on('connection', (socket) =>
    socket.on('message', (data: Buffer) => {
      const {
        type,
        id = '',
        payload,
      } = JSON.parse(data.toString()) as {
        type: string;
        id?: string;
        payload?: Pick<Operation, 'query' | 'variables'> & { extensions: Record<string, unknown> };
      };
      if (type === 'connection_init') send(socket, { type: 'connection_ack' });
      if (type === 'ping') send(socket, { type: 'pong' });
      if (type === 'subscribe' && payload !== undefined) {
        if (payload.extensions['chorus-tails'] !== true) throw new Error('the router takes no tails');
        operations.push({ id, socket, ended: false, query: payload.query, variables: payload.variables });
      }
      for (const one of operations) if (type === 'complete' && one.id === id && one.socket === socket) one.ended = true;
    }),
  );
  const next = (socket: WebSocket, id: string, number: number) =>
    send(socket, { id, type: 'next', payload: { data: { feed: { number, note: { __typename: 'Note', id: 'n1' } } } } });
  return {
    url: `ws://127.0.0.1:${(server.address() as { port: number }).port}`,
    operations,
    sockets: () => new Set(operations.map(({ socket }) => socket)),
    own: ({ socket, id }: Operation, number: number) => next(socket, id, number),
    follow: ({ socket, id }: Operation, tail: string | null) =>
      send(socket, { id, type: 'next', payload: { extensions: { tail } } }),
    tail: (socket: WebSocket, tail: string, number: number) => next(socket, tail, number),
    complete: ({ socket, id }: Operation) => send(socket, { id, type: 'complete' }),
    cut: () => server.clients.forEach((socket) => socket.terminate()),
    stop: () => {
      server.clients.forEach((socket) => socket.terminate());
      server.close();
    },
  };
}

let live: Awaited<ReturnType<typeof startLive>>;
let fixture: Fixture;
let sockets: WebSocket[];
beforeEach(async () => {
  live = await startLive();
  fixture = await startFixture({
    SUBGRAPH_WS_URLS: `live=${live.url}`,
    VIEWER_CONNECTIONS: '100',
    VIEWER_OPERATIONS: '5000',
  });
  sockets = [];
});
afterEach(async () => {
  for (const socket of sockets) socket.terminate();
  await fixture.stop();
  live.stop();
});

interface Message {
  id: string;
  type: string;
  payload: { data?: { feed: { number: number } }; errors?: unknown } & { extensions: { code: string } }[];
}

async function connect(token?: string) {
  const socket = new WebSocket(fixture.url.replace(/^http/, 'ws'), 'graphql-transport-ws');
  sockets.push(socket);
  const messages: Message[] = [];
  const numbers = new Map<string, number[]>();
  const ends = new Map<string, string>();
  socket.on('message', (data: Buffer) => {
    const message = JSON.parse(data.toString()) as Message;
    messages.push(message);
    const { id, type, payload } = message;
    if (type === 'next') numbers.get(id)?.push(payload.data?.feed.number ?? NaN);
    if (type === 'complete') ends.set(id, 'complete');
    if (type === 'error') ends.set(id, payload[0]?.extensions.code ?? '');
  });
  await once(socket, 'open');
  const payload = token === undefined ? {} : { authorization: `Bearer ${token}` };
  socket.send(JSON.stringify({ type: 'connection_init', payload }));
  await settle(() => messages.length === 1);
  return {
    socket,
    messages,
    numbers,
    ends,
    async subscribe(id: string, from = 0, query = FEED): Promise<Operation> {
      const before = live.operations.length;
      numbers.set(id, []);
      socket.send(JSON.stringify({ id, type: 'subscribe', payload: { query, variables: { room: 'a', from } } }));
      await settle(() => live.operations.length > before);
      return live.operations[before] as Operation;
    },
    end: (id: string) => socket.send(JSON.stringify({ id, type: 'complete' })),
  };
}

test('an event of a tail is completed once for a thousand, and each gets it under their own id', async () => {
  const clients = await Promise.all(
    Array.from({ length: 10 }, async (_, index) => connect(await fixture.token({ sub: `usr_${index}` }))),
  );
  for (const client of clients) {
    for (let n = 0; n < 100; n++) live.follow(await client.subscribe(`op-${n}`, n), 't1');
  }
  // They are one and the same but for where they begin, and so on one socket.
  const [upstream, ...others] = live.sockets();
  expect(others).toEqual([]);
  if (upstream === undefined) throw new Error('nobody subscribed');
  const before = [fixture.world.entityCalls.length, fixture.world.noteCalls()];
  live.tail(upstream, 't1', 1);
  live.tail(upstream, 't1', 2);
  const all = clients.flatMap(({ numbers }) => [...numbers.values()]);
  await settle(() => all.every((numbers) => numbers.length === 2));
  expect(all.every((numbers) => numbers.join() === '1,2')).toBe(true);
  // For each of the two events one call to notes and one to people, on behalf of nobody.
  expect(fixture.world.entityCalls.length - (before[0] ?? 0)).toBe(2);
  expect(fixture.world.noteCalls() - (before[1] ?? 0)).toBe(2);
  expect(clients[0]?.messages.at(-1)?.payload).toEqual({
    data: { feed: { number: 2, note: { text: 'First', author: { name: 'Ada' } } } },
  });
}, 60_000);

test('what is its own comes before what it gets with others, and after it what follows its leaving', async () => {
  const client = await connect();
  const [slow, other] = [await client.subscribe('slow'), await client.subscribe('other')];
  live.follow(other, 't1');
  for (const number of [1, 2, 3]) live.own(slow, number);
  live.follow(slow, 't1');
  live.tail(slow.socket, 't1', 4);
  live.follow(slow, null);
  live.tail(slow.socket, 't1', 5);
  live.own(slow, 6);
  live.complete(slow);
  await settle(() => client.ends.get('slow') === 'complete' && client.numbers.get('other')?.length === 2);
  expect(client.numbers.get('slow')).toEqual([1, 2, 3, 4, 6]);
  expect(client.numbers.get('other')).toEqual([4, 5]);
});

test('an operation with a field that is not marked is completed for each viewer', async () => {
  const query = 'subscription ($room: String!) { feed(room: $room) { number mine note { text author { name } } } }';
  const clients = [await connect(await fixture.token()), await connect(await fixture.token({ sub: 'bob' }))];
  const operations = [];
  for (const client of clients) operations.push(await client.subscribe('1', 0, query));
  const [first, second] = operations;
  if (first === undefined || second === undefined) throw new Error('nobody subscribed');
  const before = fixture.world.noteCalls();
  for (const operation of operations) live.follow(operation, 't1');
  for (const socket of live.sockets()) live.tail(socket, 't1', 1);
  await settle(() => clients.every(({ numbers }) => numbers.get('1')?.length === 1));
  expect(fixture.world.noteCalls() - before).toBe(2);
});

test('event streams get the events of a tail, too', async () => {
  const client = createEventStreamClient({ url: fixture.url, retryAttempts: 0 });
  const streams = [0, 1].map((from) => client.iterate({ query: FEED, variables: { room: 'a', from } }));
  await settle(() => live.operations.length === 2);
  for (const operation of live.operations) live.follow(operation, 't1');
  for (const socket of live.sockets()) live.tail(socket, 't1', 7);
  for (const stream of streams) {
    expect((await stream.next()).value).toEqual({
      data: { feed: { number: 7, note: { text: 'First', author: { name: 'Ada' } } } },
    });
  }
  client.dispose();
});

test('who does not read ends with SLOW_CONSUMER, and holds up nobody; memory stays bounded', async () => {
  const [slow, quick] = [await connect(), await connect()];
  const query = 'subscription { feed(room: "a") { number } }';
  const operation = await slow.subscribe('1', 0, query);
  live.follow(operation, 't1');
  live.follow(await quick.subscribe('1', 0, query), 't1');
  slow.socket.pause();
  const received = () => quick.numbers.get('1')?.length ?? 0;
  // Read again once it was ended: a socket that reads nothing for longer is cut off.
  for (let number = 1; number <= 100_000; number++) {
    live.tail(operation.socket, 't1', number);
    if (number % 250 > 0) continue;
    await settle(() => received() >= number - 200, { limitMs: 30_000 });
    if (operation.ended) slow.socket.resume();
  }
  await settle(() => received() === 100_000, { limitMs: 30_000 });
  await settle(() => {
    if (operation.ended) slow.socket.resume();
    return slow.ends.get('1') === 'SLOW_CONSUMER';
  });
  const numbers = slow.numbers.get('1') ?? [];
  expect(numbers).toEqual(numbers.map((_, index) => index + 1));
}, 120_000);

test('the loss of the upstream ends all who follow a tail there, and nothing of it comes after', async () => {
  const client = await connect();
  const operations = [await client.subscribe('1'), await client.subscribe('2')];
  for (const operation of operations) live.follow(operation, 't1');
  live.tail(operations[0]?.socket as WebSocket, 't1', 1);
  await settle(() => client.numbers.get('2')?.length === 1);
  live.cut();
  await settle(() => client.ends.size === 2);
  expect([...client.ends.values()]).toEqual(['SUBGRAPH_UNAVAILABLE', 'SUBGRAPH_UNAVAILABLE']);
  const again = await client.subscribe('3', 1);
  live.follow(again, 't1');
  live.tail(again.socket, 't1', 2);
  await settle(() => client.numbers.get('3')?.length === 1);
  expect(client.numbers.get('1')).toEqual([1]);
});

const seed = Date.now() % 1_000_000;
test.each([seed, seed + 1, seed + 2])(
  'each gets what the upstream said, in its order (seed %i)',
  async (seed) => {
    let state = seed;
    const below = (limit: number) => (state = (state * 48_271) % 2_147_483_647) % limit;
    const clients = await Promise.all([connect(), connect(), connect()]);
    const open: { operation: Operation; expected: number[]; got: number[]; follows: boolean; ended: boolean }[] = [];
    for (let step = 1; step <= 400; step++) {
      const action = below(10);
      const one = open[below(open.length + 1)];
      if (action === 0) {
        const client = clients[below(3)] ?? (await connect());
        const id = `op-${step}`;
        const operation = await client.subscribe(id, step);
        open.push({ operation, expected: [], got: client.numbers.get(id) ?? [], follows: false, ended: false });
      } else if (one !== undefined && !one.ended && action < 4) {
        one.follows = !one.follows;
        live.follow(one.operation, one.follows ? 't1' : null);
      } else if (one !== undefined && !one.ended && !one.follows && action < 7) {
        live.own(one.operation, step);
        one.expected.push(step);
      } else if (one !== undefined && action === 7 && below(4) === 0) {
        live.complete(one.operation);
        one.ended = true;
      } else {
        for (const socket of live.sockets()) live.tail(socket, 't1', step);
        for (const each of open) if (each.follows && !each.ended) each.expected.push(step);
      }
      if (below(3) === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await settle(() => open.every(({ expected, got }) => got.length >= expected.length));
    expect(open.map(({ got }) => got)).toEqual(open.map(({ expected }) => expected));
  },
  60_000,
);
