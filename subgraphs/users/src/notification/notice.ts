import { hash } from 'node:crypto';
import type { EventOf } from '@chorus/kit/events';
import type { EventName } from '@chorus/schema/events';
import type { NotificationType } from '../__generated__/resolvers.ts';

/** That somebody did something, or took it back, of which somebody is told. */
export interface Notice {
  recipientId: string;
  /** Empty where nobody is named. */
  actorId: string;
  type: NotificationType;
  /** The post, comment, room or session; empty where the recipient is all it is about. */
  targetId: string;
  /** Of notices with these four alike, the one with the highest version counts. */
  version: bigint;
  active: boolean;
  at: string;
  postId: string | null;
  commentId: string | null;
  /** Whose posts the recipient must be allowed to read, to be told. */
  authorId: string | null;
  device: string | null;
  address: string | null;
}

/** The events that notices are made of. */
export const noticed = [
  'follow.changed',
  'follow.requested',
  'like.changed',
  'post.created',
  'comment.created',
  'message.requested',
] as const satisfies EventName[];

type NoticedEvent = EventOf<(typeof noticed)[number]>;

/** What a notice has, besides what the event itself says. */
type Told = Pick<Notice, 'recipientId' | 'actorId' | 'type' | 'targetId' | 'at'> & Partial<Notice>;

/** Whom an event concerns, and how. Nobody is told of what they did themselves. */
export function noticesOf(event: NoticedEvent): Notice[] {
  return told(event)
    .filter(({ recipientId, actorId }) => recipientId !== actorId)
    .map((notice) => ({
      version: event.version,
      active: true,
      postId: null,
      commentId: null,
      authorId: null,
      device: null,
      address: null,
      ...notice,
    }));
}

function told(event: NoticedEvent): Told[] {
  switch (event.name) {
    case 'follow.changed': {
      const { followerId, followeeId, active, accepted, since: at } = event.payload;
      const follow: Told = { recipientId: followeeId, actorId: followerId, type: 'FOLLOW', targetId: '', active, at };
      const acceptance: Told = {
        recipientId: followerId,
        actorId: followeeId,
        type: 'FOLLOW_ACCEPTED',
        targetId: '',
        active,
        at,
      };
      // Whoever accepts a request knows who follows. How an edge began that ends now, its end does not say.
      if (!active) return [follow, acceptance];
      return [accepted === true ? acceptance : follow];
    }
    case 'follow.requested': {
      const { requesterId, targetId, active, since } = event.payload;
      return [{ recipientId: targetId, actorId: requesterId, type: 'FOLLOW_REQUEST', targetId: '', active, at: since }];
    }
    case 'like.changed': {
      const { postId, authorId, userId, active, since } = event.payload;
      return [{ recipientId: authorId, actorId: userId, type: 'LIKE', targetId: postId, active, at: since, postId }];
    }
    case 'post.created': {
      const { postId, authorId, mentionedIds = [], createdAt } = event.payload;
      return mentionedIds.map((recipientId) => ({
        recipientId,
        actorId: authorId,
        type: 'MENTION',
        targetId: postId,
        at: createdAt,
        postId,
        authorId,
      }));
    }
    case 'comment.created':
      return toldOfComment(event.payload);
    default: {
      const { roomId, requesterId, recipientId, active, since } = event.payload;
      return [{ recipientId, actorId: requesterId, type: 'MESSAGE_REQUEST', targetId: roomId, active, at: since }];
    }
  }
}

/** Each person is told once of a comment: as the one answered before the one mentioned, and as that before the post's author. */
function toldOfComment(comment: EventOf<'comment.created'>['payload']): Told[] {
  const { commentId, postId, postAuthorId, authorId, replyToId, replyToAuthorId, mentionedIds, createdAt } = comment;
  const common = { actorId: authorId, at: createdAt, postId, commentId, authorId: postAuthorId };
  const byRecipient = new Map<string, Told>();
  const tell = (recipientId: string, type: NotificationType, targetId: string) => {
    if (!byRecipient.has(recipientId)) byRecipient.set(recipientId, { ...common, recipientId, type, targetId });
  };
  if (replyToId !== null && replyToAuthorId !== null) tell(replyToAuthorId, 'REPLY', replyToId);
  for (const id of mentionedIds) tell(id, 'MENTION', commentId);
  tell(postAuthorId, 'COMMENT', postId);
  return [...byRecipient.values()];
}

/**
 * The id of the notification that a notice belongs to: one for each recipient, type, target and day. Made of these, so
 * that it is known without a look into the database, and the same whoever makes it.
 */
export function notificationIdOf({ recipientId, type, targetId, at }: Notice): string {
  const day = at.slice(0, 10);
  return `ntf_${hash('sha256', `${recipientId} ${type} ${targetId} ${day}`).slice(0, 32)}`;
}

/** Of each recipient, actor, type and target the notice with the highest version, in the order of their first. */
export function latestOf(notices: readonly Notice[]): Notice[] {
  const latest = new Map<string, Notice>();
  for (const notice of notices) {
    const key = `${notice.recipientId} ${notice.actorId} ${notice.type} ${notice.targetId}`;
    const other = latest.get(key);
    if (other === undefined || other.version < notice.version) latest.set(key, notice);
  }
  return [...latest.values()];
}
