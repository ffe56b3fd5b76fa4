import type { EventName, Events } from '@chorus/schema/events';

/** People who do things, and those who wrote the posts among them. */
export const PEOPLE = 10_000;
const POSTS = 2000;
const AUTHORS = 500;

/** One event, and the row of it that a bare upsert writes. */
export interface Happened {
  name: EventName;
  aggregate: string;
  payload: Events[EventName];
  /** What makes rows the same. */
  key: string;
  row: {
    actorId: string;
    recipientId: string;
    type: string;
    targetId: string;
    /** Null where it was taken back. */
    notificationId: string | null;
    commentId: string | null;
    seq: number;
    at: string;
  };
}

export const idOf = (prefix: string, n: number): string => `${prefix}_0198${n.toString(16).padStart(28, '0')}`;

/** The same numbers each time, 0 to 1. */
function createRandom(): () => number {
  let state = 1;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/**
 * Four likes and a comment, over and over, by anybody on posts of which few get most, as a busy minute brings them; each
 * twentieth like takes an earlier one back.
 */
export function happened(count: number): Happened[] {
  const random = createRandom();
  const liked: { person: number; post: number }[] = [];
  return Array.from({ length: count }, (_, n) => {
    const at = new Date(Date.UTC(2026, 0, 31) + n * 10).toISOString();
    // Cubed: half of everything is on an eighth of the posts.
    const post = Math.floor(random() ** 3 * POSTS);
    const person = AUTHORS + Math.floor(random() * (PEOPLE - AUTHORS));
    if (n % 5 === 4) return comment(n, { person, post, at });
    const back = n % 100 === 99 || n % 20 === 13 ? liked[Math.floor(random() * liked.length)] : undefined;
    if (back === undefined) liked.push({ person, post });
    return like(n, { ...(back ?? { person, post }), at, active: back === undefined });
  });
}

interface Deed {
  person: number;
  post: number;
  at: string;
}

function like(n: number, { person, post, at, active }: Deed & { active: boolean }): Happened {
  const [postId, userId, authorId] = [idOf('pst', post), idOf('usr', person), idOf('usr', post % AUTHORS)];
  return {
    name: 'like.changed',
    aggregate: `like:${postId}:${userId}`,
    payload: { postId, authorId, userId, active, since: at },
    key: `LIKE ${postId} ${userId}`,
    row: {
      actorId: userId,
      recipientId: authorId,
      type: 'LIKE',
      targetId: postId,
      notificationId: active ? idOf('ntf', post) : null,
      commentId: null,
      seq: n + 1,
      at,
    },
  };
}

function comment(n: number, { person, post, at }: Deed): Happened {
  const [postId, userId, postAuthorId] = [idOf('pst', post), idOf('usr', person), idOf('usr', post % AUTHORS)];
  const commentId = idOf('cmt', n);
  return {
    name: 'comment.created',
    aggregate: commentId,
    payload: {
      commentId,
      postId,
      postAuthorId,
      authorId: userId,
      replyToId: null,
      replyToAuthorId: null,
      mentionedIds: [],
      createdAt: at,
    },
    key: `COMMENT ${postId} ${userId}`,
    row: {
      actorId: userId,
      recipientId: postAuthorId,
      type: 'COMMENT',
      targetId: postId,
      notificationId: idOf('ntf', POSTS + post),
      commentId,
      seq: n + 1,
      at,
    },
  };
}
