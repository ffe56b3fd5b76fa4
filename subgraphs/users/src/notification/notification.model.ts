import type { Connection, Page } from '@chorus/kit/connections';
import type { LogPosition } from '@chorus/kit/live';
import { raw, type Sql, sql } from '@chorus/kit/sql';
import type { NotificationType } from '../__generated__/resolvers.ts';
import { visible } from '../user/user.policy.ts';

/** A notification as its recipient sees it now. */
export interface NotificationRow {
  id: string;
  type: NotificationType;
  targetId: string;
  postId: string | null;
  commentId: string | null;
  device: string | null;
  address: string | null;
  /** The latest three; one of them may be '', nobody. */
  actorIds: string[];
  actorCount: number;
  updatedAt: Date;
  newsSeq: number;
  isSeen: boolean;
  isRead: boolean;
}

/** A page asked for, and where the recipient's log stood before it was read. */
export interface NotificationConnectionModel {
  userId: string;
  page: Page;
  position: LogPosition;
}

export interface NotificationEdgeModel {
  cursor: string;
  notification: NotificationRow;
}

export type NotificationPage = Connection<NotificationEdgeModel>;

/** One frame of the subscription, with all that its fields need but people's profiles. */
export type NotificationEventModel =
  | { __typename: 'NotificationChanged'; cursor: string; notification: NotificationRow }
  | { __typename: 'NotificationRemoved'; cursor: string; id: string }
  | { __typename: 'NotificationsMarked'; cursor: string; allRead: boolean }
  | { __typename: 'NotificationsReset'; cursor: string };

/** Of more actors than these, all are counted and not only those whom the recipient sees. */
const COUNTED = 200;

/** Which rows of `notification_actor actor` the recipient may see: nobody who is gone or blocked, either way. */
const shownActor = (recipientId: string): Sql =>
  sql`(actor.actor_id = '' or exists (
    select from users where users.id = actor.actor_id${visible(recipientId, 'users.id')}))`;

/** Whether anybody is left in a row of `notification` whom its recipient may see, as a condition to follow others. */
export const standing = (recipientId: string): Sql =>
  sql` and notification.actor_count > 0 and exists (
    select from notification_actor actor where actor.notification_id = notification.id and ${shownActor(recipientId)})`;

/**
 * The columns of a NotificationRow, of `notification` with its `notification_head head` and `shown`, which is
 * `shownOf` the recipient.
 */
export const notificationColumns = raw(`notification.id, notification.type, notification.target_id as "targetId",
  notification.post_id as "postId", shown.comment_id as "commentId", notification.device, notification.address,
  shown.actor_ids as "actorIds", shown.actor_count as "actorCount", notification.updated_at as "updatedAt",
  notification.news_seq as "newsSeq", notification.news_seq <= head.seen_seq as "isSeen",
  notification.news_seq <= greatest(notification.read_seq, head.read_seq) as "isRead"`);

/** Whom the recipient sees in a `notification`, as a lateral subquery; without a row when it is nobody. */
export const shownOf = (recipientId: string): Sql => sql`(
  select array_agg(latest.actor_id order by latest.seq desc, latest.at desc, latest.actor_id) as actor_ids,
    (array_agg(latest.comment_id order by latest.seq desc, latest.at desc, latest.actor_id))[1] as comment_id,
    case when notification.actor_count > ${COUNTED}::int then notification.actor_count else (
      select count(*)::int from notification_actor actor
      where actor.notification_id = notification.id and ${shownActor(recipientId)}) end as actor_count
  from (
    select actor.actor_id, actor.comment_id, actor.seq, actor.at from notification_actor actor
    where actor.notification_id = notification.id and ${shownActor(recipientId)}
    order by actor.seq desc, actor.at desc, actor.actor_id limit 3
  ) as latest
  where notification.actor_count > 0
  having count(*) > 0)`;
