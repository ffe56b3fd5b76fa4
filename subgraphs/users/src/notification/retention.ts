import type { LogRetention } from '@chorus/kit/live';
import type { Logger } from '@chorus/kit/logger';
import { createLoop, type Loop } from '@chorus/kit/loop';
import { sql, type SqlClient } from '@chorus/kit/sql';

const LOGS = 100;
const ENTRIES_OF_A_LOG = 1000;
const IDLE_MS = 60_000;

/**
 * Deletes what retention gave up of the logs, at most 100,000 entries in one go, always from the beginning of a log.
 * Readers do not wait for it: the read itself leaves those entries out.
 * @returns how many it deleted
 */
export async function trimNotificationLogs(db: SqlClient, retention: LogRetention): Promise<number> {
  return db.$executeRaw(sql`
    with limits as (
      select now() - ${retention.ms}::bigint * interval '1 millisecond' as oldest
    ), due as (
      select head.recipient_id, head.last_seq - ${retention.count}::int as below,
        first.seq + ${ENTRIES_OF_A_LOG}::int as until
      from limits, notification_head head cross join lateral (
        select seq, created_at from notification_event where recipient_id = head.recipient_id order by seq limit 1
      ) as first
      where first.seq <= head.last_seq - ${retention.count}::int or first.created_at <= limits.oldest
      limit ${LOGS}::int
    )
    delete from notification_event entry using due, limits
    where entry.recipient_id = due.recipient_id and entry.seq < due.until
      and (entry.seq <= due.below or entry.created_at <= limits.oldest)`);
}

/** Trims the logs, now and every minute. */
export function startTrimming(options: { db: SqlClient; retention: LogRetention; logger: Logger }): Loop {
  return createLoop({
    name: 'trimming of the logs of notifications',
    logger: options.logger,
    idleMs: IDLE_MS,
    turn: async () => ((await trimNotificationLogs(options.db, options.retention)) > 0 ? 'again' : 'idle'),
  });
}
