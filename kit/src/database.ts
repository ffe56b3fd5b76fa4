import { setTimeout as delay } from 'node:timers/promises';
import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaClientKnownRequestError } from '@prisma/client/runtime/client';
import type { PoolConfig } from 'pg';
import type { Database, SqlClient } from './sql.ts';

/** Where a pool leads, and how many connections it holds at most. */
export interface Pool {
  url: string;
  size: number;
}

const poolOptions = ({ url, size }: Pool): PoolConfig => ({
  connectionString: url,
  max: size,
  connectionTimeoutMillis: 5000,
  statement_timeout: 15_000,
  // For a server that is gone without a word, and so cannot end the statement itself.
  query_timeout: 20_000,
  idle_in_transaction_session_timeout: 30_000,
  keepAlive: true,
  // Prisma's adapter (7.10) drops the offset of a timestamptz both ways: only in UTC is that right.
  options: '-c TimeZone=UTC',
});

/** Statements that each connection keeps prepared; one that is not among the first is planned each time. */
const MAX_PREPARED = 500;

/** Names statements by their text, so that Postgres plans them once for a connection and not for each time they run. */
function statementNames(): (query: { sql: string }) => string {
  const names = new Map<string, string>();
  return ({ sql: text }) => {
    const known = names.get(text);
    if (known !== undefined) return known;
    if (names.size >= MAX_PREPARED) return ''; // Postgres's own name for one that is not kept
    const name = `chorus_${names.size + 1}`;
    names.set(text, name);
    return name;
  };
}

/**
 * What every subgraph's PrismaClient is made with; all waiting is bounded.
 * @param options.heard whether statements are `query` events: Prisma writes the parameters of each as JSON then, even for
 *   nobody, which for thousands of values takes longer than sending them
 */
export const clientOptions = (pool: Pool, { heard }: { heard: boolean }) => ({
  adapter: new PrismaPg(poolOptions(pool), { statementNameGenerator: statementNames() }),
  transactionOptions: { maxWait: 5000, timeout: 15_000 },
  log: heard ? [{ emit: 'event' as const, level: 'query' as const }] : [],
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
