import { cursorCodec, keyset, type Page, type PageArgs, readPage, toConnection } from '@chorus/kit/connections';
import { isId } from '@chorus/kit/ids';
import { batchOne, batchPages } from '@chorus/kit/loaders';
import { sql, type SqlClient } from '@chorus/kit/sql';
import type { Viewer } from '@chorus/kit/viewer';
import type { CommentConnectionModel, CommentRow } from './comment.model.ts';
import { visibleComment } from './comment.policy.ts';

const cursors = cursorCodec('Post.comments', ['time', 'string']);

interface CommentPosition {
  postId: string;
  id: string;
  createdAt: Date;
}

/** The reads of comments in one operation. */
export interface CommentLoaders {
  /** Null when there is no such comment or the viewer may not see it. */
  byId(id: string): Promise<CommentRow | null>;
  /**
   * A post's comments, oldest first.
   * @throws GraphQLError BAD_USER_INPUT, CURSOR_INVALID
   */
  ofPost(postId: string, args: PageArgs): Promise<CommentConnectionModel>;
}

export function createCommentLoaders(db: SqlClient, viewer: Viewer): CommentLoaders {
  const comments = batchOne({
    name: 'comment',
    load: (ids: readonly string[]) =>
      db.$queryRaw<CommentRow[]>(sql`
        select comment.id, comment.post_id as "postId", comment.author_id as "authorId",
          comment.reply_to_id as "replyToId", comment.text, comment.mention_ids as "mentionIds", comment.created_at as "createdAt"
        from comment join post on post.id = comment.post_id
        where comment.id = any(${ids}::text[]) and ${visibleComment(viewer)}`),
    keyOf: (row) => row.id,
  });

  const pages = batchPages({
    name: 'comments of posts',
    async load(postIds: readonly string[], page: Page) {
      const within = keyset({ columns: ['comment.created_at', 'comment.id'], order: 'asc' }, page);
      const whole = keyset({ columns: ['found.created_at', 'found.id'], order: 'asc' }, page);
      const rows = await db.$queryRaw<CommentPosition[]>(sql`
        select post.id as "postId", found.id, found.created_at as "createdAt"
        from post cross join lateral (
          select comment.id, comment.created_at from comment
          where comment.post_id = post.id and ${visibleComment(viewer)}${within.where}
          ${within.orderBy} ${within.limit}) as found
        where post.id = any(${postIds}::text[])
        ${whole.orderBy}`);
      const byPost = Map.groupBy(rows, (row) => row.postId);
      return postIds.map((postId) => ({
        postId,
        ...toConnection(byPost.get(postId) ?? [], page, (row) => ({
          cursor: cursors.encode([row.createdAt, row.id]),
          commentId: row.id,
        })),
      }));
    },
  });

  return {
    byId: async (id) => (isId('cmt', id) ? comments.load(id) : null),
    ofPost: (postId, args) => pages(postId, readPage(args, cursors)),
  };
}
