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

/**
 * Many values as one parameter, the text of a Postgres array: `${arrayLiteral(ids)}::text[]`. An array given as such means
 * the same, but Prisma turns over each of its elements several times, which for thousands takes longer than the statement.
 */
export function arrayLiteral(values: Iterable<string | number | bigint | boolean | null>): string {
  return `{${Array.from(values, element).join(',')}}`;
}

/** Quoted only where it must be: the quotes would be escaped twice on their way, which is what takes time. */
const PLAIN = /^(?!null$)[\w.:-]+$/i;

function element(value: string | number | bigint | boolean | null): string {
  if (typeof value !== 'string' || PLAIN.test(value)) return String(value);
  return `"${value.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}
