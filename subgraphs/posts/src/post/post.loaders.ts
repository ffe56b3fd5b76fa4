import { isId } from '@chorus/kit/ids';
import { batchOne } from '@chorus/kit/loaders';
import { sql, type SqlClient } from '@chorus/kit/sql';
import type { Viewer } from '@chorus/kit/viewer';
import type { PostRow } from './post.model.ts';
import { visible } from './post.policy.ts';

interface CountsRow {
  postId: string;
  likes: number;
  comments: number;
}

/** The reads of posts in one operation. */
export interface PostLoaders {
  /** Null when there is no such post or the viewer may not see it. */
  byId(id: string): Promise<PostRow | null>;
  counts(id: string): Promise<{ likes: number; comments: number }>;
}

export function createPostLoaders(db: SqlClient, viewer: Viewer): PostLoaders {
  const posts = batchOne({
    name: 'post',
    load: (ids: readonly string[]) =>
      db.$queryRaw<PostRow[]>(sql`
        select id, author_id as "authorId", text, media_ids as "mediaIds", mention_ids as "mentionIds",
          created_at as "createdAt"
        from post where id = any(${ids}::text[]) and ${visible(viewer)}`),
    keyOf: (row) => row.id,
  });
  const counts = batchOne({
    name: 'post counts',
    load: (ids: readonly string[]) =>
      db.$queryRaw<CountsRow[]>(sql`
        select post_id as "postId", greatest(sum(likes), 0)::int as likes, greatest(sum(comments), 0)::int as comments
        from post_counter where post_id = any(${ids}::text[]) group by post_id`),
    keyOf: (row) => row.postId,
  });
  return {
    byId: async (id) => (isId('pst', id) ? posts.load(id) : null),
    counts: async (id) => (await counts.load(id)) ?? { likes: 0, comments: 0 },
  };
}
