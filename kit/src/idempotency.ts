import { createHash } from 'node:crypto';
import type { Logger } from 'pino';
import { badInput, fault } from './errors.ts';
import { createLoop } from './events/loop.ts';
import type { Running } from './service.ts';
import { sql, type SqlClient } from './sql.ts';

/** A write that may be sent again. `input` is everything that decides the result. */
export interface IdempotentWrite {
  viewerId: string;
  mutation: string;
  key: string;
  input: unknown;
}

const KEY = /^[\x21-\x7e]{8,64}$/;

/**
 * What `once` checks first; for writes that do much before their transaction.
 * @throws GraphQLError BAD_USER_INPUT for a malformed key
 */
export function checkIdempotencyKey(key: string): void {
  if (!KEY.test(key)) throw badInput('idempotencyKey', 'An idempotencyKey has 8 to 64 printable characters.');
}

/**
 * Runs a write once for each key, in the transaction given: the first call runs `write` and keeps the id it returns;
 * a repetition within 24 hours gets that id back and runs nothing. Two at once: the second waits for the first.
 * @throws GraphQLError IDEMPOTENCY_CONFLICT when the key was used with another input; BAD_USER_INPUT for a malformed key
 */
export async function once(tx: SqlClient, write: IdempotentWrite, run: () => Promise<string>): Promise<string> {
  checkIdempotencyKey(write.key);
  const hash = createHash('sha256').update(JSON.stringify(write.input)).digest('hex');
  const fresh = await tx.$executeRaw(sql`
    insert into idempotency_key (viewer_id, mutation, key, input_hash)
    values (${write.viewerId}, ${write.mutation}, ${write.key}, ${hash})
    on conflict (viewer_id, mutation, key) do update
      set input_hash = excluded.input_hash, result_id = null, created_at = now()
      where idempotency_key.created_at < now() - interval '24 hours'`);
  if (fresh === 0) {
    const [row] = await tx.$queryRaw<{ input_hash: string; result_id: string }[]>(sql`
      select input_hash, result_id from idempotency_key
      where viewer_id = ${write.viewerId} and mutation = ${write.mutation} and key = ${write.key}`);
    if (row?.input_hash !== hash) {
      throw fault(
        'IDEMPOTENCY_CONFLICT',
        'This idempotencyKey was used with another input. Make a new key for a new write.',
      );
    }
    return row.result_id;
  }
  const id = await run();
  await tx.$executeRaw(sql`
    update idempotency_key set result_id = ${id}
    where viewer_id = ${write.viewerId} and mutation = ${write.mutation} and key = ${write.key}`);
  return id;
}

const PURGE_BATCH = 10_000;

/** Deletes keys past their 24 hours, at most 10,000 at once. */
export async function purgeIdempotencyKeys(db: SqlClient): Promise<number> {
  return db.$executeRaw(sql`
    delete from idempotency_key where ctid in (
      select ctid from idempotency_key where created_at < now() - interval '24 hours' limit ${PURGE_BATCH})`);
}

/** Purges the keys of a service, now and every ten minutes. */
export function startIdempotencyPurge(options: { db: SqlClient; logger: Logger }): Running {
  return createLoop({
    name: 'purge of idempotency keys',
    logger: options.logger,
    idleMs: 600_000,
    turn: async () => ((await purgeIdempotencyKeys(options.db)) === PURGE_BATCH ? 'again' : 'idle'),
  });
}
