import { type CacheConnections, createCache, type Load } from '@chorus/kit/cache';
import { raw, sql, type SqlClient } from '@chorus/kit/sql';

/** From whom a block parts a person, whichever of the two blocks. */
export interface Parted {
  ids: string[];
  /** Whether `ids` are all: beyond a thousand the database is asked. */
  complete: boolean;
}

export interface BlockCache {
  /** Those of `ids` whom a block parts from the viewer. */
  partedFrom(viewerId: string, ids: readonly string[]): Promise<ReadonlySet<string>>;
  /** As of `Cache`. */
  refresh(ids: readonly string[], load?: Load<Parted>): Promise<void>;
  stop(): void;
}

const TTL_SECONDS = 3600;
const MAX_IN_MEMORY = 10_000;
const MAX_IDS = 1000;

/** Everybody who is parted from one of `ids`. */
const parted = (column: string) => sql`
  select blocked_id as id from block where blocker_id = ${raw(column)}
  union all select blocker_id from block where blocked_id = ${raw(column)}`;

export const loadParted =
  (db: SqlClient): Load<Parted> =>
  async (ids) => {
    const rows = await db.$queryRaw<{ key: string; version: number; ids: string[] }[]>(sql`
      select id as key, version, array(
        select other.id from (${parted('users.id')}) as other limit ${MAX_IDS + 1}
      ) as ids
      from users where id = any(${ids}::text[])`);
    return rows.map(({ key, version, ids: found }) => ({
      key,
      version,
      value: { ids: found.slice(0, MAX_IDS), complete: found.length <= MAX_IDS },
    }));
  };

export function createBlockCache(options: CacheConnections & { db: SqlClient }): BlockCache {
  const { db } = options;
  const cache = createCache<Parted>({
    ...options,
    name: 'blocks',
    ttlSeconds: TTL_SECONDS,
    max: MAX_IN_MEMORY,
    load: loadParted(db),
  });
  return {
    async partedFrom(viewerId, ids) {
      const [found] = await cache.getMany([viewerId]);
      if (found?.complete !== false) return new Set(found?.ids);
      const rows = await db.$queryRaw<{ id: string }[]>(sql`
        select other.id from unnest(${ids}::text[]) as other (id)
        where exists (select from block where blocker_id = ${viewerId} and blocked_id = other.id)
           or exists (select from block where blocker_id = other.id and blocked_id = ${viewerId})`);
      return new Set(rows.map(({ id }) => id));
    },
    refresh: (ids, load) => cache.refresh(ids, load),
    stop: () => cache.stop(),
  };
}
