import { Alarm, type LiveBus } from '@chorus/kit/live';
import type { SqlClient } from '@chorus/kit/sql';
import { stoppable } from '../live/stoppable.ts';
import { acquainted } from './presence.policy.ts';
import { presenceChannel } from './presence.service.ts';
import type { PresenceStore } from './presence.store.ts';

/** Whether somebody is there, when that has changed for this reader. */
export interface PresenceChange {
  userId: string;
  isOnline: boolean;
}

/**
 * Of some people, who is present now, and then each change; everybody begins as absent. What is told is read when it is
 * told, so a slow reader misses what came and went meanwhile, and nothing is queued. What the viewer may not know (any
 * more) is absence. Whoever goes without a word, with a process say, is found gone at the next check.
 */
export function watchPresence(
  { db, store, live, checkMs }: { db: SqlClient; store: PresenceStore; live: LiveBus; checkMs: number },
  { viewerId, userIds }: { viewerId: string; userIds: readonly string[] },
): AsyncIterableIterator<PresenceChange, void> {
  const alarm = new Alarm();
  const online = new Set<string>();
  const changed = new Set<string>(userIds);
  const listening = userIds.map((id) =>
    live.listen(presenceChannel(id), () => {
      changed.add(id);
      alarm.ring();
    }),
  );

  const changes = async function* (): AsyncGenerator<PresenceChange, void> {
    while (!alarm.stopped) {
      const looked = [...changed];
      changed.clear();
      const [known, present] = await Promise.all([acquainted(db, viewerId, looked), store.present(looked)]);
      for (const userId of looked) {
        const isOnline = known.has(userId) && present.has(userId);
        if (isOnline === online.has(userId)) continue;
        if (isOnline) online.add(userId);
        else online.delete(userId);
        yield { userId, isOnline };
      }
      if (changed.size === 0) await alarm.sleep(checkMs);
      // Nobody was told to have changed: the time is up, and all are looked at.
      if (changed.size === 0) userIds.forEach((id) => changed.add(id));
    }
  };
  return stoppable(alarm, changes(), () => listening.forEach((one) => one.close()));
}
