import { LogHubs, type LiveBus, type LogPage, streamLog } from '@chorus/kit/live';
import { createLogger } from '@chorus/kit/logger';
import { startSubgraphServer, type SubgraphServer } from '@chorus/kit/server';
import { createSubgraphClient, createSubgraphSubscriptions, settle, testKeys, viewerOf } from '@chorus/kit/testing';
import { createViewerTokens, sharedViewer, type Viewer, VIEWER_HEADER } from '@chorus/kit/viewer';
import { buildSubgraphSchema, type GraphQLResolverMap } from '@apollo/subgraph';
import { parse } from 'graphql';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { randomOf } from './execution/random.ts';

interface Entry {
  seq: number;
  /** Whose right to read ends with it. */
  ends?: string;
}
type Frame = { seq: number };
interface Context {
  viewer: Viewer;
}

const typeDefs = parse(`
  directive @shared(startsAt: String) on FIELD_DEFINITION
  type Query { open: String @shared closed: String }
  type Subscription { log(name: String!, after: Int): Event @shared(startsAt: "after") }
  type Event { seq: Int! @shared slow: Int @shared padded(size: Int!): String @shared viewer: String wrong: String @shared }
`);

let entries: Entry[];
let ended: Set<string>;
let executed: number;
let listeners: Set<(seq: number | null) => void>;
let hubs: LogHubs<Entry, LogPage<Entry>, Frame>;
let server: SubgraphServer;
let sockets: WebSocket[];
const tokens = createViewerTokens(testKeys.viewer);

const live: LiveBus = {
  publish: () => undefined,
  listen(_channel, listen) {
    const listener = listen as (seq: number | null) => void;
    listeners.add(listener);
    return { close: () => void listeners.delete(listener) };
  },
  stop: () => undefined,
};
const readAfter = async (position: number | null): Promise<LogPage<Entry>> => ({
  epoch: 'a',
  lastSeq: entries.length,
  entries: entries.slice(position ?? entries.length),
});
function append(entry: Omit<Entry, 'seq'> = {}): void {
  if (entry.ends !== undefined) ended.add(entry.ends);
  entries.push({ seq: entries.length + 1, ...entry });
  for (const listener of listeners) listener(entries.length);
}

const resolvers: GraphQLResolverMap<Context> = {
  Query: { open: () => 'to all', closed: () => 'to some' },
  Subscription: {
    log: {
      subscribe: (_: unknown, { after }: { after: number | null }, { viewer }: Context) => {
        const position = after === null ? null : { epoch: 'a', seq: after };
        return streamLog(
          {
            live,
            channel: 'log',
            headCheckMs: 600_000,
            read: async (reader, position) => (ended.has(reader) ? null : readAfter(position)),
            tail: readAfter,
            endsFor: (entry) => entry.ends ?? null,
            toFrame: ({ seq }) => ({ seq }),
            toReset: ({ seq }) => ({ seq: -seq }),
            toEnd: () => ({ seq: 0 }),
          },
          { reader: viewer.userId ?? '', after: position },
          hubs,
        );
      },
      resolve: (frame: Frame) => frame,
    },
  },
  Event: {
    async slow({ seq }: Frame) {
      for (let turn = 0; turn < (seq * 7) % 5; turn++) await new Promise((resolve) => setImmediate(resolve));
      return seq;
    },
    padded: (_: Frame, { size }: { size: number }) => 'x'.repeat(size),
    viewer: (_: Frame, __: unknown, { viewer }: Context) => viewer.userId,
    wrong: (_: Frame, __: unknown, { viewer }: Context) => viewer.userId,
  },
};

beforeEach(async () => {
  [entries, ended, executed, listeners, hubs, sockets] = [[], new Set(), 0, new Set(), new LogHubs(), []];
  server = await startSubgraphServer<Context>({
    name: 'test',
    host: '127.0.0.1',
    port: 0,
    schema: buildSubgraphSchema([{ typeDefs, resolvers: resolvers as GraphQLResolverMap }]),
    viewerTokens: tokens,
    logger: createLogger({ service: 'test', level: 'silent' }),
    context(viewer) {
      if (viewer === sharedViewer) executed++;
      return { viewer };
    },
    ready: async () => {},
    subscriptions: true,
  });
});
afterEach(async () => {
  for (const socket of sockets) socket.terminate();
  await server.stop();
});

