import { isLiveStream, type LiveBus } from '@chorus/kit/live';
import type { PresenceStore } from './presence.store.ts';

/** Where a change of a person's presence is told. */
export const presenceChannel = (userId: string): string => `chorus:live:presence:${userId}`;

export interface PresenceTimes {
  /** How long a person stays present after the last heartbeat: when a process dies. */
  ttlMs: number;
  heartbeatMs: number;
  /** How long a person stays present after the last stream has ended: connections are lost and come back. */
  lingerMs: number;
}

/** A heartbeat that is lost does no harm, and neither does a page that is loaded again. */
export const presenceTimes = (ttlMs: number): PresenceTimes => ({
  ttlMs,
  heartbeatMs: ttlMs * (25 / 60),
  lingerMs: ttlMs / 6,
});

export interface PresenceService {
  /** A live stream of this person begins; the function returned ends it, once. */
  hold(userId: string): () => void;
  /** Ends all at once. */
  stop(): Promise<void>;
}

/** A stream during which this person is present. One that is shared stays shared. */
export function holding<Frame, Stream extends AsyncIterableIterator<Frame, void>>(
  presence: PresenceService,
  userId: string,
  stream: Stream,
): Stream {
  const release = presence.hold(userId);
  const watched = async <Result extends { done?: boolean | undefined }>(next: Promise<Result>): Promise<Result> => {
    try {
      const result = await next;
      if (result.done === true) release();
      return result;
    } catch (error) {
      release();
      throw error;
    }
  };
  return new Proxy(stream, {
    get(of, name, watching: Stream) {
      if (name === Symbol.asyncIterator) return () => watching;
      if (name === 'next') return () => watched(of.next());
      if (name === 'nextOrFollowed' && isLiveStream(of)) return () => watched(of.nextOrFollowed());
      if (name === 'return') {
        return () => {
          release();
          return of.return?.() ?? Promise.resolve({ done: true, value: undefined });
        };
      }
      const value: unknown = Reflect.get(of, name);
      return typeof value === 'function' ? value.bind(of) : value;
    },
  });
}

/** Keeps those present who hold a stream of this process, and tells when somebody comes or goes. */
export function createPresenceService(options: {
  store: PresenceStore;
  live: LiveBus;
  times: PresenceTimes;
}): PresenceService {
  const { store, live, times } = options;
  /** How many streams each holds; with none, until they have lingered. */
  const held = new Map<string, { streams: number; leaving?: NodeJS.Timeout }>();

  const tell = (userIds: readonly string[]) => userIds.forEach((id) => live.publish(presenceChannel(id), Date.now()));
  const enter = async (userIds: readonly string[]) => tell(await store.enter(userIds, times.ttlMs));
  const leave = async (userIds: readonly string[]) => tell(await store.leave(userIds));

  const heartbeat = setInterval(() => void enter([...held.keys()]), times.heartbeatMs);
  heartbeat.unref();

  const release = (userId: string) => {
    const holding = held.get(userId);
    if (holding === undefined || --holding.streams > 0) return;
    holding.leaving = setTimeout(() => {
      held.delete(userId);
      void leave([userId]);
    }, times.lingerMs);
    holding.leaving.unref();
  };

  return {
    hold(userId) {
      let holding = held.get(userId);
      if (holding === undefined) {
        held.set(userId, (holding = { streams: 0 }));
        void enter([userId]);
      }
      clearTimeout(holding.leaving);
      holding.streams++;
      let released = false;
      return () => {
        if (!released) release(userId);
        released = true;
      };
    },
    async stop() {
      clearInterval(heartbeat);
      held.forEach(({ leaving }) => clearTimeout(leaving));
      await leave([...held.keys()]);
      held.clear();
    },
  };
}
