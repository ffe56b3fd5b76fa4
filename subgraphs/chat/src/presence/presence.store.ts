import type { Logger } from '@chorus/kit/logger';
import type { createRedis } from '@chorus/kit/redis';

/** Which processes hold a live stream of a person's, in Redis: a person is present while one does. */
export interface PresenceStore {
  /** This process holds one for `ttlMs` from now. Returns those of them who were not present until now. */
  enter(userIds: readonly string[], ttlMs: number): Promise<string[]>;
  /** This process holds none any more. Returns those of them who thereby are not present any more. */
  leave(userIds: readonly string[]): Promise<string[]>;
  /** Those of them who are present. */
  present(userIds: readonly string[]): Promise<Set<string>>;
}

const NOW = `
  local time = redis.call('time')
  local now = time[1] * 1000 + math.floor(time[2] / 1000)
  redis.call('zremrangebyscore', KEYS[1], '-inf', now)`;
const ENTER = `${NOW}
  local others = redis.call('zcard', KEYS[1])
  redis.call('zadd', KEYS[1], now + ARGV[2], ARGV[1])
  redis.call('pexpire', KEYS[1], ARGV[2])
  return others == 0 and 1 or 0`;
const LEAVE = `${NOW}
  local left = redis.call('zrem', KEYS[1], ARGV[1])
  return left == 1 and redis.call('zcard', KEYS[1]) == 0 and 1 or 0`;
const PRESENT = `${NOW}
  return redis.call('zcard', KEYS[1])`;

/**
 * All clocks are that of Redis. While it is away nobody is known to be present, and nothing fails.
 * @param options.processId tells this process from the others
 */
export function createPresenceStore(options: {
  redis: ReturnType<typeof createRedis>;
  processId: string;
  logger: Logger;
}): PresenceStore {
  const { redis, processId, logger } = options;

  /** Those for whom the script answers something other than 0. */
  const run = async (script: string, userIds: readonly string[], ...args: (string | number)[]): Promise<string[]> => {
    if (userIds.length === 0) return [];
    const pipeline = redis.pipeline();
    for (const id of userIds) pipeline.eval(script, 1, `chorus:presence:${id}`, ...args);
    try {
      const answers = (await pipeline.exec()) ?? [];
      return userIds.filter((_, index) => Number(answers[index]?.[1] ?? 0) > 0);
    } catch (err) {
      logger.debug({ err }, 'presence is not known while Redis is away');
      return [];
    }
  };

  return {
    enter: (userIds, ttlMs) => run(ENTER, userIds, processId, ttlMs),
    leave: (userIds) => run(LEAVE, userIds, processId),
    present: async (userIds) => new Set(await run(PRESENT, userIds)),
  };
}
