import { RedisPubSub } from 'graphql-redis-subscriptions';
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';

/**
 * Wake-ups between processes: a message says that something was committed, never what it was, so one lost or repeated
 * does no harm. `null` in place of a message: the connection to Redis was re-established, and anything may have been
 * missed.
 */
export interface LiveBus {
  /** Never rejects: the commit stands whether or not the wake-up goes out. */
  publish(channel: string, message: number): Promise<void>;
  /** Resolves once Redis has confirmed the subscription. After `close` is called the listener hears nothing more. */
  listen(channel: string, listener: (message: number | null) => void): Promise<{ close(): Promise<void> }>;
  stop(): Promise<void>;
}

/**
 * @param publisher fails fast
 * @param subscriber a connection of its own; channels on it are counted by reference, one Redis subscription for each
 */
export function createLiveBus(options: { publisher: Redis; subscriber: Redis; logger: Logger }): LiveBus {
  const { publisher, subscriber, logger } = options;
  const pubsub = new RedisPubSub({ publisher, subscriber });
  const listeners = new Set<(message: number | null) => void>();
  const reestablished = () => listeners.forEach((listener) => listener(null));
  subscriber.on('ready', reestablished);

  return {
    async publish(channel, message) {
      try {
        await pubsub.publish(channel, message);
      } catch (err) {
        logger.warn({ err, channel }, 'a wake-up did not go out; listeners find the change at their next check');
      }
    },
    async listen(channel, listener) {
      let open = true;
      const deliver = (message: number | null) => {
        if (open) listener(message);
      };
      listeners.add(deliver);
      const id = await pubsub.subscribe<number>(channel, deliver).catch((error: unknown) => {
        listeners.delete(deliver);
        throw error;
      });
      return {
        async close() {
          if (!open) return;
          open = false;
          listeners.delete(deliver);
          pubsub.unsubscribe(id);
        },
      };
    },
    async stop() {
      subscriber.off('ready', reestablished);
      listeners.clear();
      await pubsub.close();
    },
  };
}
