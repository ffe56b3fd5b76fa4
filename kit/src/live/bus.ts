import { RedisPubSub } from 'graphql-redis-subscriptions';
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';

/**
 * Hears a channel. What is stored is told as a number, which says that something was committed and never what it was, so
 * one lost or repeated does no harm; only what is stored nowhere, who is typing say, travels itself. `null`: the channel is heard from now on, and anything before may have been missed. It comes once Redis
 * has confirmed the subscription, and again each time the connection to Redis was re-established. Must not throw.
 */
export type LiveListener<Message = number> = (message: Message | null) => void;

/** Wake-ups between processes. */
export interface LiveBus {
  /** Call it after the commit. Does not wait and does not fail: the commit stands whether or not the wake-up goes out. */
  publish(channel: string, message: unknown): void;
  /**
   * Starts listening. While Redis is away nothing comes, and `null` when it is back. After `close` the listener hears
   * nothing more; the last one to close ends the Redis subscription of the channel.
   */
  listen<Message = number>(channel: string, listener: LiveListener<Message>): { close(): void };
  /** Silences all listeners. The connections stay with whoever made them. */
  stop(): void;
}

/**
 * @param publisher fails fast
 * @param subscriber a connection of its own (`blocking`); a channel has one Redis subscription, whatever its listeners
 */
export function createLiveBus(options: { publisher: Redis; subscriber: Redis; logger: Logger }): LiveBus {
  const { publisher, subscriber, logger } = options;
  // The library counts the references. Its own iterators, which queue without bound, are not used.
  const pubsub = new RedisPubSub({ publisher, subscriber: withoutRejections(subscriber, logger) });
  const open = new Set<LiveListener<never>>();
  /** Those of the open ones whose subscription Redis has confirmed once. */
  const standing = new Set<LiveListener<never>>();

  const reestablished = () => {
    if (standing.size === 0) return;
    // ioredis has sent the subscriptions again by now, and Redis answers in order: with the answer they are in force.
    subscriber.ping().then(
      () => [...standing].forEach((deliver) => deliver(null)),
      (err: unknown) => logger.debug({ err }, 'the connection of the live bus ended again'),
    );
  };
  subscriber.on('ready', reestablished);

  return {
    publish(channel, message) {
      pubsub.publish(channel, message).catch((err: unknown) => {
        logger.debug({ err, channel }, 'a wake-up did not go out; listeners find the change at their next check');
      });
    },
    listen<Message>(channel: string, listener: LiveListener<Message>) {
      const deliver: LiveListener<Message> = (message) => {
        if (open.has(deliver)) listener(message);
      };
      open.add(deliver);
      const subscribed = pubsub.subscribe<Message>(channel, deliver);
      void subscribed.then(() => {
        if (!open.has(deliver)) return;
        standing.add(deliver);
        deliver(null);
      });
      return {
        close() {
          // A subscription under way is waited for: the library loses count when one is given up before it stands.
          if (!open.delete(deliver)) return;
          standing.delete(deliver);
          void subscribed.then((id) => pubsub.unsubscribe(id));
        },
      };
    },
    stop() {
      subscriber.off('ready', reestablished);
      open.clear();
      standing.clear();
    },
  };
}

/**
 * The subscriber as graphql-redis-subscriptions may use it. The library drops the promises of what it sends, and those
 * fail when the connection is ended: here they end in the log, and a subscription that fails is one that never stands.
 */
function withoutRejections(subscriber: Redis, logger: Logger): Redis {
  const failed = (err: unknown) => logger.debug({ err }, 'the connection of the live bus ended');
  const replaced: Record<string | symbol, unknown> = {
    async subscribe(channel: string, done: () => void) {
      try {
        await subscriber.subscribe(channel);
      } catch (err) {
        return failed(err);
      }
      done();
    },
    unsubscribe: (channel: string) => void subscriber.unsubscribe(channel).catch(failed),
    punsubscribe: () => {}, // no patterns here
  };
  return new Proxy(subscriber, {
    get: (target, name): unknown => replaced[name] ?? Reflect.get(target, name),
  });
}
