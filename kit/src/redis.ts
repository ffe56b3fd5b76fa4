import { Redis } from 'ioredis';
import type { Logger } from 'pino';

/**
 * Longer than any of our commands blocks. A server that stalled, or a way that swallows everything, gives no other sign:
 * without it commands would go on failing on a connection that is dead.
 */
const SILENCE_LIMIT_MS = 5000;
const LIMIT_TIMER = 'socketTimeoutTimer';

/**
 * A connection that fails fast: a command waits at most a second, also while Redis is away, so callers can go on without
 * it. Reconnects by itself, forever. `blocking` is for connections that wait on a stream or a channel. One on
 * which an answer is 5 s late is given up for another.
 */
export function createRedis(url: string, { logger, blocking = false }: { logger: Logger; blocking?: boolean }): Redis {
  const redis = new Redis(url, {
    connectTimeout: 2000,
    socketTimeout: SILENCE_LIMIT_MS,
    enableAutoPipelining: !blocking,
    ...(blocking ? { maxRetriesPerRequest: null } : { commandTimeout: 1000, maxRetriesPerRequest: 0 }),
    retryStrategy: (attempt) => Math.min(50 * 2 ** attempt, 2000),
  });
  redis.on('close', () => {
    // ioredis (5.11) leaves the time limit of what the lost connection owed running, and it would cut the next one.
    clearTimeout(Reflect.get(redis, LIMIT_TIMER) as NodeJS.Timeout | undefined);
    Reflect.set(redis, LIMIT_TIMER, undefined);
  });
  let away = false;
  redis.on('error', (err: Error) => {
    if (!away) logger.warn({ err: { message: err.message } }, 'Redis is away; going on without it');
    away = true;
  });
  redis.on('ready', () => {
    if (away) logger.info('Redis is back');
    away = false;
  });
  return redis;
}

/** Ends a connection for good; commands that wait on it fail now. */
export function endRedis(redis: Redis): void {
  // Between two attempts to reconnect, ioredis (5.11) only cancels the next one and leaves commands waiting for ever.
  // An attempt that is broken off fails them.
  if (redis.status === 'reconnecting') redis.connect().catch(() => 'broken off below');
  redis.disconnect();
}
