/** Subscriptions between the router and subgraphs that are processes of their own: killed, stalled, cut off. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import { settle } from '@chorus/kit/testing';
import { createClient as createEventStreamClient } from 'graphql-sse';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type LiveProcess, startCuttableWay, startLiveProcess } from './fixture/live-process.ts';
import { type Fixture, startFixture } from './fixture/router.ts';

const EVENTS = 'subscription { notes { number } }';

let live: LiveProcess;
const running: { stop(): unknown }[] = [];
beforeEach(async () => {
  live = await startLiveProcess();
});
afterEach(async () => {
  for (const part of running.splice(0).toReversed()) await part.stop();
  await live.kill();
});

async function startRouter(urls: string, env: Record<string, string> = {}): Promise<Fixture> {
  const router = await startFixture({ SUBGRAPH_WS_URLS: `live=${urls}`, ...env });
  running.push(router);
  return router;
}

interface Taken {
  /** Numbers of events, and at last the code of the error or 'complete'. */
  got: unknown[];
  unsubscribe: () => void;
}
/** Subscribes and takes whatever comes. */
function take({ client }: ReturnType<Fixture['connect']>): Taken {
  const got: unknown[] = [];
  const unsubscribe = client.subscribe<{ notes: { number: number } }>(
    { query: EVENTS },
    {
      next: ({ data, errors }) => got.push(data?.notes.number ?? errors),
      error: (error) => got.push((error as { extensions: { code: string } }[])[0]?.extensions.code ?? error),
      complete: () => got.push('complete'),
    },
  );
  return { got, unsubscribe };
}
const UNAVAILABLE = 'SUBGRAPH_UNAVAILABLE';

describe('a subgraph that', () => {
  test('is killed ends its subscriptions with a coded error; when it is back, so are they', async () => {
    const connection = (await startRouter(live.url)).connect();
    const first = [take(connection), take(connection)];
    await live.subscribed(2);
    live.publish(1);
    await settle(() => first.every(({ got }) => got.length === 1));
    await live.kill();
    await settle(() => first.every(({ got }) => got.length === 2));
    expect(first.map(({ got }) => got)).toEqual([
      [1, UNAVAILABLE],
      [1, UNAVAILABLE],
    ]);
    live = await startLiveProcess(live.port);
    const again = take(connection);
    await live.subscribed(1);
    live.publish(2);
    await settle(() => again.got.length > 0);
    expect(again.got).toEqual([2]);
  });

  test('stalls is found out', async () => {
    const connection = (await startRouter(live.url)).connect();
    const { got } = take(connection);
    await live.subscribed(1);
    live.signal('SIGSTOP');
    await settle(() => got.length > 0, { limitMs: 20_000, what: 'the end of the stalled subscription' });
    expect(got).toEqual([UNAVAILABLE]);
    live.signal('SIGCONT');
    await live.subscribed(0);
  });

  test('is cut off in the middle of an event gives nothing of it', async () => {
    const way = await startCuttableWay(live.port);
    running.push(way);
    const connection = (await startRouter(way.url)).connect();
    const { got } = take(connection);
    await live.subscribed(1);
    live.publish(1);
    await settle(() => got.length === 1);
    way.cutAfter(30);
    live.publish(2);
    await settle(() => got.length === 2);
    expect(got).toEqual([1, UNAVAILABLE]);
    await live.subscribed(0);
    way.mend();
    const again = take(connection);
    await live.subscribed(1);
    live.publish(3);
    await settle(() => again.got.length === 1);
    expect(again.got).toEqual([3]);
  });

  test('has two instances is served by the other when one is killed, and nobody hears of one that is away', async () => {
    const other = await startLiveProcess();
    running.push({ stop: () => other.kill() });
    const connection = (await startRouter(`${live.url}|${other.url}`)).connect();
    const first = Array.from({ length: 10 }, () => take(connection));
    await settle(() => live.subscribers() === 5 && other.subscribers() === 5, { what: 'five operations on each' });
    await live.kill();
    await settle(() => first.filter(({ got }) => got[0] === UNAVAILABLE).length === 5);
    const second = Array.from({ length: 20 }, () => take(connection));
    await other.subscribed(25);
    other.publish(1);
    await settle(() => second.every(({ got }) => got.length > 0));
    expect(second.every(({ got }) => got[0] === 1)).toBe(true);
    const ends = first.map(({ got }) => String(got));
    expect(ends.filter((end) => end === '1')).toHaveLength(5);
    expect(ends.filter((end) => end === UNAVAILABLE)).toHaveLength(5);
  });
});

test('many operations share few sockets, the least loaded one first', async () => {
  const way = await startCuttableWay(live.port);
  running.push(way);
  const router = await startRouter(way.url, { SUBGRAPH_SOCKETS: '3' });
  const connections = [router.connect(), router.connect(), router.connect()];
  const all = connections.flatMap((connection) => Array.from({ length: 100 }, () => take(connection)));
  await live.subscribed(300);
  expect(way.connections()).toBe(3);
  live.publish(1);
  await settle(() => all.every(({ got }) => got.length === 1));
});

test('a subgraph that is away is not called for each who asks, but each gets an answer', async () => {
  let attempts = 0;
  const refusing = createServer((socket) => {
    attempts++;
    socket.destroy();
  }).listen(0, '127.0.0.1');
  await once(refusing, 'listening');
  running.push({ stop: () => refusing.close() });
  const { port } = refusing.address() as { port: number };
  const connection = (await startRouter(`ws://127.0.0.1:${port}/graphql`)).connect();
  for (let round = 0; round < 5; round++) {
    const all = Array.from({ length: 40 }, () => take(connection));
    await settle(() => all.every(({ got }) => got[0] === UNAVAILABLE));
  }
  expect(attempts).toBeLessThanOrEqual(15);
});

test('clients that come and go at any moment leave no operation behind', async () => {
  const router = await startRouter(live.url);
  const stays = take(router.connect());
  await live.subscribed(1);
  const streams = createEventStreamClient({ url: router.url, retryAttempts: 0 });
  let connection = router.connect();
  for (let cycle = 0; cycle < 1000; cycle++) {
    const { unsubscribe } = take(connection);
    const closeStream =
      cycle % 5 === 0
        ? streams.subscribe({ query: EVENTS }, { next: () => {}, error: () => {}, complete: () => {} })
        : undefined;
    // At another moment each time: so many turns of the event loop later.
    for (let turn = 0; turn < cycle % 21; turn++) await new Promise((resolve) => setImmediate(resolve));
    if (cycle % 2 > 0) unsubscribe();
    closeStream?.();
    if (cycle % 50 === 49) {
      connection.client.terminate();
      connection = router.connect();
    }
  }
  connection.client.terminate();
  streams.dispose();
  await live.subscribed(1);
  live.publish(7);
  await settle(() => stays.got.length > 0);
  expect(stays.got).toEqual([7]);
});
