import { shown } from '@chorus/kit/accounts';
import { raw, type Sql, sql } from '@chorus/kit/sql';
import type { Viewer } from '@chorus/kit/viewer';
import { unblocked } from '../block/block.policy.ts';

/**
 * Whether the viewer may see what an author posts, as a condition: the account is not hidden, no block stands between
 * them, and the account is public, followed by the viewer, or the viewer's own.
 * @param column with the author's id, never from a client
 */
export const readable = (viewer: Viewer, column: string): Sql => {
  const author = raw(column);
  const isPublic = sql`not exists (select from private_author p where p.author_id = ${author} and p.active)`;
  const { userId } = viewer;
  if (userId === null) return sql`${shown(column)} and ${isPublic}`;
  return sql`${shown(column)} and (${isPublic} or ${author} = ${userId} or exists (
    select from follow_edge f where f.follower_id = ${userId} and f.followee_id = ${author} and f.active
  ))${unblocked(viewer, column)}`;
};

/** Which rows of `post` anybody sees who may read their author. */
export const standing: Sql = sql`post.deleted_at is null`;

/**
 * Which rows of `post` the viewer may see, as a condition. Every statement that reads posts, or writes because of one,
 * holds it, or its two halves: `readable` once for each author and `standing` for each post.
 */
export const visible = (viewer: Viewer): Sql => sql`${standing} and ${readable(viewer, 'post.author_id')}`;
