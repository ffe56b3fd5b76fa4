import { notFound } from '@chorus/kit/errors';
import { once } from '@chorus/kit/idempotency';
import { isId, newId } from '@chorus/kit/ids';
import type { Caller, Limits } from '@chorus/kit/limits';
import { type Database, sql, type SqlClient } from '@chorus/kit/sql';
import { readText } from '@chorus/kit/text';
import type { Viewer } from '@chorus/kit/viewer';
import { readAuthorship } from '../authorship.ts';
import type { CreateCommentInput } from '../__generated__/resolvers.ts';
import { visible } from '../post/post.policy.ts';
import { slotOf } from '../slots.ts';

export interface CommentService {
  /**
   * @returns the id of the new comment, or of the one that the same key and input made before
   * @throws GraphQLError UNAUTHENTICATED, FORBIDDEN, BAD_USER_INPUT, NOT_FOUND, IDEMPOTENCY_CONFLICT,
   *   RATE_LIMITED
   */
  create(caller: Caller, input: CreateCommentInput): Promise<string>;
}

export function createCommentService(options: { db: Database; limits: Limits<'createComment'> }): CommentService {
  const { db, limits } = options;

  const insert = async (tx: SqlClient, viewer: Viewer, comment: NewComment): Promise<string> => {
    const id = newId('cmt');
    const added = await tx.$executeRaw(sql`
      insert into comment (id, post_id, author_id, text, created_at)
      select ${id}, post.id, ${comment.authorId}, ${comment.text}, coalesce(${comment.createdAt}::timestamptz, now())
      from post where post.id = ${comment.postId} and ${visible(viewer)}`);
    if (added === 0) throw notFound('This post', 'input.postId');
    await tx.$executeRaw(sql`
      insert into post_counter as counter (post_id, slot, comments) values (${comment.postId}, ${slotOf(id)}, 1)
      on conflict (post_id, slot) do update set comments = counter.comments + 1`);
    return id;
  };

  return {
    async create(caller, input) {
      const { viewer } = caller;
      const authorship = readAuthorship(viewer, input.createdAt);
      const text = readText('input.text', input.text, { min: 1, max: 2000 });
      if (!isId('pst', input.postId)) throw notFound('This post', 'input.postId');
      const comment: NewComment = { ...authorship, postId: input.postId, text };
      await limits.take(caller, 'createComment');
      const write = {
        viewerId: authorship.authorId,
        mutation: 'createComment',
        key: input.idempotencyKey,
        input: comment,
      };
      return db.$transaction((tx) => once(tx, write, () => insert(tx, viewer, comment)));
    },
  };
}

interface NewComment {
  authorId: string;
  createdAt: Date | null;
  postId: string;
  text: string;
}
