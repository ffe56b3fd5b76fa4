import { requireOpenAccount } from '@chorus/kit/accounts';
import { notFound } from '@chorus/kit/errors';
import { record, type Relay } from '@chorus/kit/events';
import { once } from '@chorus/kit/idempotency';
import { isId, newId } from '@chorus/kit/ids';
import type { Caller, Limits } from '@chorus/kit/limits';
import { type Database, sql, type SqlClient } from '@chorus/kit/sql';
import { readText } from '@chorus/kit/text';
import type { Viewer } from '@chorus/kit/viewer';
import { readAuthorship } from '../authorship.ts';
import { readMentions } from '../mentions.ts';
import type { CreateCommentInput } from '../__generated__/resolvers.ts';
import { visible } from '../post/post.policy.ts';
import { slotOf } from '../slots.ts';
import { visibleComment } from './comment.policy.ts';

export interface CommentService {
  /**
   * @returns the id of the new comment, or of the one that the same key and input made before
   * @throws GraphQLError UNAUTHENTICATED, FORBIDDEN, BAD_USER_INPUT, NOT_FOUND, IDEMPOTENCY_CONFLICT,
   *   RATE_LIMITED
   */
  create(caller: Caller, input: CreateCommentInput): Promise<string>;
}

export function createCommentService(options: {
  db: Database;
  relay: Relay;
  limits: Limits<'createComment'>;
}): CommentService {
  const { db, relay, limits } = options;

  /** Whom a reply answers. */
  const authorOf = async (tx: SqlClient, viewer: Viewer, { replyToId, postId }: NewComment) => {
    if (replyToId === undefined) return null;
    const [row] = await tx.$queryRaw<{ authorId: string }[]>(sql`
      select comment.author_id as "authorId" from comment join post on post.id = comment.post_id
      where comment.id = ${replyToId} and post.id = ${postId} and ${visibleComment(viewer)}`);
    if (row === undefined) throw notFound('This comment', 'input.replyToId');
    return row.authorId;
  };

  const insert = async (tx: SqlClient, viewer: Viewer, comment: NewComment): Promise<string> => {
    await requireOpenAccount(tx, comment.authorId);
    const id = newId('cmt');
    const { postId, authorId, replyToId = null, mentionIds = [] } = comment;
    const replyToAuthorId = await authorOf(tx, viewer, comment);
    const [row] = await tx.$queryRaw<{ postAuthorId: string; createdAt: Date }[]>(sql`
      with target as (select id, author_id from post where post.id = ${postId} and ${visible(viewer)})
      insert into comment (id, post_id, author_id, reply_to_id, text, mention_ids, created_at)
      select ${id}, target.id, ${authorId}, ${replyToId}, ${comment.text}, ${mentionIds},
             coalesce(${comment.createdAt}::timestamptz, now())
      from target
      returning (select author_id from target) as "postAuthorId", created_at as "createdAt"`);
    if (row === undefined) throw notFound('This post', 'input.postId');
    await tx.$executeRaw(sql`
      insert into post_counter as counter (post_id, slot, comments) values (${comment.postId}, ${slotOf(id)}, 1)
      on conflict (post_id, slot) do update set comments = counter.comments + 1`);
    await record(tx, 'comment.created', id, {
      commentId: id,
      postId,
      postAuthorId: row.postAuthorId,
      authorId,
      replyToId,
      replyToAuthorId,
      mentionedIds: mentionIds,
      createdAt: row.createdAt.toISOString(),
    });
    return id;
  };

  return {
    async create(caller, input) {
      const { viewer } = caller;
      const authorship = readAuthorship(viewer, input.createdAt);
      const text = readText('input.text', input.text, { min: 1, max: 2000 });
      if (!isId('pst', input.postId)) throw notFound('This post', 'input.postId');
      const { postId, replyToId } = input;
      if (replyToId != null && !isId('cmt', replyToId)) throw notFound('This comment', 'input.replyToId');
      const mentionIds = readMentions('input.mentionIds', input.mentionIds);
      // What is not given is left out, as by the version before: the same input stays the same when it comes again.
      const comment: NewComment = {
        ...authorship,
        postId,
        text,
        ...(replyToId != null && { replyToId }),
        ...(mentionIds.length > 0 && { mentionIds }),
      };
      await limits.take(caller, 'createComment');
      const write = {
        viewerId: authorship.authorId,
        mutation: 'createComment',
        key: input.idempotencyKey,
        input: comment,
      };
      const id = await db.$transaction((tx) => once(tx, write, () => insert(tx, viewer, comment)));
      relay.wake();
      return id;
    },
  };
}

interface NewComment {
  authorId: string;
  createdAt: Date | null;
  postId: string;
  replyToId?: string;
  text: string;
  mentionIds?: string[];
}
