import { requireOpenAccount } from '@chorus/kit/accounts';
import { readAttachments } from '@chorus/kit/attachments';
import { record, type Relay } from '@chorus/kit/events';
import { once } from '@chorus/kit/idempotency';
import { newId } from '@chorus/kit/ids';
import type { Caller, Limits } from '@chorus/kit/limits';
import { type Database, sql, type SqlClient } from '@chorus/kit/sql';
import { readText } from '@chorus/kit/text';
import { readAuthorship } from '../authorship.ts';
import { readMentions } from '../mentions.ts';
import type { CreatePostInput } from '../__generated__/resolvers.ts';
import { slotOf } from '../slots.ts';

const MAX_ATTACHMENTS = 4;

export interface PostService {
  /**
   * @returns the id of the new post, or of the one that the same key and input made before
   * @throws GraphQLError UNAUTHENTICATED, FORBIDDEN, BAD_USER_INPUT, IDEMPOTENCY_CONFLICT, RATE_LIMITED
   */
  create(caller: Caller, input: CreatePostInput): Promise<string>;
}

export function createPostService(options: {
  db: Database;
  relay: Relay;
  limits: Limits<'createPost'>;
  attachmentKey: string;
}): PostService {
  const { db, relay, limits, attachmentKey } = options;

  const insert = async (tx: SqlClient, post: NewPost): Promise<string> => {
    await requireOpenAccount(tx, post.authorId);
    const id = newId('pst');
    const [row] = await tx.$queryRaw<{ createdAt: Date; isPrivate: boolean }[]>(sql`
      insert into post (id, author_id, text, media_ids, mention_ids, created_at)
      values (${id}, ${post.authorId}, ${post.text}, ${post.mediaIds}, ${post.mentionIds ?? []},
              coalesce(${post.createdAt}::timestamptz, now()))
      returning created_at as "createdAt",
        exists (select from private_author where author_id = post.author_id and active) as "isPrivate"`);
    if (row === undefined) throw new Error('the insert returned no row');
    await tx.$executeRaw(sql`
      insert into author_counter as counter (author_id, slot, posts) values (${post.authorId}, ${slotOf(id)}, 1)
      on conflict (author_id, slot) do update set posts = counter.posts + 1`);
    await record(tx, 'post.created', id, {
      postId: id,
      authorId: post.authorId,
      mediaIds: post.mediaIds,
      visibility: row.isPrivate ? 'FOLLOWERS' : 'PUBLIC',
      createdAt: row.createdAt.toISOString(),
      ...(post.mentionIds && { mentionedIds: post.mentionIds }),
    });
    return id;
  };

  return {
    async create(caller, input) {
      const authorship = readAuthorship(caller.viewer, input.createdAt);
      const owner = authorship.authorId;
      const tokens = input.attachments ?? [];
      const text = readText('input.text', input.text, { min: tokens.length > 0 ? 0 : 1, max: 5000 });
      const attached = { field: 'input.attachments', tokens, owner, max: MAX_ATTACHMENTS };
      const mediaIds = await readAttachments(attachmentKey, attached);
      const mentionIds = readMentions('input.mentionIds', input.mentionIds);
      // Left out where there are none, as by the version before: the same input stays the same when it comes again.
      const post: NewPost = { ...authorship, text, mediaIds, ...(mentionIds.length > 0 && { mentionIds }) };
      await limits.take(caller, 'createPost');
      // Media ids, not tokens: a client may fetch a new token for the same upload before it tries again.
      const write = { viewerId: owner, mutation: 'createPost', key: input.idempotencyKey, input: post };
      const id = await db.$transaction((tx) => once(tx, write, () => insert(tx, post)));
      relay.wake();
      return id;
    },
  };
}

interface NewPost {
  authorId: string;
  createdAt: Date | null;
  text: string;
  mediaIds: string[];
  mentionIds?: string[];
}
