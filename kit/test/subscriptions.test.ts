import { fault } from '@chorus/kit/errors';
import { createLogger } from '@chorus/kit/logger';
import { startSubgraphServer, type SubgraphServer } from '@chorus/kit/server';
import { createSubgraphClient, createSubgraphSubscriptions, settle, testKeys, viewerOf } from '@chorus/kit/testing';
import { createViewerTokens, type Viewer, VIEWER_HEADER } from '@chorus/kit/viewer';
import {
  type GraphQLFieldConfig,
  GraphQLInt,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLSchema,
  GraphQLString,
} from 'graphql';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';

interface Context {
  viewer: Viewer;
  serial: number;
}

/** What the source of the subscription under test did. */
interface Source {
  produced: number;
  ended: boolean;
}

let contexts: number;
let sources: Source[];
let server: SubgraphServer;
let stop: () => Promise<void>;
let subscriptions: ReturnType<typeof createSubgraphSubscriptions>;
const ada = viewerOf('usr_ada');

/** Counts up to `limit`, at once, then waits without end; `return` works while it waits. */
function count(limit: number): AsyncIterableIterator<number> {
  const source: Source = { produced: 0, ended: false };
  sources.push(source);
  const end = Promise.withResolvers<IteratorResult<number>>();
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    next: async () => (source.produced < limit ? { done: false, value: ++source.produced } : end.promise),
    async return() {
      source.ended = true;
      end.resolve({ done: true, value: undefined });
      return end.promise;
    },
  };
}

async function* failing(): AsyncGenerator<number> {
  yield 1;
  throw fault('SLOW_CONSUMER', 'Too slow.');
}
async function* broken(): AsyncGenerator<number> {
  yield 1;
  throw new Error('secret: the database is at 10.0.0.1');
}

const tick = new GraphQLObjectType<number, Context>({
  name: 'Tick',
  fields: {
    n: { type: new GraphQLNonNull(GraphQLInt), resolve: (n) => n },
    context: { type: GraphQLInt, resolve: (_n, _args, context) => context.serial },
    viewer: { type: GraphQLString, resolve: (_n, _args, context) => context.viewer.userId },
    padding: { type: GraphQLString, resolve: () => 'x'.repeat(100_000) },
  },
});
const stream = (
  subscribe: (limit: number) => AsyncIterable<number>,
): GraphQLFieldConfig<unknown, Context, { limit: number }> => ({
  type: tick,
  args: { limit: { type: GraphQLInt, defaultValue: 3 } },
  subscribe: (_, { limit }) => subscribe(limit),
  resolve: (n) => n,
});
const schema = new GraphQLSchema({
  query: new GraphQLObjectType({ name: 'Query', fields: { hello: { type: GraphQLString } } }),
  subscription: new GraphQLObjectType<unknown, Context>({
    name: 'Subscription',
    fields: {
      count: stream(count),
      failing: stream(failing),
      broken: stream(broken),
    },
  }),
});

beforeEach(async () => {
  contexts = 0;
  sources = [];
  server = await startSubgraphServer<Context>({
    name: 'test',
    host: '127.0.0.1',
    port: 0,
    schema,
    viewerTokens: createViewerTokens(testKeys.viewer),
    logger: createLogger({ service: 'test', level: 'silent' }),
    context: (viewer) => ({ viewer, serial: ++contexts }),
    ready: async () => {},
    subscriptions: true,
  });
  let stopped: Promise<void> | undefined;
  stop = () => (stopped ??= server.stop());
  subscriptions = createSubgraphSubscriptions(server.url);
});
afterEach(async () => {
  await subscriptions.close();
  await stop();
});

const codes = (error: unknown) =>
  (error as { extensions: { code: string } }[]).map(({ extensions }) => extensions.code);

test('every event resolves with a context of its own, and with the viewer of the subscribe message', async () => {
  const counting = await subscriptions.subscribe(ada, 'subscription { count { n context viewer } }');
  const seen = [await counting.next(), await counting.next(), await counting.next()];
  expect(seen.map(({ value }) => value.data)).toEqual([
    { count: { n: 1, context: 2, viewer: 'usr_ada' } },
    { count: { n: 2, context: 3, viewer: 'usr_ada' } },
    { count: { n: 3, context: 4, viewer: 'usr_ada' } },
  ]);
  const other = await subscriptions.subscribe(viewerOf('usr_bob'), 'subscription { count { viewer } }');
  expect((await other.next()).value.data).toEqual({ count: { viewer: 'usr_bob' } });
});

