import type { Span } from '@opentelemetry/api';
import type { Redis } from 'ioredis';
import { LRUCache } from 'lru-cache';
import type { Logger } from 'pino';
import { withSpan } from '../telemetry/index.ts';
import { createSharedLayer, type Entry } from './shared.ts';

/**
 * A row as it was read. `version` grows with every change of it, from 1 on; null: it is there, and nobody sees it.
 */
export interface Versioned<Value> {
  key: string;
  version: number;
  value: Value | null;
}

/** Reads what is there, in any order, from the database that was written to: one statement. */
export type Load<Value> = (keys: readonly string[]) => Promise<readonly Versioned<Value>[]>;

/** Reads through the memory of this process, then Redis, then the database. */
export interface Cache<Value> {
  /** In the order of the keys; null where there is nothing. Fails only as the database does. */
  getMany(keys: readonly string[]): Promise<(Value | null)[]>;
  /**
   * To be awaited after the commit of a change, and when an event tells of one: from then on this process shows the
   * change, and all others do after at most a second. Never fails.
   * @param load in place of the cache's own: through another pool, say
   */
  refresh(keys: readonly string[], load?: Load<Value>): Promise<void>;
  stop(): void;
}

export interface CacheConnections {
  redis: Redis;
  logger: Logger;
}

export interface CacheOptions<Value> extends CacheConnections {
  /** Names the spans, and the keys in Redis. */
  name: string;
  /** How long Redis keeps an entry at most. */
  ttlSeconds: number;
  /** Entries in the memory of this process. */
  max: number;
  load: Load<Value>;
  /** Of what JSON makes of a value; needed where it has a Date. */
  revive?: (json: Value) => Value;
}

/** With the way to Redis and back less than the second for which another process may show what was changed. */
const MEMORY_MS = 800;
/** What is not there may come to be. */
const NOTHING_TTL_MS = 30_000;
/** Entries that were written together do not all expire at once. */
const JITTER = 0.1;

/** What a process knows of a key. */
interface Known<Value> {
  version: number;
  value: Value | null;
}
/** Gives way to everything. */
const NOTHING = Object.freeze({ version: 0, value: null });

interface Fetched<Value> {
  entries: ReadonlyMap<string, Known<Value>>;
  /** When the read began: memory counts from then. */
  readAt: number;
}

/**
 * A key is read once at a time by each process. What was read before a change cannot take the place of what was read
 * after it, in memory or in Redis: a version is kept with each, and the higher one stays.
 */
export function createCache<Value>(options: CacheOptions<Value>): Cache<Value> {
  const { name, redis, logger, ttlSeconds } = options;
  const revive = options.revive ?? ((value: Value) => value);
  const shared = createSharedLayer({ redis, prefix: `cache:${name}:`, logger });
  const memory = new LRUCache<string, Known<Value>>({ max: options.max });
  const underWay = new Map<string, Promise<Known<Value>>>();

  const remember = (key: string, entry: Known<Value>, readAt: number) => {
    const ttl = MEMORY_MS - (performance.now() - readAt);
    const known = memory.get(key);
    if (ttl > 0 && (known === undefined || known.version <= entry.version)) memory.set(key, entry, { ttl });
  };

  const ttlMs = ({ value }: Entry) =>
    Math.round((value === null ? NOTHING_TTL_MS : ttlSeconds * 1000) * (1 - JITTER * Math.random()));

  const readOrigin = async (keys: readonly string[], load: Load<Value>) => {
    const rows = new Map((await load(keys)).map(({ key, version, value }) => [key, { version, value }]));
    return new Map<string, Known<Value>>(keys.map((key) => [key, rows.get(key) ?? NOTHING]));
  };

  const share = (entries: ReadonlyMap<string, Entry>, because: 'read' | 'change') =>
    shared.write(
      Array.from(entries, ([key, entry]) => ({ key, entry, ttlMs: ttlMs(entry) })),
      because,
    );

  /** What memory does not have, of the deeper layers. */
  const fetch = async (keys: readonly string[], span: Span): Promise<Fetched<Value>> => {
    const readAt = performance.now();
    const found = await shared.read(keys);
    const entries = new Map<string, Known<Value>>();
    found?.forEach((entry, index) => {
      const key = keys[index];
      if (key === undefined || entry === undefined) return;
      entries.set(key, { ...entry, value: entry.value === null ? null : revive(entry.value as Value) });
    });
    const missing = keys.filter((key) => !entries.has(key));
    span.setAttribute('chorus.cache.layer', missing.length > 0 ? 'origin' : 'redis');
    span.setAttribute('chorus.cache.misses', missing.length);
    if (found === null) span.setAttribute('chorus.cache.redis_away', true);
    if (missing.length > 0) {
      const read = await readOrigin(missing, options.load);
      for (const [key, entry] of read) entries.set(key, entry);
      // Not waited for: the answer stands.
      if (found !== null) void share(read, 'read');
    }
    return { entries, readAt };
  };

  /** Reads keys that nobody reads yet. */
  const start = (keys: readonly string[], span: Span) => {
    const fetched = fetch(keys, span);
    for (const key of keys) {
      const value = fetched.then(({ entries, readAt }): Known<Value> => {
        const entry = entries.get(key) ?? NOTHING;
        // A change that was made meanwhile has ended this read for all who come later.
        if (underWay.get(key) === value) remember(key, entry, readAt);
        return entry;
      });
      underWay.set(key, value);
      const forget = () => void (underWay.get(key) === value && underWay.delete(key));
      value.then(forget, forget);
    }
  };

  return {
    getMany: (keys) =>
      withSpan(`cache ${name}`, { 'chorus.cache.keys': keys.length, 'chorus.cache.layer': 'memory' }, (span) => {
        const known = new Map(keys.map((key) => [key, underWay.get(key) ?? memory.get(key)]));
        const unknown = Array.from(known.keys()).filter((key) => known.get(key) === undefined);
        span.setAttribute('chorus.cache.memory_hits', known.size - unknown.length);
        if (unknown.length > 0) start(unknown, span);
        return Promise.all(
          keys.map(async (key) => {
            const entry = await (known.get(key) ?? underWay.get(key));
            return entry?.value ?? null;
          }),
        );
      }),

    async refresh(keys, load = options.load) {
      const forget = () =>
        keys.forEach((key) => {
          memory.delete(key);
          underWay.delete(key);
        });
      forget();
      try {
        const readAt = performance.now();
        const read = await readOrigin(keys, load);
        const gone = keys.filter((key) => read.get(key) === NOTHING);
        if (gone.length > 0) await shared.drop(gone);
        for (const key of gone) read.delete(key);
        await share(read, 'change');
        for (const [key, entry] of read) {
          underWay.delete(key);
          remember(key, entry, readAt);
        }
      } catch (err) {
        logger.warn({ err, cache: name }, 'a changed entry could not be read again and is dropped');
        forget();
        await shared.drop(keys);
      }
    },

    stop: () => shared.stop(),
  };
}
