import { setTimeout as delay } from 'node:timers/promises';
import { PrismaClientKnownRequestError } from '@prisma/client/runtime/client';
import type { PoolConfig } from 'pg';
import type { Database, SqlClient } from './sql.ts';

/** What a subgraph's pool of connections is made with. Times in milliseconds. */
export const poolOptions = (config: { DATABASE_URL: string; DATABASE_POOL: number }): PoolConfig => ({
  connectionString: config.DATABASE_URL,
  max: config.DATABASE_POOL,
  connectionTimeoutMillis: 5000,
  statement_timeout: 15_000,
  // For a server that is gone without a word, and so cannot end the statement itself.
  query_timeout: 20_000,
  idle_in_transaction_session_timeout: 30_000,
  keepAlive: true,
  // Prisma's adapter (7.10) drops the offset of a timestamptz both ways: only in UTC is that right.
  options: '-c TimeZone=UTC',
});

const ATTEMPTS = 5;

/** Whether Postgres broke the transaction off (deadlock, serialization failure), so that all it did is undone. */
function isBrokenOff(error: unknown): boolean {
  if (!(error instanceof PrismaClientKnownRequestError)) return false;
  // Raw statements report their own failure as P2010, with the driver's beneath.
  const cause = (error.meta?.['driverAdapterError'] as { cause?: { kind?: unknown } } | undefined)?.cause;
  return error.code === 'P2034' || cause?.kind === 'TransactionWriteConflict';
}

/**
 * Runs a transaction, and again when Postgres broke it off: five times in all, after short random pauses. `run` may thus
 * be called more than once and does nothing that a rollback would not undo.
 */
export async function transact<Tx extends SqlClient, T>(db: Database<Tx>, run: (tx: Tx) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await db.$transaction(run, { maxWait: 5000, timeout: 10_000 });
    } catch (error) {
      if (attempt === ATTEMPTS || !isBrokenOff(error)) throw error;
      await delay(Math.random() * 10 * 2 ** attempt);
    }
  }
}
