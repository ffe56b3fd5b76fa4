import { type CacheConnections, createCache, type Load } from '@chorus/kit/cache';
import { sql, type SqlClient } from '@chorus/kit/sql';
import { userColumns, type UserRow } from './user.model.ts';

/** Profiles by id, null of an account that is closed, whoever asks: whether else the viewer may see the person is decided after it (user.loaders.ts). */
export type ProfileCache = ReturnType<typeof createProfileCache>;

const TTL_SECONDS = 3600;
const MAX_IN_MEMORY = 20_000;

export const loadProfiles =
  (db: SqlClient): Load<UserRow> =>
  async (ids) => {
    const rows = await db.$queryRaw<(UserRow & { version: number; stands: boolean })[]>(sql`
      select ${userColumns}, version, state = 'ACTIVE' as stands from users where id = any(${ids}::text[])`);
    return rows.map(({ version, stands, ...value }) => ({ key: value.id, version, value: stands ? value : null }));
  };

export const createProfileCache = (options: CacheConnections & { db: SqlClient }) =>
  createCache<UserRow>({
    ...options,
    name: 'profile',
    ttlSeconds: TTL_SECONDS,
    max: MAX_IN_MEMORY,
    load: loadProfiles(options.db),
    revive: (row) => ({ ...row, createdAt: new Date(row.createdAt) }),
  });

/**
 * Makes what is cached of people older than what is in the database, in the transaction of a change that shows in it. In
 * one order, so that two changes never wait for each other in a circle.
 */
export async function outdate(tx: SqlClient, ids: readonly string[]): Promise<void> {
  await tx.$executeRaw(sql`
    update users set version = version + 1 from (
      select id from users where id = any(${ids}::text[]) order by id for no key update
    ) as changed where users.id = changed.id`);
}
