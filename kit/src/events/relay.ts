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
 * may run a relay; a lock in Postgres lets one at a time work and the others wait. A crash between stream and database publishes rows
 * again, which consumers expect.
 */
export function startRelay(options: { source: string; db: Database; redis: Redis; logger: Logger }): Relay {
  const { source, db, redis, logger } = options;
  let lastPurge = 0;

  const exclusively = async (run: (tx: SqlClient) => Promise<'again' | 'idle'>): Promise<'again' | 'idle'> =>
    db.$transaction(
      async (tx) => {
        await tx.$queryRaw(sql`select 1 from pg_advisory_xact_lock(hashtext('outbox relay'))`);
        return run(tx);
      },
      { timeout: 30_000 },
    );

  const publish = async (tx: SqlClient): Promise<'again' | 'idle'> => {
    const lost = (await redis.exists(generationKey(source))) === 0;
    if (lost) {
      const rows = await tx.$executeRaw(sql`
        update outbox_event set published_at = null where published_at is not null`);
      logger.warn({ rows }, 'the event stream is new or was lost; publishing all events kept');
      // This commits first: were it undone after the new generation is set, these rows would never go out again.
      if (rows > 0) return 'again';
    }
    const rows = await tx.$queryRaw<OutboxRow[]>(sql`
      select id, name, aggregate, payload::text as payload, traceparent from outbox_event
      where published_at is null order by id limit ${BATCH}`);
    if (rows.length === 0 && !lost) return 'idle';
    // One transaction, so that Redis never has the mark of a generation without its events.
    const pipeline = redis.multi();
    if (lost) pipeline.del(streamKey(source)).set(generationKey(source), randomUUID());
    for (const row of rows) pipeline.xadd(streamKey(source), '*', ...toFields(row));
    const results = await pipeline.exec();
    const failure = results?.find(([error]) => error !== null)?.[0];
    if (results === null || failure) throw failure ?? new Error('the pipeline was aborted');
    await tx.$executeRaw(sql`
      update outbox_event set published_at = now() where id = any(${rows.map((row) => row.id)}::bigint[])`);
    return rows.length === BATCH ? 'again' : 'idle';
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
      const next = await exclusively(publish);
      await purge();
      return next;
    },
  });
}
