import pg from 'pg';
import type { Database, Sql, SqlClient } from '../src/sql.ts';

/** What kit asks of Prisma, straight on Postgres: kit has no schema of its own to generate a client from. */
export interface TestDatabase extends Database {
  close(): Promise<void>;
}

const clientOf = (connection: Pick<pg.Pool, 'query'>): SqlClient => ({
  $queryRaw: async <T>(query: Sql) => (await connection.query(query.text, query.values)).rows as T,
  $executeRaw: async (query) => (await connection.query(query.text, query.values)).rowCount ?? 0,
});

export function openTestDatabase(url: string): TestDatabase {
  const pool = new pg.Pool({
    connectionString: url,
    max: 5,
    types: {
      getTypeParser: (oid, format) => (oid === pg.types.builtins.INT8 ? BigInt : pg.types.getTypeParser(oid, format)),
    },
  });
  return {
    ...clientOf(pool),
    async $transaction(run) {
      const connection = await pool.connect();
      try {
        await connection.query('begin');
        const result = await run(clientOf(connection));
        await connection.query('commit');
        return result;
      } catch (error) {
        await connection.query('rollback');
        throw error;
      } finally {
        connection.release();
      }
    },
    close: () => pool.end(),
  };
}
