import { type Sql, sql } from '@chorus/kit/sql';
import type { Viewer } from '@chorus/kit/viewer';
import { unblocked } from '../block/block.policy.ts';

/** Posts of a private account are for those who follow it, and for itself. */
const shared = ({ userId }: Viewer): Sql => {
  const isPublic = sql`not exists (select from private_author where author_id = post.author_id and private_author.active)`;
  if (userId === null) return isPublic;
  return sql`(${isPublic} or post.author_id = ${userId} or exists (
    select from follow_edge where follower_id = ${userId} and followee_id = post.author_id and follow_edge.active))`;
};

/**
 * Which rows of `post` the viewer may see, as a condition. Every statement that reads posts, or writes because of one,
 * holds it.
 */
export const visible = (viewer: Viewer): Sql =>
  sql`post.deleted_at is null${unblocked(viewer, 'post.author_id')} and ${shared(viewer)}`;
