import { cursorCodec, keyset, type PageArgs, readPage, toConnection } from '@chorus/kit/connections';
import { sql, type SqlClient } from '@chorus/kit/sql';
import type { Viewer } from '@chorus/kit/viewer';
import type { PostConnectionModel, PostPosition } from '../post/post.model.ts';
import { readable, standing } from '../post/post.policy.ts';

const cursors = cursorCodec('homeTimeline', ['time', 'string']);

export interface TimelineLoaders {
  /**
   * Posts of those whom the user follows and does not mute, and the user's own, latest first.
   * @throws GraphQLError BAD_USER_INPUT, CURSOR_INVALID
   */
  home(userId: string, args: PageArgs): Promise<PostConnectionModel>;
}

/** The page of each followee, from the index on author and time, and then the page of those: no author is read to the end. */
export function createTimelineLoaders(db: SqlClient, viewer: Viewer): TimelineLoaders {
  return {
    async home(userId, args) {
      const page = readPage(args, cursors);
      const within = keyset({ columns: ['post.created_at', 'post.id'], order: 'desc' }, page);
      const whole = keyset({ columns: ['found.created_at', 'found.id'], order: 'desc' }, page);
      const rows = await db.$queryRaw<PostPosition[]>(sql`
        with someone as (
          select followee_id as id from follow_edge where follower_id = ${userId} and active
          and not exists (select from mute_edge where muter_id = ${userId} and muted_id = followee_id and mute_edge.active)
          union select ${userId}
        ), author as materialized (select id from someone where ${readable(viewer, 'someone.id')})
        select found.id, found.created_at as "createdAt"
        from author cross join lateral (
          select post.id, post.created_at from post
          where post.author_id = author.id and ${standing}${within.where}
          ${within.orderBy} ${within.limit}) as found
        ${whole.orderBy} ${whole.limit}`);
      return toConnection(rows, page, (row) => ({
        cursor: cursors.encode([row.createdAt, row.id]),
        postId: row.id,
      }));
    },
  };
}
