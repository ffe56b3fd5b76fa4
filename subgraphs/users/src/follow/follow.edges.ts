import { record } from '@chorus/kit/events';
import { sql, type SqlClient } from '@chorus/kit/sql';
import { randomInt } from 'node:crypto';

const SLOTS = 16;

/** Who follows whom. */
export interface Edge {
  followerId: string;
  followeeId: string;
}

interface Changed extends Edge {
  since: Date;
}

/**
 * Adds an edge that is not there, with its counts and its event. To be called under the lock of the pair.
 * @param options.accepted whether it was asked for, and the followee accepted
 * @returns whether it came to be
 */
export async function addEdge(
  tx: SqlClient,
  { followerId, followeeId }: Edge,
  { accepted = false } = {},
): Promise<boolean> {
  const edges = await tx.$queryRaw<Changed[]>(sql`
    insert into follow (follower_id, followee_id) values (${followerId}, ${followeeId}) on conflict do nothing
    returning follower_id as "followerId", followee_id as "followeeId", created_at as since`);
  return tell(tx, edges, { active: true, ...(accepted && { accepted }) });
}

/**
 * Removes those of the edges that are there, likewise; all are of one pair.
 * @returns whether any went
 */
export async function removeEdges(tx: SqlClient, ...edges: Edge[]): Promise<boolean> {
  const removed = await tx.$queryRaw<Changed[]>(sql`
    delete from follow using unnest(
      ${edges.map(({ followerId }) => followerId)}::text[], ${edges.map(({ followeeId }) => followeeId)}::text[]
    ) as edge (follower_id, followee_id)
    where follow.follower_id = edge.follower_id and follow.followee_id = edge.followee_id
    returning follow.follower_id as "followerId", follow.followee_id as "followeeId", now() as since`);
  return tell(tx, removed, { active: false });
}

/** Moves the counters, all in one statement and one order, so that nobody waits for another in a circle; and tells others. */
async function tell(
  tx: SqlClient,
  edges: readonly Changed[],
  facts: { active: boolean; accepted?: boolean },
): Promise<boolean> {
  if (edges.length === 0) return false;
  await moveCounters(tx, edges, facts.active ? 1 : -1);
  for (const { followerId, followeeId, since } of edges) {
    const payload = { followerId, followeeId, ...facts, since: since.toISOString() };
    await record(tx, 'follow.changed', `${followerId}:${followeeId}`, payload);
  }
  return true;
}

/** Counts edges that came to be (by 1) or went (by -1), in the transaction in which they did. */
export async function moveCounters(tx: SqlClient, edges: readonly Edge[], by: 1 | -1): Promise<void> {
  const changes = edges.flatMap(({ followerId, followeeId }) => [
    { userId: followeeId, slot: randomInt(SLOTS), followers: by, following: 0 },
    { userId: followerId, slot: randomInt(SLOTS), followers: 0, following: by },
  ]);
  await tx.$executeRaw(sql`
    insert into follow_counter as counter (user_id, slot, followers, following)
    select user_id, slot, sum(followers), sum(following)
    from unnest(${changes.map(({ userId }) => userId)}::text[], ${changes.map(({ slot }) => slot)}::smallint[],
                ${changes.map(({ followers }) => followers)}::int[], ${changes.map(({ following }) => following)}::int[])
         as change (user_id, slot, followers, following)
    group by user_id, slot order by user_id, slot
    on conflict (user_id, slot) do update
      set followers = counter.followers + excluded.followers, following = counter.following + excluded.following`);
}
