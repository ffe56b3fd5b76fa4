import type { EventEnvelope } from '@chorus/schema/events';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startFollower } from '../../src/events/index.ts';
import { generationKey, streamKey, toFields } from '../../src/events/streams.ts';
import { createRedis } from '../../src/redis.ts';
import { createLogger } from '../../src/telemetry/logger.ts';
import { settle, testRedisUrl } from '../../src/testing/index.ts';
import { type Fixture, startFixture } from './fixture.ts';

const logger = createLogger({ service: 'test', level: 'silent' });

let events: Fixture;
const followers: { stop(): Promise<void> }[] = [];
beforeEach(async () => {
  events = await startFixture();
});
afterEach(async () => {
  await Promise.all(followers.splice(0).map((follower) => follower.stop()));
  await events.stop();
});

function follow() {
  const redis = createRedis(testRedisUrl(), { logger, blocking: true });
  const got: string[] = [];
  const follower = startFollower({
    redis,
    logger,
    names: ['follow.changed'],
    sinceMs: 60_000,
    onEvents: (batch: readonly EventEnvelope<'follow.changed'>[]) => got.push(...batch.map((event) => event.aggregate)),
  });
  followers.push(follower);
  return { got, ready: follower.ready, redis };
}

test('is ready when it has given what was there, and gives what comes', async () => {
  const relay = events.relay();
  for (let edge = 0; edge < 1200; edge++) await events.change(`edge ${edge}`);
  relay.wake();
  await events.published();
  const { got, ready } = follow();
  await ready;
  expect(got).toHaveLength(1200);
  await events.change('one more');
  relay.wake();
  await settle(() => got.length > 1200);
  expect(got.at(-1)).toBe('one more');
});

test('is ready at once where nothing was ever published', async () => {
  const { got, ready } = follow();
  await ready;
  expect(got).toEqual([]);
});

test('gives nothing older than was asked for', async () => {
  const relay = events.relay();
  await settle(async () => (await events.redis.exists(generationKey('users'))) === 1);
  const fields = (aggregate: string) =>
    toFields({ id: 1n, name: 'follow.changed', aggregate, payload: '{}', traceparent: null });
  const now = Date.now();
  await events.redis.xadd(streamKey('users'), `${now - 120_000}-0`, ...fields('old'));
  await events.redis.xadd(streamKey('users'), `${now - 30_000}-0`, ...fields('young'));
  const { got, ready } = follow();
  await ready;
  expect(got).toEqual(['young']);
  await relay.stop();
});

test('goes on where it was after its connection was cut, and gives all again after Redis lost its data', async () => {
  const relay = events.relay();
  const { got, redis } = follow();
  await events.change('first');
  relay.wake();
  await settle(() => got.length === 1);
  await events.redis.client('KILL', 'ID', await redis.client('ID')).catch(() => 'it blocks');
  redis.disconnect(true);
  await events.change('second');
  relay.wake();
  await settle(() => got.length === 2);
  expect(got).toEqual(['first', 'second']);
  await events.redis.flushdb();
  await events.change('third');
  relay.wake();
  await settle(() => got.includes('third'));
  expect(new Set(got.slice(2))).toEqual(new Set(['first', 'second', 'third']));
});
