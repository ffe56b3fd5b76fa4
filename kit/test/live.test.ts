import { randomUUID } from 'node:crypto';
import { createLiveBus, type LiveBus } from '@chorus/kit/live';
import { createLogger } from '@chorus/kit/logger';
import { createRedis } from '@chorus/kit/redis';
import { settle, testRedisUrl } from '@chorus/kit/testing';
import type { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';

const logger = createLogger({ service: 'test', level: 'silent' });
let admin: Redis;
let publisher: Redis;
let subscriber: Redis;
let bus: LiveBus;
let channel: string;

beforeAll(() => {
  admin = createRedis(testRedisUrl(), { logger });
});
afterAll(() => admin.disconnect());

beforeEach(() => {
  channel = `test:${randomUUID()}`;
  publisher = createRedis(testRedisUrl(), { logger });
  subscriber = createRedis(testRedisUrl(), { logger, blocking: true });
  bus = createLiveBus({ publisher, subscriber, logger });
});
afterEach(() => {
  bus.stop();
  publisher.disconnect();
  subscriber.disconnect();
});

/** A listener that keeps what it heard. */
function listen(of = channel) {
  const heard: (number | null)[] = [];
  return { heard, ...bus.listen(of, (message) => heard.push(message)) };
}

/** How many connections Redis counts on the channel. */
async function subscriptions(of = channel): Promise<number> {
  const [, count] = (await admin.pubsub('NUMSUB', of)) as [string, number];
  return count;
}

const has = (heard: unknown[], value: number | null) =>
  settle(() => heard.includes(value), { what: `hearing ${value}` });

test('a listener hears first that it listens, then what is published', async () => {
  const { heard } = listen();
  await has(heard, null);
  bus.publish(channel, 7);
  await has(heard, 7);
  expect(heard).toEqual([null, 7]);
});

test('a channel has one Redis subscription, which ends with the last listener', async () => {
  const first = listen();
  const second = listen();
  await has(first.heard, null);
  await has(second.heard, null);
  expect(await subscriptions()).toBe(1);
  first.close();
  first.close();
  bus.publish(channel, 1);
  await has(second.heard, 1);
  expect(first.heard).toEqual([null]);
  expect(await subscriptions()).toBe(1);
  second.close();
  await settle(async () => (await subscriptions()) === 0);
});

test('a listener closed before Redis answered leaves nothing behind, and takes nothing from others', async () => {
  const given = listen();
  given.close();
  const kept = listen();
  await has(kept.heard, null);
  bus.publish(channel, 3);
  await has(kept.heard, 3);
  expect(given.heard).toEqual([]);
  kept.close();
  await settle(async () => (await subscriptions()) === 0);
});

test('nothing is delivered after close, also of what is on its way', async () => {
  const closing = listen();
  const other = listen();
  await has(closing.heard, null);
  await has(other.heard, null);
  const closer = bus.listen(channel, () => closing.close());
  bus.publish(channel, 1);
  bus.publish(channel, 2);
  await has(other.heard, 2);
  expect(closing.heard).not.toContain(2);
  closer.close();
});

test('null comes after a lost connection, when the subscription stands again', async () => {
  const { heard } = listen();
  await has(heard, null);
  await admin.client('KILL', 'ID', await subscribedId());
  await settle(() => heard.length === 2, { what: 'a second null' });
  expect(heard).toEqual([null, null]);
  expect(await subscriptions()).toBe(1);
  bus.publish(channel, 9);
  await has(heard, 9);

  /** The id of the connection that is subscribed; it may not ask for it itself. */
  async function subscribedId(): Promise<number> {
    const list = String(await admin.client('LIST', 'TYPE', 'PUBSUB'));
    const port = subscriber.stream.localPort;
    const line = list.split('\n').find((entry) => entry.includes(`addr=127.0.0.1:${port} `));
    return Number(/id=(\d+)/.exec(line ?? '')?.[1]);
  }
});

test('stopping and disconnecting with subscriptions under way rejects nothing', async () => {
  const { heard } = listen();
  listen();
  bus.stop();
  subscriber.disconnect();
  bus.publish(channel, 1);
  publisher.disconnect();
  await settle(() => subscriber.status === 'end');
  expect(heard).toEqual([]);
});
