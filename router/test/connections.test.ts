/** Bounds on what clients hold open, against clients that are many, slow, mute or dead. */
import { once } from 'node:events';
import { type IncomingMessage, request as sendRaw } from 'node:http';
import { settle } from '@chorus/kit/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { type Fixture, startFixture } from './fixture/router.ts';

const EVENTS = 'subscription { notes { number viewer } }';

let fixture: Fixture;
const sockets: WebSocket[] = [];
beforeEach(async () => {
  fixture = await startFixture({
    MAX_LIVE_CONNECTIONS: '8',
    VIEWER_CONNECTIONS: '3',
    VIEWER_OPERATIONS: '5',
    TRUSTED_PROXIES: '127.0.0.1',
  });
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.terminate();
  await fixture.stop();
});

interface Message {
  type: string;
  id?: string;
  payload?: { extensions: { code: string; retryAfter?: number } }[];
}
/** A socket as it is: it can be paused, and comes from whatever address it says. */
async function open(
  { address = '192.0.2.1', token }: { address?: string; token?: string } = {},
  init = true,
  router = fixture,
) {
  const url = router.url.replace(/^http/, 'ws');
  const socket = new WebSocket(url, 'graphql-transport-ws', { headers: { 'x-forwarded-for': address } });
  sockets.push(socket);
  const messages: Message[] = [];
  let end: { code: number; reason: string } | undefined;
  socket.on('message', (data: Buffer) => messages.push(JSON.parse(data.toString()) as Message));
  socket.on('close', (code, reason) => (end = { code, reason: String(reason) }));
  await once(socket, 'open');
  const payload = token === undefined ? {} : { authorization: `Bearer ${token}` };
  if (init) {
    socket.send(JSON.stringify({ type: 'connection_init', payload }));
    await settle(() => messages.length > 0 || end !== undefined, { what: 'an answer to connection_init' });
  }
  return {
    socket,
    messages,
    end: () => end,
    ended: (limitMs = 10_000) => settle(() => end, { limitMs, what: 'the end of the socket' }),
    subscribe: (id: string, query = EVENTS) =>
      socket.send(JSON.stringify({ id, type: 'subscribe', payload: { query } })),
    complete: (id: string) => socket.send(JSON.stringify({ id, type: 'complete' })),
    errorOf: (id: string) =>
      settle(() => messages.find((message) => message.type === 'error' && message.id === id)?.payload?.[0]?.extensions),
  };
}
const subscribers = (count: number) =>
  settle(() => fixture.world.subscribers() === count, { what: `${count} operations at the subgraph` });
async function openStream(headers: Record<string, string> = {}): Promise<IncomingMessage> {
  const url = `${fixture.url}?${new URLSearchParams({ query: EVENTS }).toString()}`;
  const request = sendRaw(url, {
    headers: { accept: 'text/event-stream', 'x-forwarded-for': '192.0.2.1', ...headers },
    agent: false,
  });
  request.end();
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  response.on('error', () => undefined);
  return response;
}
/** How an upgrade is refused. */
async function refusal(): Promise<IncomingMessage> {
  const socket = new WebSocket(fixture.url.replace(/^http/, 'ws'), 'graphql-transport-ws');
  socket.on('error', () => undefined);
  const [, response] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage];
  return response;
}

describe('a viewer', () => {
  test('holds so many connections, of either kind, and others theirs', async () => {
    const token = await fixture.token();
    const first = await open({ token });
    await open({ token, address: '198.51.100.7' });
    const stream = await openStream({ authorization: `Bearer ${token}` });
    const refused = await open({ token });
    expect(await refused.ended()).toMatchObject({ code: 1013, reason: expect.stringContaining('3') as string });
    expect((await openStream({ authorization: `Bearer ${token}` })).statusCode).toBe(429);
    expect((await open({ token: await fixture.token({ sub: 'bob' }) })).end()).toBeUndefined();
    first.socket.close();
    await settle(async () => (await open({ token })).end() === undefined, { what: 'the place that was left' });
    stream.destroy();
  });

  test('has so many operations on all of them, and each that ends makes room', async () => {
    const token = await fixture.token();
    const [one, two] = [await open({ token }), await open({ token })];
    for (const id of ['1', '2', '3']) one.subscribe(id);
    for (const id of ['4', '5']) two.subscribe(id);
    await subscribers(5);
    two.subscribe('6');
    expect(await two.errorOf('6')).toEqual({ code: 'RATE_LIMITED', retryAfter: 5 });
    one.complete('2');
    await subscribers(4);
    two.subscribe('7');
    await subscribers(5);
    one.subscribe('8', '{ nothing }');
    expect(await one.errorOf('8')).toMatchObject({ code: 'GRAPHQL_VALIDATION_FAILED' });
    one.socket.terminate();
    await subscribers(3);
    for (const id of ['9', '10']) two.subscribe(id);
    await subscribers(5);
  });

  test('who is anonymous is known by address, in IPv6 by its network', async () => {
    for (const address of ['2001:db8:1:2::1', '2001:db8:1:2:ffff::9', '2001:db8:1:2::3']) {
      expect((await open({ address })).end()).toBeUndefined();
    }
    expect(await (await open({ address: '2001:db8:1:2:3::4' })).ended()).toMatchObject({ code: 1013 });
    expect((await open({ address: '2001:db8:1:3::1' })).end()).toBeUndefined();
    expect((await open({ address: '203.0.113.9' })).end()).toBeUndefined();
  });

  test('keeps no place for what came and went', async () => {
    for (let cycle = 0; cycle < 60; cycle++) {
      const connection = await open({}, cycle % 3 > 0);
      if (cycle % 2 > 0) for (const id of ['1', '2', '3']) connection.subscribe(id);
      if (cycle % 4 === 0) (await openStream()).destroy();
      if (cycle % 5 > 0) connection.socket.terminate();
      else connection.socket.close();
      // Two of the three places are certainly free when all of this viewer's before are gone.
      if (cycle % 2 > 0) await settle(() => fixture.world.subscribers() === 0);
      await settle(async () => {
        const probe = await open();
        probe.socket.terminate();
        return probe.end() === undefined;
      });
    }
    await settle(async () => {
      const three = [await open(), await open(), await open()];
      const all = three.every((connection) => connection.end() === undefined);
      if (!all) for (const connection of three) connection.socket.terminate();
      return all;
    });
    const [last] = sockets.slice(-3);
    for (const id of ['1', '2', '3', '4', '5'])
      last?.send(JSON.stringify({ id, type: 'subscribe', payload: { query: EVENTS } }));
    expect(await subscribers(5)).toBe(true);
  });
});

