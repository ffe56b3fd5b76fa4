/**
 * Every event that crosses from one subgraph to another, by name. Payloads carry ids and the few facts that a projection
 * needs, never text or profile. `version` grows with every change of the same aggregate: a consumer applies only a
 * higher one, so an event may arrive twice, late or out of order.
 *
 * A change that an old consumer cannot read gets a new name (`user.followed.2`); adding an optional fact does not.
 */
export interface Events {
  /** One edge of the follow graph: `active` says whether it stands now. Aggregate: the pair. */
  'follow.changed': {
    followerId: string;
    followeeId: string;
    active: boolean;
    since: string;
    /** It began with a request that the followee accepted. */
    accepted?: boolean;
  };
  /** Whether a request to follow waits for its answer. Aggregate: the pair, as `request:A:B`. */
  'follow.requested': { requesterId: string; targetId: string; active: boolean; since: string };
  /** Whether one person blocks another: then neither sees what the other writes. Aggregate: the pair, as `block:A:B`. */
  'block.changed': { blockerId: string; blockedId: string; active: boolean };
  /** Whether one person mutes another, which is nobody else's business. Aggregate: the pair, as `mute:A:B`. */
  'mute.changed': { muterId: string; mutedId: string; active: boolean };
  /** Whether an account is private: its posts are for its followers. Aggregate: the account, as `privacy:A`. */
  'privacy.changed': { userId: string; isPrivate: boolean };
  /** What others see of a person is another: whoever keeps it reads it again. Aggregate: the account, as `profile:A`. */
  'profile.changed': { userId: string };
  /**
   * Sessions ended before their time: log-out, a stolen refresh token, a deactivated account. One; or, without
   * `sessionId`, all that the user had then, but for `exceptSessionId` (who changes a password stays signed in). It is
   * published within seconds: until their access tokens expire, the router refuses them and closes their sockets.
   * Aggregate: the session, or the user.
   */
  'session.revoked': { userId: string; sessionId: string | null; exceptSessionId?: string | null; revokedAt: string };
  /** A post came to be; for all, or its author's account is private. Aggregate: the post. */
  'post.created': {
    postId: string;
    authorId: string;
    mediaIds: string[];
    visibility: 'PUBLIC' | 'FOLLOWERS';
    createdAt: string;
    /** Whom it mentions, each once. */
    mentionedIds?: string[];
  };
  /**
   * Whether somebody likes a post, which is for its author to know. Aggregate: the pair, as `like:POST:USER`.
   */
  'like.changed': { postId: string; authorId: string; userId: string; active: boolean; since: string };
  /** A comment came to be, perhaps in reply to another on the same post. Aggregate: the comment. */
  'comment.created': {
    commentId: string;
    postId: string;
    postAuthorId: string;
    authorId: string;
    replyToId: string | null;
    replyToAuthorId: string | null;
    mentionedIds: string[];
    createdAt: string;
  };
  /**
   * Whether a stranger's first message waits for its recipient to accept it. Aggregate: the room, as `request:ROOM`.
   */
  'message.requested': { roomId: string; requesterId: string; recipientId: string; active: boolean; since: string };
  /**
   * How an account stands. All of it is hidden while it is DEACTIVATED, and for good once it is DELETED. Aggregate: the
   * account, as `account:A`.
   */
  'account.changed': {
    userId: string;
    state: 'ACTIVE' | 'DEACTIVATED' | 'DELETED';
    changedAt: string;
    /**
     * Once all that is kept of a DELETED account is to be erased: the id of the erasure, under which each subgraph
     * confirms. It is told again, with a higher version, until all have.
     */
    erasureId?: string;
  };
  /** Nothing of the account is left in the subgraph. Which account it was nobody need know any more. Aggregate: the erasure. */
  'posts.account.erased': { erasureId: string };
  'chat.account.erased': { erasureId: string };
  'media.account.erased': { erasureId: string };
}

export type EventName = keyof Events;

/** Which subgraph emits which event; each subgraph has one stream. */
export const sources = {
  'follow.changed': 'users',
  'follow.requested': 'users',
  'block.changed': 'users',
  'mute.changed': 'users',
  'privacy.changed': 'users',
  'profile.changed': 'users',
  'session.revoked': 'users',
  'post.created': 'posts',
  'like.changed': 'posts',
  'comment.created': 'posts',
  'message.requested': 'chat',
  'account.changed': 'users',
  'posts.account.erased': 'posts',
  'chat.account.erased': 'chat',
  'media.account.erased': 'media',
} as const satisfies Record<EventName, string>;

/** An event as it travels. */
export interface EventEnvelope<Name extends EventName = EventName> {
  name: Name;
  /** Identifies the aggregate within its source. */
  aggregate: string;
  /** Grows with every change of the aggregate; a decimal integer of at most 63 bits. */
  version: bigint;
  payload: Events[Name];
  /** W3C trace context of the change. */
  traceparent?: string;
}
