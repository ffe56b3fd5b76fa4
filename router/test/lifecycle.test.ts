import { once } from 'node:events';
import { connect } from 'node:net';
import { ConfigError } from '@chorus/kit/config';
import { settle } from '@chorus/kit/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { type Plain, startPlain } from './fixture/plain.ts';

let plain: Plain;
beforeAll(async () => {
  plain = await startPlain();
});
afterAll(() => plain.stop());

/** How many of each kind of handle keep this process alive. */
const handles = (kind: string): number => process.getActiveResourcesInfo().filter((name) => name === kind).length;

async function refusesConnections(port: number): Promise<boolean> {
  const probe = connect(port, '127.0.0.1');
  const [refused] = await Promise.race([once(probe, 'error'), once(probe, 'connect').then(() => [null])]);
  probe.destroy();
  return refused !== null;
}

test(
  'started and stopped twenty times, with clients on it, it keeps no port, timer or socket',
  { timeout: 120_000 },
  async () => {
    plain.answersWith({ data: { greeting: 'hello' } }, 200, { connection: 'close' });
    await settle(() => handles('TCPSocketWrap') === 0);
    const before = { servers: handles('TCPServerWrap'), timers: handles('Timeout') };
    for (let round = 0; round < 20; round++) {
      const router = await plain.start();
      const socket = new WebSocket(router.url.replace(/^http/, 'ws'), 'graphql-transport-ws');
      socket.once('open', () => socket.send('{"type":"connection_init"}'));
      const closed = once(socket, 'close');
      await once(socket, 'message');
      const response = await fetch(router.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', connection: 'close' },
        body: '{"query":"{ greeting }"}',
      });
      expect(await response.json()).toEqual({ data: { greeting: 'hello' } });
      await router.stop();
      expect((await closed)[0]).toBe(1012);
      expect(await refusesConnections(router.port)).toBe(true);
    }
    await settle(() => handles('TCPSocketWrap') === 0, { what: 'the end of every socket' });
    expect(handles('TCPServerWrap')).toBe(before.servers);
    await settle(() => handles('Timeout') <= before.timers, { what: 'the end of every timer' });
  },
);

test('a port that is taken is told in one line, and nothing stays behind', async () => {
  const before = handles('TCPServerWrap');
  const failure: unknown = await plain.start({ PORT: String(plain.port) }).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(ConfigError);
  expect((failure as ConfigError).faults).toEqual([expect.stringContaining(`127.0.0.1:${plain.port}`)]);
  await settle(() => handles('TCPServerWrap') === before, { what: 'the end of the server that could not listen' });
  plain.answersWith({ data: { greeting: 'still here' } });
  expect((await plain.ask('{ greeting }')).text).toContain('still here');
});

test('a socket to another path is refused', async () => {
  const socket = new WebSocket(`ws://127.0.0.1:${plain.port}/elsewhere`, 'graphql-transport-ws');
  const [error] = (await once(socket, 'error')) as [Error];
  expect(error.message).toContain('400');
});
