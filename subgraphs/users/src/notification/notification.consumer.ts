import type { BatchHandler } from '@chorus/kit/events';
import type { LiveBus } from '@chorus/kit/live';
import type { SqlClient } from '@chorus/kit/sql';
import { noticed, noticesOf } from './notice.ts';
import { wake } from './notification.log.ts';
import { prepareNotices } from './notification.writes.ts';

/** Makes notifications of what happened anywhere, and wakes those who listen once that has committed. */
export const notificationBatch = (live: LiveBus): BatchHandler<SqlClient, (typeof noticed)[number]> => ({
  names: noticed,
  prepare(events) {
    const apply = prepareNotices(events.flatMap(noticesOf));
    return async (tx) => {
      const told = await apply(tx);
      return () => wake(live, told);
    };
  },
});
