import { type Sql, sql } from '@chorus/kit/sql';
import type { Viewer } from '@chorus/kit/viewer';

/**
 * Which rows of `post` the viewer may see, as a condition. Every statement that reads posts, or writes because of one,
 * holds it; today it does not depend on the viewer.
 */
export const visible = (_viewer: Viewer): Sql => sql`post.deleted_at is null`;
