import { batchOne } from '@chorus/kit/loaders';
import { sql, type SqlClient } from '@chorus/kit/sql';
import type { Viewer } from '@chorus/kit/viewer';

export interface LikeLoaders {
  /** Whether the viewer likes a post; null when nobody is signed in. */
  viewerHasLiked(postId: string): Promise<boolean | null>;
}

export function createLikeLoaders(db: SqlClient, viewer: Viewer): LikeLoaders {
  const likes = batchOne({
    name: 'viewer likes',
    load: (ids: readonly string[]) =>
      db.$queryRaw<{ postId: string }[]>(sql`
        select post_id as "postId" from post_like where user_id = ${viewer.userId} and post_id = any(${ids}::text[])`),
    keyOf: (row) => row.postId,
  });
  return {
    viewerHasLiked: async (postId) => (viewer.userId === null ? null : (await likes.load(postId)) !== null),
  };
}