test('more than the process takes is refused with 503 before it is a socket, or a stream', async () => {
  const open8 = await Promise.all(
    Array.from({ length: 8 }, (_, index) => open({ address: `192.0.2.${index}` }, index % 2 === 0)),
  );
  const refused = await refusal();
  expect([refused.statusCode, refused.headers['retry-after']]).toEqual([503, '5']);
  const stream = await openStream();
  expect([stream.statusCode, stream.headers['retry-after']]).toEqual([503, '5']);
  open8[0]?.socket.terminate();
  await settle(async () => (await openStream()).statusCode === 200);
});

describe('a client that does not read', () => {
  test('is told SLOW_CONSUMER when 1 MiB of few events waits for it', async () => {
    const viewer = 'x'.repeat(50_000);
    const slow = await open({ token: await fixture.token({ sub: viewer }) });
    slow.subscribe('1');
    await subscribers(1);
    slow.socket.pause();
    for (let count = 0; count < 400; count++) {
      fixture.world.publish(1);
      await new Promise(setImmediate);
    }
    await subscribers(0);
    slow.socket.resume();
    expect(await slow.errorOf('1')).toEqual({ code: 'SLOW_CONSUMER' });
    expect(slow.messages.filter(({ type }) => type === 'next').length).toBeLessThan(400);
    expect(slow.end()).toBeUndefined();
  });

  test('is closed with 1013 when its answers pile up', async () => {
    const router = await startFixture();
    try {
      router.world.notes.push({ id: 'n9', text: 'x'.repeat(100_000), authorId: 'ada' });
      const slow = await open({}, true, router);
      slow.socket.pause();
      for (let query = 0; query < 60; query++) {
        const fields = Array.from({ length: 10 }, (_, index) => `q${query}_${index}: note(id: "n9") { text }`);
        slow.subscribe(String(query), `{ ${fields.join(' ')} }`);
      }
      await settle(() => router.world.asked() === 600, { what: 'the last question' });
      await router.ask('{ note(id: "n1") { id } }'); // behind the answers before it
      slow.socket.resume();
      expect(await slow.ended()).toMatchObject({ code: 1013 });
      expect(slow.messages.filter(({ type }) => type === 'next').length).toBeLessThan(60);
    } finally {
      await router.stop();
    }
  });
});

test('who says nothing, and who no longer answers, is cut off', { timeout: 60_000 }, async () => {
  const mute = await open({}, false);
  const dead = await open();
  dead.subscribe('1');
  await subscribers(1);
  dead.socket.pause();
  expect(await mute.ended()).toMatchObject({ code: 4408 });
  await settle(() => fixture.world.subscribers() === 0, { limitMs: 30_000, what: 'the end of the dead one' });
  dead.socket.resume();
  expect(await dead.ended()).toMatchObject({ code: 1006 });
});

test('while it drains the router refuses sockets and streams, and does not wait for who does not read', async () => {
  const [reads, stuck] = [await open(), await open()];
  const stream = await openStream();
  stuck.subscribe('1');
  await subscribers(2);
  stuck.socket.pause();
  const stopped = fixture.stopRouter();
  expect(await reads.ended()).toMatchObject({ code: 1012 });
  expect((await refusal()).statusCode).toBe(503);
  expect((await openStream()).statusCode).toBe(503);
  await stopped;
  stream.destroy();
  stuck.socket.resume();
  await stuck.ended();
  await subscribers(0);
});