test('without a viewer token of this subgraph nothing is subscribed', async () => {
  const without = await subscriptions.subscribe(null, 'subscription { count { n } }');
  await expect(without.next().catch(codes)).resolves.toEqual(['UNAUTHENTICATED']);
  const foreign = createSubgraphSubscriptions(server.url, 'another-key-of-the-tests-0123456789abcdef');
  const forged = await foreign.subscribe(ada, 'subscription { count { n } }');
  await expect(forged.next().catch(codes)).resolves.toEqual(['UNAUTHENTICATED']);
  await foreign.close();
  expect(sources).toEqual([]);
});

test('what is not a valid subscription is refused, and the socket goes on', async () => {
  for (const query of ['subscription { nothing }', 'subscription {', 'query { hello }']) {
    const refused = await subscriptions.subscribe(ada, query);
    await expect(refused.next().catch(codes)).resolves.toEqual(['BAD_USER_INPUT']);
  }
  const counting = await subscriptions.subscribe(ada, 'subscription { count { n } }');
  expect((await counting.next()).value.data).toEqual({ count: { n: 1 } });
});

test('unsubscribing ends the source also while it waits for its next event', async () => {
  const counting = await subscriptions.subscribe(ada, 'subscription { count(limit: 1) { n } }');
  await counting.next();
  await counting.return?.();
  expect(await settle(() => sources[0]?.ended, { what: 'the end of the source' })).toBe(true);
});

test('a lost socket ends its sources', async () => {
  const counting = await subscriptions.subscribe(ada, 'subscription { count(limit: 1) { n } }');
  await counting.next();
  await subscriptions.close();
  expect(await settle(() => sources[0]?.ended, { what: 'the end of the source' })).toBe(true);
});

test('an error of the source ends its operation alone, with its code or masked', async () => {
  const other = await subscriptions.subscribe(ada, 'subscription { count(limit: 2) { n } }');
  await other.next();
  const coded = await subscriptions.subscribe(ada, 'subscription { failing { n } }');
  expect((await coded.next()).value.data).toEqual({ failing: { n: 1 } });
  await expect(coded.next().catch(codes)).resolves.toEqual(['SLOW_CONSUMER']);
  const masked = await subscriptions.subscribe(ada, 'subscription { broken { n } }');
  await masked.next();
  const errors: unknown = await masked.next().catch((error: unknown) => error);
  expect(codes(errors)).toEqual(['INTERNAL']);
  expect(JSON.stringify(errors)).not.toContain('10.0.0.1');
  expect((await other.next()).value.data).toEqual({ count: { n: 2 } });
});

test('stopping closes sockets with 1012 and ends their sources, also of a peer that hangs', async () => {
  const counting = await subscriptions.subscribe(ada, 'subscription { count(limit: 1) { n } }');
  await counting.next();
  const hanging = await slowSocket('subscription { count(limit: 1) { n } }');
  await settle(() => sources.length === 2);
  hanging.pause();
  const startedAt = Date.now();
  const ending = counting.next().catch(() => null);
  await stop();
  await ending;
  expect(await subscriptions.closed).toMatchObject({ code: 1012 });
  expect(Date.now() - startedAt).toBeLessThan(6000);
  await settle(() => sources.every((source) => source.ended));
  hanging.terminate();
  const after = createSubgraphSubscriptions(server.url);
  await expect((await after.subscribe(ada, 'subscription { count { n } }')).next()).rejects.toBeDefined();
});

test('a slow consumer is not read ahead of', async () => {
  const slow = await slowSocket('subscription { count(limit: 100000) { n padding } }');
  await settle(() => (sources[0]?.produced ?? 0) > 0);
  slow.pause();
  // Buffers of the operating system take some; after that production stands still.
  const seen: unknown[] = [];
  await settle(() => seen.push(sources[0]?.produced) > 10 && seen.at(-1) === seen.at(-11), { what: 'a standstill' });
  expect(sources[0]?.produced).toBeLessThan(2000);
  slow.terminate();
  await settle(() => sources[0]?.ended === true);
});

test('over HTTP the same token answers queries', async () => {
  expect(await createSubgraphClient(server.url).ask(ada, '{ hello }')).toEqual({ data: { hello: null } });
});

/** A subscriber whose socket can stop reading. */
async function slowSocket(query: string): Promise<WebSocket> {
  const token = await createSubgraphClient(server.url).token(ada);
  const socket = new WebSocket(server.url.replace(/^http/, 'ws'), 'graphql-transport-ws');
  await new Promise((resolve) => socket.once('open', resolve));
  socket.send(JSON.stringify({ type: 'connection_init' }));
  await new Promise((resolve) => socket.once('message', resolve));
  socket.send(
    JSON.stringify({ id: '1', type: 'subscribe', payload: { query, extensions: { [VIEWER_HEADER]: token } } }),
  );
  return socket;
}
