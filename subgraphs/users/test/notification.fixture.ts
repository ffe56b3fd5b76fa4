import { newId } from '@chorus/kit/ids';
import { publishEvent, settle } from '@chorus/kit/testing';
import type { Viewer } from '@chorus/kit/viewer';
import type { EventName, Events } from '@chorus/schema/events';
import type { Fixture } from './fixture.ts';

export type Person = Viewer & { userId: string };

export interface Shown {
  id: string;
  type: string;
  actors: { id: string }[];
  actorCount: number;
  isSeen: boolean;
  isRead: boolean;
  post: { nodeId: string } | null;
  comment: { nodeId: string } | null;
  room: { nodeId: string } | null;
  device: string | null;
  address: string | null;
}

export const FIELDS = `id type actors { id } actorCount isSeen isRead device address
  post { nodeId } comment { nodeId } room { nodeId }`;
const LIST = `query ($first: Int) {
  notifications(first: $first) { unseenCount eventCursor edges { cursor node { ${FIELDS} } } }
}`;

/** Events as other subgraphs emit them, and what comes of them. */
export function notificationsOf(users: Fixture) {
  let version = 0n;
  /** An event that was published before any that is waited for. */
  const publish = <Name extends EventName>(name: Name, aggregate: string, payload: Events[Name], at = ++version) =>
    publishEvent(users.redis, { name, aggregate, version: at, payload });

  const list = async (viewer: Viewer, first = 20) =>
    (
      await users.ask<{
        notifications: { unseenCount: number; eventCursor: string; edges: { cursor: string; node: Shown }[] };
      }>(viewer, LIST, { first })
    ).notifications;
  const shown = async (viewer: Viewer) => (await list(viewer)).edges.map(({ node }) => node);

  return {
    publish,
    list,
    shown,
    /** Somebody likes a post, or no longer does. */
    like: (post: { id: string; author: Person }, { userId }: Person, options: Partial<LikeOptions> = {}) => {
      const { active = true, at = ++version, since = new Date().toISOString() } = options;
      const payload = { postId: post.id, authorId: post.author.userId, userId, active, since };
      return publish('like.changed', `like:${post.id}:${userId}`, payload, at);
    },
    comment(post: { id: string; author: Person }, { userId }: Person, options: Partial<CommentOptions> = {}) {
      const { id = newId('cmt'), to = null, mentioned = [], since = new Date().toISOString() } = options;
      return publish('comment.created', id, {
        commentId: id,
        postId: post.id,
        postAuthorId: post.author.userId,
        authorId: userId,
        replyToId: to?.id ?? null,
        replyToAuthorId: to?.author.userId ?? null,
        mentionedIds: mentioned.map((person) => person.userId),
        createdAt: since,
      });
    },
    newVersion: () => ++version,
    /** Resolves once all that was put on the stream of posts has been applied. */
    async applied(source = 'posts') {
      const [last] = await users.redis.xrevrange(`chorus:events:${source}`, '+', '-', 'COUNT', 1);
      await settle(async () => (await users.db.eventPosition.findFirst({ where: { source } }))?.entry === last?.[0], {
        what: `all events of ${source}`,
      });
    },
    /** Resolves once this many notifications are shown. */
    settled: (viewer: Viewer, count: number) =>
      settle(async () => {
        const nodes = await shown(viewer);
        return nodes.length === count && nodes;
      }),
  };
}

interface LikeOptions {
  active: boolean;
  at: bigint;
  since: string;
}
interface CommentOptions {
  id: string;
  to: { id: string; author: Person };
  mentioned: Person[];
  since: string;
}

export const newPost = (author: Person) => ({ id: newId('pst'), author });
