import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaClient } from './__generated__/prisma/client.ts';

export interface DatabaseOptions {
  url: string;
  /** Connections at most. */
  pool: number;
  /** Hears every statement; for tests that count them. */
  onStatement?: ((statement: string) => void) | undefined;
}

/** A pool of connections to the database of posts. Waiting is bounded: for a connection 5 s, for a statement 15 s. */
export function openDatabase({ url, pool, onStatement }: DatabaseOptions) {
  const client = new PrismaClient({
    adapter: new PrismaPg({
      connectionString: url,
      max: pool,
      connectionTimeoutMillis: 5000,
      statement_timeout: 15_000,
    }),
    transactionOptions: { maxWait: 5000, timeout: 15_000 },
    log: [{ emit: 'event', level: 'query' }],
  });
  if (onStatement !== undefined) client.$on('query', (event) => onStatement(event.query));
  return client;
}
