import { Sql, empty, join, raw, sqltag as sql } from '@prisma/client/runtime/client';

export { Sql, empty, join, raw, sql };

/** The part of a Prisma client, or of an interactive transaction, that kit needs. */
export interface SqlClient {
  $queryRaw<T = unknown>(query: Sql): Promise<T>;
  $executeRaw(query: Sql): Promise<number>;
}

/** A Prisma client as kit sees it: it runs transactions whose client is `Tx`. */
export interface Database<Tx extends SqlClient = SqlClient> extends SqlClient {
  $transaction<T>(run: (tx: Tx) => Promise<T>, options?: { timeout?: number; maxWait?: number }): Promise<T>;
}
