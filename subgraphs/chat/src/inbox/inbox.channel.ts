import type { LiveBus } from '@chorus/kit/live';

/** Where it is told that somebody became a member of a room. */
export const inboxChannel = (userId: string): string => `chorus:live:inbox:${userId}`;

/** To be called after the commit that made these people members: their inboxes look for new rooms. */
export function wakeInboxes(live: LiveBus, userIds: readonly string[]): void {
  for (const id of userIds) live.publish(inboxChannel(id), Date.now());
}
