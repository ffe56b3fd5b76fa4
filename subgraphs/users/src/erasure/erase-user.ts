import { sql, type SqlClient } from '@chorus/kit/sql';
import { type Edge, moveCounters } from '../follow/follow.edges.ts';

const BATCH = 500;

/**
 * One step towards nothing left of a person here: first who follows whom, with the counts of the others, a batch at a time;
 * last the person, and by its references all the rest. No other subgraph is told of each edge: that the account is deleted
 * tells them all.
 * @returns whether nothing is left but the Deletion
 */
export async function eraseUser(tx: SqlClient, userId: string): Promise<boolean> {
  // Whoever changes an edge holds this row shared until it is counted (relation/pair.ts): none is under way from here on.
  await tx.$queryRaw(sql`select 1 from users where id = ${userId} for update`);
  const edges = await tx.$queryRaw<Edge[]>(sql`
    delete from follow where (follower_id, followee_id) in (
      select follower_id, followee_id from follow where ${userId} in (follower_id, followee_id) limit ${BATCH})
    returning follower_id as "followerId", followee_id as "followeeId"`);
  await moveCounters(tx, edges, -1);
  if (edges.length === BATCH) return false;
  await eraseAddress(tx, userId);
  await tx.$executeRaw(sql`delete from users where id = ${userId}`);
  return true;
}

/** What names the person by their address or by who they are elsewhere: of others who wanted it, or of nobody here yet. */
const eraseAddress = (tx: SqlClient, userId: string) =>
  tx.$executeRaw(sql`
    with address as (
      select email from credential where user_id = ${userId}
      union select email from email_undo where user_id = ${userId}
    ), codes as (
      delete from code using address where code.email = address.email
    ), letters as (
      delete from letter using address where recipient = address.email)
    delete from oauth_code where (provider, subject) in (
        select provider, subject from identity where user_id = ${userId})
      or lower(email) in (select email from address)`);

/**
 * One step towards no notification that the person caused or was to get, or that is about a post of theirs, which no
 * reference ties to the person. Each of the three has an index.
 * @returns whether none is left
 */
export async function eraseNotices(tx: SqlClient, userId: string): Promise<boolean> {
  const removed = await tx.$queryRaw<{ notificationId: string | null }[]>(sql`
    with removed as (
      delete from notification_actor where (actor_id, recipient_id, type, target_id) in (
        select actor_id, recipient_id, type, target_id from notification_actor
        where actor_id = ${userId} or recipient_id = ${userId} or author_id = ${userId} limit ${BATCH})
      returning notification_id
    ), counted as (
      update notification set actor_count = actor_count - gone.count
      from (select notification_id, count(*)::int as count from removed group by notification_id) as gone
      where notification.id = gone.notification_id)
    select notification_id as "notificationId" from removed`);
  // Nobody sees one without actors, and it may name the post.
  const lessened = removed.flatMap(({ notificationId }) => notificationId ?? []);
  await tx.$executeRaw(sql`
    delete from notification where id = any(${lessened}::text[]) and actor_count <= 0`);
  return removed.length < BATCH;
}
