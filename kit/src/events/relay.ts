import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { sql, type Database, type SqlClient } from '../sql.ts';
import { createLoop, type Loop } from './loop.ts';
import { RETENTION_MS, generationKey, streamKey, toFields } from './streams.ts';

const BATCH = 500;
const IDLE_MS = 1000;

interface OutboxRow {
  id: bigint;
  name: string;
  aggregate: string;
  payload: string;
  traceparent: string | null;
}

/** Moves outbox rows to the source's stream. `wake` it after a commit; otherwise it looks once a second. */
export type Relay = Loop;

/**
 * Takes rows that are not published yet, never "above the last id": commits are out of order. Any number of processes
 * may run a relay; a lock in Postgres lets one at a time work. A crash between stream and database publishes rows
 * again, which consumers expect.
 */
export function startRelay(options: { source: string; db: Database; redis: Redis; logger: Logger }): Relay {
  const { source, db, redis, logger } = options;
  let lastPurge = 0;

  const exclusively = async <T>(run: (tx: SqlClient) => Promise<T>): Promise<T | null> =>
    db.$transaction(async (tx) => {
      const [lock] = await tx.$queryRaw<{ taken: boolean }[]>(
        sql`select pg_try_advisory_xact_lock(hashtext('outbox relay')) as taken`,
      );
      return lock?.taken === true ? run(tx) : null;
    });

  /** Redis lost its data: all rows still kept go out again. The mark is set last, so a crash here starts over. */
  const republish = async (tx: SqlClient) => {
    const rows = await tx.$executeRaw(sql`update outbox_event set published_at = null where published_at is not null`);
    await redis.del(streamKey(source));
    logger.warn({ rows }, 'the event stream is new or was lost; publishing all events kept');
  };

  const publish = async (tx: SqlClient): Promise<number> => {
    const rows = await tx.$queryRaw<OutboxRow[]>(sql`
      select id, name, aggregate, payload::text as payload, traceparent from outbox_event
      where published_at is null order by id limit ${BATCH}`);
    if (rows.length === 0) return 0;
    const pipeline = redis.pipeline();
    for (const row of rows) pipeline.xadd(streamKey(source), '*', ...toFields(row));
    const results = await pipeline.exec();
    const failure = results?.find(([error]) => error !== null)?.[0];
    if (results === null || failure) throw failure ?? new Error('the pipeline was aborted');
    await tx.$executeRaw(sql`
      update outbox_event set published_at = now() where id = any(${rows.map((row) => row.id)}::bigint[])`);
    return rows.length;
  };

  const purge = async () => {
    if (Date.now() - lastPurge < 60_000) return;
    lastPurge = Date.now();
    await db.$executeRaw(sql`
      delete from outbox_event where id in (
        select id from outbox_event
        where published_at < now() - ${RETENTION_MS} * interval '1 millisecond' limit 10000)`);
    await redis.xtrim(streamKey(source), 'MINID', '~', Date.now() - RETENTION_MS);
  };

  return createLoop({
    name: `relay of ${source}`,
    logger,
    idleMs: IDLE_MS,
    async turn() {
      const lost = (await redis.exists(generationKey(source))) === 0;
      const published = await exclusively(async (tx) => {
        if (lost) await republish(tx);
        return publish(tx);
      });
      if (published === null) return 'idle';
      if (lost) await redis.set(generationKey(source), randomUUID());
      await purge();
      return published === BATCH ? 'again' : 'idle';
    },
  });
}
