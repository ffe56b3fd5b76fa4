import { cursorCodec, keyset, type Page, type PageArgs, readPage, toConnection } from '@chorus/kit/connections';
import { batchOne, batchPages } from '@chorus/kit/loaders';
import { sql, type SqlClient } from '@chorus/kit/sql';
import type { Viewer } from '@chorus/kit/viewer';
import type { PostConnectionModel, PostPosition } from '../post/post.model.ts';
import { readable, standing } from '../post/post.policy.ts';

const cursors = cursorCodec('User.posts', ['time', 'string']);

/** The reads of what authors wrote in one operation. */
export interface AuthorLoaders {
  postCount(authorId: string): Promise<number>;
  /**
   * An author's posts, latest first.
   * @throws GraphQLError BAD_USER_INPUT, CURSOR_INVALID
   */
  posts(authorId: string, args: PageArgs): Promise<PostConnectionModel>;
}

export function createAuthorLoaders(db: SqlClient, viewer: Viewer): AuthorLoaders {
  const counts = batchOne({
    name: 'post count',
    load: (ids: readonly string[]) =>
      db.$queryRaw<{ authorId: string; posts: number }[]>(sql`
        select author_id as "authorId", greatest(sum(posts), 0)::int as posts
        from author_counter where author_id = any(${ids}::text[]) group by author_id`),
    keyOf: (row) => row.authorId,
  });

  const pages = batchPages({
    name: 'posts of authors',
    async load(authorIds: readonly string[], page: Page) {
      const within = keyset({ columns: ['post.created_at', 'post.id'], order: 'desc' }, page);
      const whole = keyset({ columns: ['found.created_at', 'found.id'], order: 'desc' }, page);
      const rows = await db.$queryRaw<(PostPosition & { authorId: string })[]>(sql`
        select author.id as "authorId", found.id, found.created_at as "createdAt"
        from unnest(${authorIds}::text[]) as author (id) cross join lateral (
          select post.id, post.created_at from post
          where post.author_id = author.id and ${standing}${within.where}
          ${within.orderBy} ${within.limit}) as found
        where ${readable(viewer, 'author.id')}
        ${whole.orderBy}`);
      const byAuthor = Map.groupBy(rows, (row) => row.authorId);
      return authorIds.map((id) =>
        toConnection(byAuthor.get(id) ?? [], page, (row) => ({
          cursor: cursors.encode([row.createdAt, row.id]),
          postId: row.id,
        })),
      );
    },
  });

  return {
    postCount: async (authorId) => (await counts.load(authorId))?.posts ?? 0,
    posts: (authorId, args) => pages(authorId, readPage(args, cursors)),
  };
}
