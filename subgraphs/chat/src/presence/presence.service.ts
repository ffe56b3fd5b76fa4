import type { LiveBus } from '@chorus/kit/live';
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
