import { PrismaPg } from '@prisma/adapter-pg';
import { Prisma, PrismaClient } from './__generated__/prisma/client.ts';

export interface DatabaseOptions {
  url: string;
  /** Connections at most. */
  pool: number;
  /** Hears every statement; for tests that count them. */
  onStatement?: ((statement: string) => void) | undefined;
}

/** A pool of connections to the database of chat. Waiting is bounded: for a connection 5 s, for a statement 15 s. */
export function openDatabase({ url, pool, onStatement }: DatabaseOptions) {
  const client = new PrismaClient({
    adapter: new PrismaPg({
      connectionString: url,
      max: pool,
      connectionTimeoutMillis: 5000,
      statement_timeout: 15_000,
      // The adapter takes every timestamp for UTC, whatever zone the server is in.
      options: '-c TimeZone=UTC',
    }),
    transactionOptions: { maxWait: 5000, timeout: 15_000 },
    log: [{ emit: 'event', level: 'query' }],
  });
  if (onStatement !== undefined) client.$on('query', (event) => onStatement(event.query));
  return client;
}

/** Whether a raw statement failed because a unique key is taken. */
export function isUniqueViolation(error: unknown): boolean {
  if (!(error instanceof Prisma.PrismaClientKnownRequestError)) return false;
  const { driverAdapterError } = error.meta ?? {};
  const cause = driverAdapterError instanceof Error ? driverAdapterError.cause : null;
  return typeof cause === 'object' && cause !== null && 'kind' in cause && cause.kind === 'UniqueConstraintViolation';
}
