import { type Sql, sql } from '@chorus/kit/sql';
import type { Viewer } from '@chorus/kit/viewer';
import { unblocked } from '../block/block.policy.ts';

/**
 * Which rows of `post` the viewer may see, as a condition. Every statement that reads posts, or writes because of one,
 * holds it.
 */
export const visible = (viewer: Viewer): Sql => sql`post.deleted_at is null${unblocked(viewer, 'post.author_id')}`;