interface Message {
  id?: string;
  type: string;
  payload?: { data?: { log: Record<string, unknown> }; errors?: unknown[]; extensions?: { tail: string | null } };
}

/** A router's end of a socket: what comes on it, and for each operation what that amounts to. */
async function router() {
  const socket = new WebSocket(server.url.replace(/^http/, 'ws'), 'graphql-transport-ws');
  sockets.push(socket);
  await new Promise((resolve) => socket.once('open', resolve));
  const messages: Message[] = [];
  const tailOf = new Map<string, string | null>();
  const got = new Map<string, Record<string, unknown>[]>();
  let joins = 0;
  socket.on('message', (data: Buffer) => {
    const message = JSON.parse(data.toString()) as Message;
    messages.push(message);
    const { id = '', type, payload } = message;
    if (type !== 'next' || payload === undefined) return;
    if (payload.data === undefined && payload.extensions !== undefined) {
      tailOf.set(id, payload.extensions.tail);
      if (payload.extensions.tail !== null) joins++;
      return;
    }
    const receivers = got.has(id) ? [id] : [...tailOf].filter(([, tail]) => tail === id).map(([one]) => one);
    for (const one of receivers) got.get(one)?.push(payload.data?.log ?? { errors: payload.errors });
  });
  socket.send('{"type":"connection_init"}');
  await settle(() => messages.length === 1);
  return {
    socket,
    messages,
    got,
    tailOf,
    joins: () => joins,
    async subscribe(id: string, user: string, selection = '{ seq }', after: number | null = null, name = 'a') {
      got.set(id, []);
      const query = `subscription ($name: String!, $after: Int) { log(name: $name, after: $after) ${selection} }`;
      const extensions = { [VIEWER_HEADER]: await tokens.mint(viewerOf(user)), 'chorus-tails': true };
      socket.send(
        JSON.stringify({ id, type: 'subscribe', payload: { query, variables: { name, after }, extensions } }),
      );
    },
    end(id: string) {
      tailOf.delete(id);
      got.delete(id);
      socket.send(JSON.stringify({ id, type: 'complete' }));
    },
  };
}

test('an event is executed once for a thousand, whatever their cursors, and written once to each socket', async () => {
  for (let count = 0; count < 10; count++) append();
  const both = [await router(), await router()];
  for (let n = 0; n < 500; n++) {
    for (const one of both) await one.subscribe(String(n), `usr_${n % 50}`, '{ seq }', 10 - (n % 2));
  }
  await settle(() => both.every((one) => one.joins() === 500));
  const before = both.map(({ messages }) => messages.length);
  executed = 0;
  append();
  await settle(() => both.every(({ got }) => [...got.values()].every((events) => events.at(-1)?.['seq'] === 11)));
  expect(executed).toBe(1);
  expect(both.map(({ messages }, index) => messages.length - (before[index] ?? 0))).toEqual([1, 1]);
  expect(both[0]?.got.get('1')).toEqual([{ seq: 10 }, { seq: 11 }]);
});

test('another selection or variable is another tail', async () => {
  const one = await router();
  await one.subscribe('1', 'usr_ada');
  await one.subscribe('2', 'usr_bob');
  await one.subscribe('3', 'usr_ada', '{ seq slow }');
  await one.subscribe('4', 'usr_ada', '{ seq }', null, 'b');
  await settle(() => one.joins() === 4);
  const [first, second, third, fourth] = ['1', '2', '3', '4'].map((id) => one.tailOf.get(id));
  expect(second).toBe(first);
  expect(new Set([first, third, fourth]).size).toBe(3);
});

