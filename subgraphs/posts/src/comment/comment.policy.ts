import { shown } from '@chorus/kit/accounts';
import { type Sql, sql } from '@chorus/kit/sql';
import type { Viewer } from '@chorus/kit/viewer';
import { unblocked } from '../block/block.policy.ts';
import { visible } from '../post/post.policy.ts';

/** Which rows of `comment`, joined with their `post`, the viewer may see: those of visible posts by visible authors. */
export const visibleComment = (viewer: Viewer): Sql =>
  sql`comment.deleted_at is null and ${visible(viewer)}
    and ${shown('comment.author_id')}${unblocked(viewer, 'comment.author_id')}`;
