import type { Caller, Limits } from '@chorus/kit/limits';
import { sql, type SqlClient } from '@chorus/kit/sql';
import { visible } from '../post/post.policy.ts';
import { slotOf } from '../slots.ts';

export interface LikeService {
  /**
   * Likes a post, once; nothing happens to one that the viewer does not see.
   * @throws GraphQLError RATE_LIMITED
   */
  like(caller: Caller, userId: string, postId: string): Promise<void>;
  /** Takes a like back if there is one. */
  unlike(caller: Caller, userId: string, postId: string): Promise<void>;
}

/** Both are one statement each: the count moves only with a row that was really added or removed. */
export function createLikeService(options: { db: SqlClient; limits: Limits<'likePost'> }): LikeService {
  const { db, limits } = options;
  return {
    async like(caller, userId, postId) {
      await limits.take(caller, 'likePost');
      await db.$executeRaw(sql`
        with added as (
          insert into post_like (post_id, user_id)
          select post.id, ${userId} from post where post.id = ${postId} and ${visible(caller.viewer)}
          on conflict do nothing
          returning post_id)
        insert into post_counter as counter (post_id, slot, likes) select post_id, ${slotOf(userId)}, 1 from added
        on conflict (post_id, slot) do update set likes = counter.likes + 1`);
    },
    async unlike({ viewer }, userId, postId) {
      await db.$executeRaw(sql`
        with removed as (
          delete from post_like using post
          where post_id = post.id and user_id = ${userId} and post.id = ${postId} and ${visible(viewer)}
          returning post_id)
        update post_counter as counter set likes = likes - 1
        from removed where counter.post_id = removed.post_id and slot = ${slotOf(userId)}`);
    },
  };
}
