import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Cache, createCache, type Versioned } from '../src/cache/index.ts';
import { createRedis } from '../src/redis.ts';
import { createLogger } from '../src/telemetry/logger.ts';
import { settle, startWay, testRedisUrl, type Way } from '../src/testing/index.ts';

const logger = createLogger({ service: 'test', level: 'silent' });

interface Thing {
  text: string;
  at: Date;
}

let way: Way;
let name: string;
/** What the database would have. */
let rows: Map<string, Versioned<Thing>>;
/** The keys of each read of it. */
let loads: (readonly string[])[];
let stops: (() => void)[];
beforeEach(async () => {
  way = await startWay(testRedisUrl());
  name = `things-${randomUUID()}`;
  rows = new Map();
  loads = [];
  stops = [];
});
afterEach(() => {
  stops.forEach((stop) => stop());
  way.stop();
});

/** One more process with the same cache. */
function open(url = way.url, wait: () => Promise<void> = async () => {}) {
  const redis = createRedis(url, { logger });
  const cache = createCache<Thing>({
    name,
    redis,
    logger,
    ttlSeconds: 60,
    max: 100,
    load: async (keys) => {
      loads.push(keys);
      const found = keys.flatMap((key) => rows.get(key) ?? []);
      await wait();
      return found;
    },
    revive: (thing) => ({ ...thing, at: new Date(thing.at) }),
  });
  stops.push(() => {
    cache.stop();
    redis.disconnect();
  });
  return cache;
}

const at = new Date('2026-01-02T03:04:05.678Z');
const set = (key: string, text: string, version: number) => rows.set(key, { key, version, value: { text, at } });
const texts = async (cache: Cache<Thing>, ...keys: string[]) =>
  (await cache.getMany(keys)).map((thing) => thing?.text ?? null);
/** Whether another process would find it without the database. */
const shared = (...keys: string[]) =>
  settle(async () => {
    const before = loads.length;
    await open().getMany(keys);
    return loads.length === before;
  });

test('what one process read, another has without the database, in the order of the keys and as it was', async () => {
  set('a', 'A', 1);
  set('b', 'B', 1);
  expect(await texts(open(), 'b', 'nobody', 'a', 'b')).toEqual(['B', null, 'A', 'B']);
  await shared('a', 'b', 'nobody');
  const before = loads.length;
  expect(await open().getMany(['a', 'nobody'])).toEqual([{ text: 'A', at }, null]);
  expect(loads).toHaveLength(before);
});

test('many who ask at once are one read, of what is not known yet', async () => {
  set('a', 'A', 1);
  set('b', 'B', 1);
  const cache = open();
  const answers = await Promise.all([texts(cache, 'a'), texts(cache, 'a', 'b'), texts(cache, 'b', 'a')]);
  expect(answers).toEqual([['A'], ['A', 'B'], ['B', 'A']]);
  expect(loads).toEqual([['a'], ['b']]);
});

test('a change shows at once in the process that made it, and in others when memory has passed', async () => {
  set('a', 'old', 1);
  const [one, other] = [open(), open()];
  expect(await texts(one, 'a')).toEqual(['old']);
  expect(await texts(other, 'a')).toEqual(['old']);
  set('a', 'new', 2);
  await one.refresh(['a']);
  expect(await texts(one, 'a')).toEqual(['new']);
  await settle(async () => (await texts(other, 'a'))[0] === 'new', { limitMs: 1000 });
});

test('a slow read from before a change takes its place neither in memory nor in Redis', async () => {
  set('a', 'old', 1);
  const { promise: held, resolve: release } = Promise.withResolvers<void>();
  let slow = true;
  const cache = open(way.url, () => (slow ? held : Promise.resolve()));
  const early = texts(cache, 'a');
  await settle(() => loads.length === 1);
  slow = false;
  set('a', 'new', 2);
  await cache.refresh(['a']);
  // Who asks now does not wait for the slow one, which is let go of only then.
  expect(await texts(cache, 'a')).toEqual(['new']);
  release();
  expect(await early).toEqual(['old']);
  expect(await texts(cache, 'a')).toEqual(['new']);
  await settle(async () => (await texts(open(), 'a'))[0] === 'new');
  expect(await texts(open(), 'a')).toEqual(['new']);
});

test('what is hidden or gone after a change is null for all', async () => {
  set('hidden', 'there', 1);
  set('gone', 'there', 1);
  const [one, other] = [open(), open()];
  await texts(other, 'hidden', 'gone');
  await shared('hidden', 'gone');
  rows.set('hidden', { key: 'hidden', version: 2, value: null });
  rows.delete('gone');
  await one.refresh(['hidden', 'gone']);
  for (const cache of [one, open()]) expect(await texts(cache, 'hidden', 'gone')).toEqual([null, null]);
  await settle(async () => (await texts(other, 'hidden', 'gone')).every((text) => text === null), { limitMs: 1000 });
  // And back again.
  set('hidden', 'there again', 3);
  await one.refresh(['hidden']);
  expect(await texts(open(), 'hidden')).toEqual(['there again']);
});

test('while Redis is away the database answers; what changed meanwhile is not shown from Redis afterwards', async () => {
  set('a', 'old', 1);
  const cache = open();
  await texts(cache, 'a');
  await shared('a');
  way.shut();
  set('a', 'new', 2);
  await cache.refresh(['a']);
  expect(await texts(cache, 'a')).toEqual(['new']);
  expect(await texts(open(), 'a')).toEqual(['new']);
  way.open();
  await settle(async () => (await texts(open(), 'a'))[0] === 'new' && (await shared('a')));
  expect(await texts(open(), 'a')).toEqual(['new']);
});

test('a database that fails is told to who asks, and is asked again by the next', async () => {
  set('a', 'A', 1);
  let fails = true;
  const cache = open(way.url, async () => {
    if (fails) throw new Error('no database');
  });
  await expect(Promise.all([cache.getMany(['a']), cache.getMany(['a'])])).rejects.toThrow('no database');
  await cache.refresh(['a']);
  fails = false;
  expect(await texts(cache, 'a')).toEqual(['A']);
});
