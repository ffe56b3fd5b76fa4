import type { BlockCache } from '../block/block.cache.ts';
import { batchOne } from '@chorus/kit/loaders';
import { sql, type SqlClient } from '@chorus/kit/sql';
import type { ProfileCache } from './user.cache.ts';
import { userColumns, type UserRow } from './user.model.ts';
import { standing, visible } from './user.policy.ts';

const nobody: ReadonlySet<string> = new Set();

export type UserLoaders = ReturnType<typeof createUserLoaders>;

export interface UserCaches {
  profiles: ProfileCache;
  blocks: BlockCache;
}

/**
 * What anybody sees who may see what names them, blocks or not: the cards of people, by id. Null where there is nobody.
 */
export const createCardLoader = (profiles: ProfileCache) =>
  batchOne({
    name: 'card of a user',
    load: async (ids: readonly string[]) => (await profiles.getMany(ids)).filter((row) => row !== null),
    keyOf: (row) => row.id,
  });

/**
 * People by id and by handle; null where there is nobody, or nobody the viewer may see. Ids and handles need not be
 * well-formed.
 * @param viewerId null for nobody signed in
 */
export function createUserLoaders(db: SqlClient, { profiles, blocks }: UserCaches, viewerId: string | null) {
  const byId = batchOne({
    name: 'user',
    // What `visible` says, of the two things that are cached apart: what a person shows, and whom the viewer does not see.
    async load(ids: readonly string[]) {
      const [rows, parted] = await Promise.all([
        profiles.getMany(ids),
        viewerId === null ? nobody : blocks.partedFrom(viewerId, ids),
      ]);
      return rows.filter((row) => row !== null).filter(({ id }) => !parted.has(id));
    },
    keyOf: (row) => row.id,
  });
  const byHandle = batchOne({
    name: 'user by handle',
    load: async (handles: readonly string[]) => {
      const rows = await db.$queryRaw<UserRow[]>(sql`
        select ${userColumns} from users where handle = any(${handles}::text[])${visible(viewerId, 'users.id')}`);
      for (const row of rows) byId.prime(row.id, row);
      return rows;
    },
    keyOf: (row) => row.handle,
  });
  /** Whom the viewer blocks, and nobody else: for the viewer's own list of them. */
  const blocked = batchOne({
    name: 'blocked user',
    load: (ids: readonly string[]) =>
      db.$queryRaw<UserRow[]>(sql`
        select ${userColumns} from users where id = any(${ids}::text[])
        and exists (select from block where blocker_id = ${viewerId} and blocked_id = users.id)${standing('users.id')}`),
    keyOf: (row) => row.id,
  });
  return { byId, byHandle, blocked, cards: createCardLoader(profiles) };
}
