import { cursorCodec, keyset, type Page, toConnection } from '@chorus/kit/connections';
import { type LogCursors, logCursors, type LogPosition } from '@chorus/kit/live';
import { batchOne, batchPages } from '@chorus/kit/loaders';
import { sql, type SqlClient } from '@chorus/kit/sql';
import type { NotificationType } from '../__generated__/resolvers.ts';
import {
  notificationColumns,
  type NotificationPage,
  type NotificationRow,
  shownOf,
  standing,
} from './notification.model.ts';

export const notificationCursors = cursorCodec('notifications', ['int']);

/** The cursors of one recipient's log. */
export const eventCursors = (recipientId: string): LogCursors => logCursors(`notifications of ${recipientId}`);

/** The log of somebody who was never told of anything. */
export const UNBEGUN: LogPosition = { epoch: '', seq: 0 };

/** The badge counts to this. */
const MAX_UNSEEN = 100;

export type NotificationLoaders = ReturnType<typeof createNotificationLoaders>;

/** @param viewerId whose notifications they are: nobody sees another's; null for nobody */
export function createNotificationLoaders(db: SqlClient, viewerId: string | null) {
  const recipientId = viewerId ?? '';
  const byId = batchOne({
    name: 'notification',
    load: (ids: readonly string[]) =>
      db.$queryRaw<NotificationRow[]>(sql`
        select ${notificationColumns} from notification
        join notification_head head on head.recipient_id = notification.recipient_id
        cross join lateral ${shownOf(recipientId)} as shown
        where notification.id = any(${ids}::text[]) and notification.recipient_id = ${recipientId}`),
    keyOf: ({ id }) => id,
  });

  const read = async (page: Page): Promise<NotificationPage> => {
    const { where, orderBy, limit } = keyset({ columns: ['notification.news_seq'], order: 'desc' }, page);
    const rows = await db.$queryRaw<NotificationRow[]>(sql`
      select ${notificationColumns} from (
        select * from notification
        where notification.recipient_id = ${recipientId}${standing(recipientId)}${where} ${orderBy} ${limit}
      ) as notification
      join notification_head head on head.recipient_id = notification.recipient_id
      cross join lateral ${shownOf(recipientId)} as shown ${orderBy}`);
    return toConnection(rows, page, (notification) => ({
      cursor: notificationCursors.encode([notification.newsSeq]),
      notification,
    }));
  };

  const pages = batchPages({
    name: 'notifications',
    load: (owners: readonly string[], page: Page) => Promise.all(owners.map(() => read(page))),
  });

  return {
    /** Null when there is none, it is another's, or nobody in it may be seen. */
    byId,
    page: (page: Page): Promise<NotificationPage> => pages(recipientId, page),

    /** Where the log stands. What is read afterwards is as new as this, or newer. */
    async position(): Promise<LogPosition> {
      const [head] = await db.$queryRaw<LogPosition[]>(sql`
        select log_epoch as epoch, last_seq as seq from notification_head where recipient_id = ${recipientId}`);
      return head ?? UNBEGUN;
    },

    /** How many are unseen, up to 100. */
    async unseen(): Promise<number> {
      const [row] = await db.$queryRaw<{ count: number }[]>(sql`
        select count(*)::int as count from (
          select from notification_head head join notification on notification.recipient_id = head.recipient_id
          where head.recipient_id = ${recipientId} and notification.news_seq > head.seen_seq${standing(recipientId)}
          limit ${MAX_UNSEEN}
        ) as unseen`);
      return row?.count ?? 0;
    },

    /** The types that are turned off. */
    async off(): Promise<NotificationType[]> {
      const rows = await db.$queryRaw<{ type: NotificationType }[]>(sql`
        select type from notification_off where user_id = ${recipientId}`);
      return rows.map(({ type }) => type);
    },
  };
}
