import type { Redis } from 'ioredis';
import type { Logger } from 'pino';

/** What is kept for a key; `value` is null where there is nothing. */
export interface Entry {
  version: number;
  value: unknown;
}

/** The layer that all processes share. While Redis is away it knows nothing and takes nothing. */
export interface SharedLayer {
  /** Undefined for what is not there; null for all when Redis is away. */
  read(keys: readonly string[]): Promise<(Entry | undefined)[] | null>;
  /**
   * Keeps entries, but where a newer version is kept already.
   * @param because `change`: what was kept is out of date, and goes as soon as Redis is back should it be away now
   */
  write(entries: readonly { key: string; entry: Entry; ttlMs: number }[], because: 'read' | 'change'): Promise<void>;
  /** Drops what is out of date, now or as soon as Redis is back. */
  drop(keys: readonly string[]): Promise<void>;
  stop(): void;
}

/** How long after a failure Redis is asked again, by one caller; the others go on without. */
const RETRY_MS = 1000;
/** Keys that are out of date in a Redis that is away, the latest of them; their events tell of all once it is back. */
const MAX_OWED = 10_000;

/** An entry is `VERSION:JSON`. */
const PUT = `
  local kept = redis.call('get', KEYS[1])
  if kept and tonumber(string.match(kept, '^%d+')) > tonumber(ARGV[1]) then return 0 end
  redis.call('set', KEYS[1], ARGV[1] .. ':' .. ARGV[2], 'px', ARGV[3])
  return 1`;

/** @param options.prefix of all its keys */
export function createSharedLayer(options: { redis: Redis; prefix: string; logger: Logger }): SharedLayer {
  const { redis, prefix, logger } = options;
  const owed = new Set<string>();
  let away = false;
  let askAgainAt = 0;

  const ask = async <T>(run: () => Promise<T>): Promise<T | null> => {
    const now = performance.now();
    if (away && now < askAgainAt) return null;
    if (away) askAgainAt = now + RETRY_MS;
    try {
      if (owed.size > 0) {
        const keys = [...owed];
        await redis.del(...keys);
        keys.forEach((key) => owed.delete(key));
      }
      const result = await run();
      if (away) logger.info({ cache: prefix }, 'the cache is shared again');
      away = false;
      return result;
    } catch (err) {
      if (!away) logger.warn({ err, cache: prefix }, 'reads go to the database while Redis is away');
      away = true;
      askAgainAt = performance.now() + RETRY_MS;
      return null;
    }
  };

  const owe = (keys: readonly string[]) => {
    for (const key of keys) {
      const [oldest] = owed;
      if (owed.size >= MAX_OWED && oldest !== undefined) owed.delete(oldest);
      owed.add(key);
    }
  };
  const settle = () => {
    askAgainAt = 0;
    if (owed.size > 0) void ask(async () => {});
  };
  redis.on('ready', settle);

  return {
    read: (keys) =>
      ask(async () => {
        const found = await redis.mget(keys.map((key) => prefix + key));
        return found.map((text) => (text === null ? undefined : readEntry(text)));
      }),

    async write(entries, because) {
      const written = await ask(async () => {
        const pipeline = redis.pipeline();
        for (const { key, entry, ttlMs } of entries) {
          pipeline.eval(PUT, 1, prefix + key, entry.version, JSON.stringify(entry.value), ttlMs);
        }
        const failure = (await pipeline.exec())?.find(([error]) => error !== null)?.[0];
        if (failure) throw failure;
        return true;
      });
      if (written === null && because === 'change') owe(entries.map(({ key }) => prefix + key));
    },

    async drop(keys) {
      owe(keys.map((key) => prefix + key));
      await ask(async () => {});
    },

    stop() {
      redis.off('ready', settle);
    },
  };
}

function readEntry(text: string): Entry {
  const colon = text.indexOf(':');
  return { version: Number(text.slice(0, colon)), value: JSON.parse(text.slice(colon + 1)) };
}
