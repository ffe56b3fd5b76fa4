import type { BatchHandler } from '@chorus/kit/events';
import type { LiveBus } from '@chorus/kit/live';
import type { SqlClient } from '@chorus/kit/sql';
import { noticed, noticesOf } from './notice.ts';
import { wake } from './notification.log.ts';
import { applyNotices } from './notification.writes.ts';

/** Makes notifications of what happened anywhere, and wakes those who listen once that has committed. */
export const notificationBatch = (live: LiveBus): BatchHandler<SqlClient, (typeof noticed)[number]> => ({
  names: noticed,
  async apply(tx, events) {
    const told = await applyNotices(tx, events.flatMap(noticesOf));
    return () => wake(live, told);
  },
});
