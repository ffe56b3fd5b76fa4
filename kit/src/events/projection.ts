import { join, raw, type Sql, sql, type SqlClient } from '../sql.ts';

type Value = string | number | bigint | boolean | Date | null;

/** One row of a projection: its table, the columns that name it, and what an event says of it. Names are never a client's. */
export interface ProjectedRow {
  table: string;
  key: Record<string, Value>;
  facts: Record<string, Value>;
  /** Of the event; the table keeps it in the column `version`. */
  version: bigint;
  /** What must hold besides, or the event is not kept. */
  where?: Sql;
}

/**
 * Writes what an event says, unless the row knows of a later one: events come twice, late and out of order. What ended
 * stays as a row that says so, to remember its version.
 * @returns whether it was news
 */
export async function project(
  tx: SqlClient,
  { table, key, facts, version, where = sql`true` }: ProjectedRow,
): Promise<boolean> {
  const row = { ...key, ...facts, version };
  const columns = (names: string[]): Sql => raw(names.join(', '));
  const changes = [...Object.keys(facts), 'version'].map((name) => `${name} = excluded.${name}`);
  const written = await tx.$executeRaw(sql`
    insert into ${raw(table)} (${columns(Object.keys(row))}) select ${join(Object.values(row))} where ${where}
    on conflict (${columns(Object.keys(key))}) do update set ${columns(changes)}
      where ${raw(table)}.version < excluded.version`);
  return written > 0;
}
