import { requireOpenAccount } from '@chorus/kit/accounts';
import { transact } from '@chorus/kit/database';
import { record, type Relay } from '@chorus/kit/events';
import type { Caller, Limits } from '@chorus/kit/limits';
import { type Database, sql, type SqlClient } from '@chorus/kit/sql';
import { visible } from '../post/post.policy.ts';
import { slotOf } from '../slots.ts';

export interface LikeService {
  /**
   * Likes a post, once; nothing happens to one that the viewer does not see.
   * @throws GraphQLError UNAUTHENTICATED, RATE_LIMITED
   */
  like(caller: Caller, userId: string, postId: string): Promise<void>;
  /** Takes a like back if there is one. */
  unlike(caller: Caller, userId: string, postId: string): Promise<void>;
}

/** A like that really came or went. */
interface Changed {
  authorId: string;
  since: Date;
}

/** The count moves, and others are told, only with a row that was really added or removed: all in its transaction. */
export function createLikeService(options: { db: Database; relay: Relay; limits: Limits<'likePost'> }): LikeService {
  const { db, relay, limits } = options;

  const change = async (
    { userId, postId, active }: { userId: string; postId: string; active: boolean },
    run: (tx: SqlClient) => Promise<Changed[]>,
  ): Promise<void> => {
    const changed = await transact(db, async (tx) => {
      if (active) await requireOpenAccount(tx, userId);
      const [row] = await run(tx);
      if (row === undefined) return false;
      const payload = { postId, authorId: row.authorId, userId, active, since: row.since.toISOString() };
      await record(tx, 'like.changed', `like:${postId}:${userId}`, payload);
      return true;
    });
    if (changed) relay.wake();
  };

  return {
    async like(caller, userId, postId) {
      await limits.take(caller, 'likePost');
      await change({ userId, postId, active: true }, (tx) =>
        tx.$queryRaw(sql`
          with target as (
            select id, author_id from post where post.id = ${postId} and ${visible(caller.viewer)}
          ), added as (
            insert into post_like (post_id, user_id) select id, ${userId} from target on conflict do nothing
            returning post_id, created_at
          ), counted as (
            insert into post_counter as counter (post_id, slot, likes)
            select post_id, ${slotOf(userId)}, 1 from added
            on conflict (post_id, slot) do update set likes = counter.likes + 1
          )
          select target.author_id as "authorId", added.created_at as since from added join target on id = post_id`),
      );
    },
    async unlike({ viewer }, userId, postId) {
      await change({ userId, postId, active: false }, (tx) =>
        tx.$queryRaw(sql`
          with removed as (
            delete from post_like using post
            where post_id = post.id and user_id = ${userId} and post.id = ${postId} and ${visible(viewer)}
            returning post_id, post.author_id
          ), counted as (
            update post_counter as counter set likes = likes - 1
            from removed where counter.post_id = removed.post_id and slot = ${slotOf(userId)}
          )
          select author_id as "authorId", now() as since from removed`),
      );
    },
  };
}
