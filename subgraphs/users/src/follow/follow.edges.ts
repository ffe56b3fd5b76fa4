import { record } from '@chorus/kit/events';
import { sql, type SqlClient } from '@chorus/kit/sql';
import { randomInt } from 'node:crypto';

const SLOTS = 16;

/** Who follows whom. */
export interface Edge {
  followerId: string;
  followeeId: string;
}

/**
 * Adds an edge that is not there, with its counts and its event. To be called under the lock of the pair.
 * @returns false when it was there
 */
export async function addEdge(tx: SqlClient, edge: Edge): Promise<boolean> {
  const [row] = await tx.$queryRaw<{ since: Date }[]>(sql`
    insert into follow (follower_id, followee_id) values (${edge.followerId}, ${edge.followeeId})
    on conflict do nothing returning created_at as since`);
  if (row === undefined) return false;
  await changed(tx, edge, true, row.since);
  return true;
}

/** Removes an edge, likewise. */
export async function removeEdge(tx: SqlClient, edge: Edge): Promise<boolean> {
  const [row] = await tx.$queryRaw<{ since: Date }[]>(sql`
    delete from follow where follower_id = ${edge.followerId} and followee_id = ${edge.followeeId}
    returning now() as since`);
  if (row === undefined) return false;
  await changed(tx, edge, false, row.since);
  return true;
}

async function changed(tx: SqlClient, edge: Edge, active: boolean, since: Date): Promise<void> {
  const { followerId, followeeId } = edge;
  const by = active ? 1 : -1;
  // In the order of the ids, so that people who follow each other at the same moment do not wait in a circle.
  await tx.$executeRaw(sql`
    insert into follow_counter as counter (user_id, slot, followers, following)
    select * from (values
      (${followeeId}::text, ${randomInt(SLOTS)}::smallint, ${by}::int, 0),
      (${followerId}::text, ${randomInt(SLOTS)}::smallint, 0, ${by}::int)
    ) as change (user_id, slot, followers, following) order by user_id
    on conflict (user_id, slot) do update
      set followers = counter.followers + excluded.followers, following = counter.following + excluded.following`);
  await record(tx, 'follow.changed', `${followerId}:${followeeId}`, { ...edge, active, since: since.toISOString() });
}
