import { afterEach, beforeEach, expect, test } from 'vitest';
import { createRedis } from '../src/redis.ts';
import { createLogger } from '../src/telemetry/logger.ts';
import { settle, startWay, testRedisUrl, type Way } from '../src/testing/index.ts';

const logger = createLogger({ service: 'test', level: 'silent' });

let way: Way;
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
  way = await startWay(testRedisUrl());
});
afterEach(() => {
  redis.disconnect();
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
