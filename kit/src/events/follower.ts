import { type EventEnvelope, type EventName, sources } from '@chorus/schema/events';
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { endRedis } from '../redis.ts';
import { createLoop } from './loop.ts';
import { fromFields, generationKey, streamKey } from './streams.ts';

const BATCH = 500;
const BLOCK_MS = 1000;

/** Follows events until stopped. */
export interface Follower {
  /** Resolves once all that was there at the start has been given; not before Redis answers. */
  ready: Promise<void>;
  stop(): Promise<void>;
}

/**
 * Gives what a process holds in memory its events: those of the last `sinceMs`, then each as it comes, in batches. Events
 * may come again, late or older than that (when Redis lost the stream and it was published anew): the receiver looks at
 * the times in their payloads. While Redis is away nothing comes; what came meanwhile does afterwards.
 * @param redis its own connection (`blocking`)
 * @param onEvents must not throw
 */
export function startFollower<Name extends EventName>(options: {
  redis: Redis;
  logger: Logger;
  /** Of one source. */
  names: readonly [Name, ...Name[]];
  sinceMs: number;
  onEvents: (events: readonly EventEnvelope<Name>[]) => void;
}): Follower {
  const { redis, logger, names, sinceMs, onEvents } = options;
  const wanted: ReadonlySet<string> = new Set(names);
  const source = sources[names[0]];
  const key = streamKey(source);
  const ready = Promise.withResolvers<void>();
  let position: { generation: string; entry: string } | undefined;
  let caughtUp = false;

  /** Entries are numbered by the clock of Redis. */
  const start = async (): Promise<string> => {
    const [seconds] = await redis.time();
    return `${Math.max(0, Number(seconds) * 1000 - sinceMs)}-0`;
  };

  const turn = async (): Promise<'again' | 'idle'> => {
    const generation = await redis.get(generationKey(source));
    if (generation === null) {
      ready.resolve();
      return 'idle'; // nothing was published yet, or it was lost and is about to come again
    }
    if (position?.generation !== generation) {
      position = { generation, entry: await start() };
      caughtUp = false;
    }
    const streams = caughtUp
      ? await redis.xread('COUNT', BATCH, 'BLOCK', BLOCK_MS, 'STREAMS', key, position.entry)
      : await redis.xread('COUNT', BATCH, 'STREAMS', key, position.entry);
    const entries = streams?.[0]?.[1] ?? [];
    if (entries.length === 0) {
      caughtUp = true;
      ready.resolve();
      return 'again';
    }
    const events = entries.flatMap(([, fields]) => {
      const event = fromFields(fields);
      return event !== null && wanted.has(event.name) ? [event as EventEnvelope<Name>] : [];
    });
    if (events.length > 0) onEvents(events);
    position = { generation, entry: entries.at(-1)?.[0] ?? position.entry };
    return 'again';
  };

  const loop = createLoop({ name: `follower of ${names.join(', ')}`, logger, idleMs: 250, turn });
  return {
    ready: ready.promise,
    async stop() {
      const stopped = loop.stop();
      endRedis(redis); // and a blocked read with it
      await stopped;
    },
  };
}
