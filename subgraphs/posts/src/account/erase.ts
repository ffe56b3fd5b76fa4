import type { Erasing } from '@chorus/kit/accounts';
import { sql, type SqlClient } from '@chorus/kit/sql';
import { slotOf } from '../slots.ts';

/** Rows that one step deletes; of posts fewer, for their counters go with them. */
const BATCH = 1000;
const POSTS = 100;

/** Deletes the next rows of one kind, and returns how many. */
type Step = (tx: SqlClient, accountId: string) => Promise<number>;

const count = async (rows: Promise<{ count: number }[]>): Promise<number> => (await rows)[0]?.count ?? 0;

/** Likes of others' posts, with their counts. */
const likes: Step = (tx, id) =>
  count(
    tx.$queryRaw(sql`
      with removed as (
        delete from post_like
        where (post_id, user_id) in (select post_id, user_id from post_like where user_id = ${id} limit ${BATCH})
        returning post_id
      ), counted as (
        update post_counter set likes = likes - 1 from removed
        where post_counter.post_id = removed.post_id and slot = ${slotOf(id)})
      select count(*)::int as count from removed`),
  );

/** Comments on others' posts, likewise; the slot is that of `slotOf`. */
const comments: Step = (tx, id) =>
  count(
    tx.$queryRaw(sql`
      with removed as (
        delete from comment where id in (select id from comment where author_id = ${id} limit ${BATCH})
        returning id, post_id, deleted_at
      ), sums as (
        select post_id, ('x' || right(id, 1))::bit(4)::int as slot, count(*)::int as comments
        from removed where deleted_at is null group by post_id, slot
      ), counted as (
        update post_counter set comments = post_counter.comments - sums.comments from sums
        where post_counter.post_id = sums.post_id and post_counter.slot = sums.slot)
      select count(*)::int as count from removed`),
  );

/** What others left under the account's posts, and then the posts, whose counts go with them. */
const likesOfPosts: Step = (tx, id) =>
  tx.$executeRaw(sql`
    delete from post_like where (post_id, user_id) in (
      select post_id, user_id from post_like join post on post.id = post_id where author_id = ${id} limit ${BATCH})`);
const commentsOnPosts: Step = (tx, id) =>
  tx.$executeRaw(sql`
    delete from comment where id in (
      select comment.id from comment join post on post.id = post_id where post.author_id = ${id} limit ${BATCH})`);
const posts: Step = (tx, id) =>
  tx.$executeRaw(sql`
    delete from post where id in (select id from post where author_id = ${id} limit ${POSTS})`);
const postCounts: Step = (tx, id) => tx.$executeRaw(sql`delete from author_counter where author_id = ${id}`);

/** What is known of the account's relations with others. */
const follows: Step = (tx, id) =>
  tx.$executeRaw(sql`
    delete from follow_edge where (follower_id, followee_id) in (
      select follower_id, followee_id from follow_edge where ${id} in (follower_id, followee_id) limit ${BATCH})`);
const blocks: Step = (tx, id) =>
  tx.$executeRaw(sql`
    delete from block_edge where (blocker_id, blocked_id) in (
      select blocker_id, blocked_id from block_edge where ${id} in (blocker_id, blocked_id) limit ${BATCH})`);
const mutes: Step = (tx, id) =>
  tx.$executeRaw(sql`
    delete from mute_edge where (muter_id, muted_id) in (
      select muter_id, muted_id from mute_edge where ${id} in (muter_id, muted_id) limit ${BATCH})`);
const privacy: Step = (tx, id) => tx.$executeRaw(sql`delete from private_author where author_id = ${id}`);

const steps = [likes, comments, likesOfPosts, commentsOnPosts, posts, postCounts, follows, blocks, mutes, privacy];

/** One step towards nothing left of an account. */
export async function eraseAccount(tx: SqlClient, accountId: string): Promise<Erasing> {
  for (const step of steps) if ((await step(tx, accountId)) > 0) return 'more';
  return 'done';
}
