import type { LogRetention } from '@chorus/kit/live';
import type { Logger } from '@chorus/kit/logger';
import { createLoop, type Loop } from '@chorus/kit/loop';
import { sql, type SqlClient } from '@chorus/kit/sql';

const ROOMS = 20;
const ENTRIES_OF_A_ROOM = 1000;
const IDLE_MS = 60_000;

/**
 * Deletes what retention gave up of the rooms' logs, at most 20,000 entries in one go, always from the beginning of a
 * log. Readers do not wait for it: the read itself leaves those entries out.
 * @returns how many it deleted
 */
export async function trimLogs(db: SqlClient, retention: LogRetention): Promise<number> {
  return db.$executeRaw(sql`
    with limits as (
      select now() - ${retention.ms}::bigint * interval '1 millisecond' as oldest
    ), due as (
      select room.id, room.last_seq - ${retention.count}::int as below, first.seq + ${ENTRIES_OF_A_ROOM}::int as until
      from limits, room cross join lateral (
        select seq, created_at from room_event where room_id = room.id order by seq limit 1
      ) as first
      where first.seq <= room.last_seq - ${retention.count}::int or first.created_at <= limits.oldest
      limit ${ROOMS}::int
    )
    delete from room_event using due, limits
    where room_event.room_id = due.id and room_event.seq < due.until
      and (room_event.seq <= due.below or room_event.created_at <= limits.oldest)`);
}

/** Trims the logs, now and every minute. */
export function startTrimming(options: { db: SqlClient; retention: LogRetention; logger: Logger }): Loop {
  return createLoop({
    name: 'trimming of the rooms’ logs',
    logger: options.logger,
    idleMs: IDLE_MS,
    turn: async () => ((await trimLogs(options.db, options.retention)) > 0 ? 'again' : 'idle'),
  });
}
