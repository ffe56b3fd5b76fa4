import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createRedis } from '../src/redis.ts';
import { createLogger } from '../src/telemetry/logger.ts';
import { settle, testRedisUrl } from '../src/testing/index.ts';

const logger = createLogger({ service: 'test', level: 'silent' });

/** A way to Redis that can swallow everything, or be cut. */
async function startWay() {
  const target = new URL(testRedisUrl());
  const open = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname);
    open.add(near);
    near.on('close', () => open.delete(near));
    for (const [end, other] of [
      [near, far],
      [far, near],
    ] as const) {
      end.on('error', () => other.destroy()).on('close', () => other.destroy());
      end.pipe(other);
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(target.href);
  url.port = String((server.address() as { port: number }).port);
  return {
    url: url.href,
    swallow: () => open.forEach((near) => near.pause().unpipe()),
    cut: () => open.forEach((near) => near.destroy()),
    stop: () => server.close(),
  };
}

let way: Awaited<ReturnType<typeof startWay>>;
let redis: ReturnType<typeof createRedis>;
/** @returns how often its connection was lost */
async function open(blocking: boolean): Promise<() => number> {
  redis = createRedis(way.url, { logger, blocking });
  let closed = 0;
  redis.on('close', () => closed++);
  await redis.ping();
  return () => closed;
}
beforeEach(async () => {
  way = await startWay();
});
afterEach(() => {
  redis.disconnect();
  way.cut();
  way.stop();
});

test.each([false, true])(
  'a connection that answers no more is given up for another (blocking: %s)',
  async (blocking) => {
    const closed = await open(blocking);
    way.swallow();
    const asked = redis.ping().catch((error: Error) => error.message);
    expect(await asked).toBe(blocking ? 'PONG' : 'Command timed out');
    await settle(() => redis.ping(), { limitMs: 8000 });
    expect(closed()).toBe(1);
  },
);

test('one that was lost with something owing does not take the next one with it', async () => {
  const closed = await open(true);
  const read = () => redis.xread('BLOCK', 3500, 'STREAMS', 'nothing', '$');
  const first = read();
  way.cut();
  expect(await first).toBeNull(); // asked again by itself
  expect(await read()).toBeNull();
  expect(closed()).toBe(1);
});