test('a field that is not marked answers each viewer on their own', async () => {
  const one = await router();
  await one.subscribe('1', 'usr_ada', '{ seq viewer }');
  await one.subscribe('2', 'usr_bob', '{ seq viewer }');
  await settle(() => {
    if (one.messages.length < 3) append(); // until both have begun
    return [...one.got.values()].every((events) => events.length > 0);
  });
  for (const [id, viewer] of [
    ['1', 'usr_ada'],
    ['2', 'usr_bob'],
  ] as const) {
    expect(one.got.get(id)?.at(-1)).toMatchObject({ viewer });
  }
  expect([one.joins(), executed]).toEqual([0, 0]);
});

test('a field that is marked and reads the viewer is an error for everybody', async () => {
  const one = await router();
  await one.subscribe('1', 'usr_ada', '{ seq wrong }', 0);
  await one.subscribe('2', 'usr_bob', '{ seq wrong }', 0);
  await settle(() => one.joins() === 2);
  append();
  await settle(() => [...one.got.values()].every((events) => events.length === 1));
  expect(one.got.get('1')).toEqual([{ seq: 1, wrong: null }]);
  const { payload } = one.messages.at(-1) ?? {};
  expect(payload?.errors).toMatchObject([{ extensions: { code: 'INTERNAL' }, path: ['log', 'wrong'] }]);
});

test('who does not say that they take tails gets every event on their own, and the same', async () => {
  const subscriptions = createSubgraphSubscriptions(server.url);
  const events = await subscriptions.subscribe(
    viewerOf('usr_ada'),
    'subscription { log(name: "a", after: 0) { seq } }',
  );
  append();
  expect((await events.next()).value).toEqual({ data: { log: { seq: 1 } } });
  append();
  expect((await events.next()).value).toEqual({ data: { log: { seq: 2 } } });
  await subscriptions.close();
});

test('over HTTP the shared viewer gets what is marked, and nothing else', async () => {
  const client = createSubgraphClient(server.url);
  expect(await client.ask(sharedViewer, '{ open }')).toEqual({ data: { open: 'to all' } });
  const { errors } = await client.ask(sharedViewer, '{ open closed }');
  expect(errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN' });
});

const seed = Date.now() % 1_000_000;
test.each(Array.from({ length: 8 }, (_, index) => seed + index))(
  'each operation gets each event once and in order, and none after its end (seed %i)',
  async (seed) => {
    const random = randomOf(String(seed));
    const routers = [await router(), await router()];
    const people = Array.from({ length: 12 }, (_, index) => `usr_${index}`);
    const asked: { one: (typeof routers)[number]; id: string; after: number; user: string; open: boolean }[] = [];
    for (let step = 0; step < 250; step++) {
      const action = random.below(100);
      const user = random.pick(people);
      if (action < 25 && !ended.has(user)) {
        const one = random.pick(routers);
        const [id, after] = [String(asked.length), Math.max(0, entries.length - random.below(4))];
        await one.subscribe(id, user, random.chance(0.7) ? '{ seq slow }' : '{ seq }', after);
        asked.push({ one, id, after, user, open: true });
      } else if (action < 30 && asked.length > 0) {
        const operation = random.pick(asked);
        operation.one.end(operation.id);
        operation.open = false;
      } else if (action < 33 && ended.size < 6) append({ ends: user });
      else for (let count = random.below(4); count > 0; count--) append();
      for (let turn = random.below(5); turn > 0; turn--) await new Promise((resolve) => setImmediate(resolve));
    }
    append();
    const seqsOf = ({ one, id }: (typeof asked)[number]) => one.got.get(id)?.map((event) => event['seq']) ?? [];
    await settle(() =>
      asked.every((each) => !each.open || seqsOf(each).at(-1) === (ended.has(each.user) ? 0 : entries.length)),
    );
    for (const each of asked) {
      const seqs = seqsOf(each);
      const rising = seqs.filter((seq) => seq !== 0);
      expect(rising).toEqual(rising.map((_, index) => each.after + 1 + index));
      expect(seqs.slice(0, -1)).not.toContain(0);
      const end = entries.find((entry) => entry.ends === each.user)?.seq ?? Infinity;
      expect(Math.max(0, ...rising.map(Number))).toBeLessThan(end);
    }
  },
);
