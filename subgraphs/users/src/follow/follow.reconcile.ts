import { transact } from '@chorus/kit/database';
import { type Sql, sql, type SqlClient } from '@chorus/kit/sql';
import type { PrismaClient } from '../__generated__/prisma/client.ts';

const BATCH = 1000;

/** A person whose counts are not those of the follow graph. */
export interface Drift {
  userId: string;
  /** What the counters say, and how many edges there are. */
  counted: { followers: number; following: number };
  edges: { followers: number; following: number };
}

interface CompareRow {
  userId: string;
  countedFollowers: number;
  countedFollowing: number;
  followers: number;
  following: number;
}

/**
 * Compares the counters of everybody with the follow graph, batch by batch, and yields where they differ: edges and
 * counters change in one transaction, so in one statement they agree whatever happens meanwhile.
 * @param options.repair sets the counters right, one person at a time
 */
export async function* findDrift(db: PrismaClient, { repair }: { repair: boolean }): AsyncGenerator<Drift> {
  for (let last = ''; ;) {
    const rows = await compare(db, sql`select id from users where id > ${last} order by id limit ${BATCH}`);
    for (const row of rows.filter(differs)) {
      const drift = repair ? await repairOne(db, row.userId) : toDrift(row);
      if (drift !== null) yield drift;
    }
    if (rows.length < BATCH) return;
    last = rows.at(-1)?.userId ?? last;
  }
}

/** @param people a query of ids */
const compare = (db: SqlClient, people: Sql): Promise<CompareRow[]> =>
  db.$queryRaw<CompareRow[]>(sql`
    select person.id as "userId",
           (select coalesce(sum(followers), 0) from follow_counter where user_id = person.id)::int as "countedFollowers",
           (select coalesce(sum(following), 0) from follow_counter where user_id = person.id)::int as "countedFollowing",
           (select count(*) from follow where followee_id = person.id)::int as followers,
           (select count(*) from follow where follower_id = person.id)::int as following
    from (${people}) as person (id) order by person.id`);

const differs = (row: CompareRow): boolean =>
  row.countedFollowers !== row.followers || row.countedFollowing !== row.following;

const toDrift = (row: CompareRow): Drift => ({
  userId: row.userId,
  counted: { followers: row.countedFollowers, following: row.countedFollowing },
  edges: { followers: row.followers, following: row.following },
});

/** What was wrong and is right now; null when nothing was. */
const repairOne = (db: PrismaClient, userId: string): Promise<Drift | null> =>
  transact(db, async (tx) => {
    // Whoever changes an edge holds this row shared until it is counted: none is under way from here on.
    await tx.$queryRaw(sql`select 1 from users where id = ${userId} for update`);
    const [row] = await compare(tx, sql`select ${userId}::text`);
    if (row === undefined || !differs(row)) return null;
    const { followers, following, countedFollowers, countedFollowing } = row;
    await tx.$executeRaw(sql`
      insert into follow_counter as counter (user_id, slot, followers, following)
      select id, 0, ${followers - countedFollowers}::int, ${following - countedFollowing}::int
      from users where id = ${userId}
      on conflict (user_id, slot) do update
        set followers = counter.followers + excluded.followers, following = counter.following + excluded.following`);
    return toDrift(row);
  });
