import { batchOne } from '@chorus/kit/loaders';
import { sql, type SqlClient } from '@chorus/kit/sql';
import { userColumns, type UserRow } from './user.model.ts';

export type UserLoaders = ReturnType<typeof createUserLoaders>;

/** People by id and by handle; null where there is nobody. Ids and handles need not be well-formed. */
export function createUserLoaders(db: SqlClient) {
  const byId = batchOne({
    name: 'user',
    load: (ids: readonly string[]) =>
      db.$queryRaw<UserRow[]>(sql`select ${userColumns} from users where id = any(${ids}::text[])`),
    keyOf: (row) => row.id,
  });
  const byHandle = batchOne({
    name: 'user by handle',
    load: async (handles: readonly string[]) => {
      const rows = await db.$queryRaw<UserRow[]>(
        sql`select ${userColumns} from users where handle = any(${handles}::text[])`,
      );
      for (const row of rows) byId.prime(row.id, row);
      return rows;
    },
    keyOf: (row) => row.handle,
  });
  return { byId, byHandle };
}
