import { type LiveBus, LOG_PAGE, type LogPage, type LogPosition, type LogRetention, streamLog } from '@chorus/kit/live';
import { sql, type SqlClient } from '@chorus/kit/sql';
import { eventCursors } from './notification.loaders.ts';
import type { Told } from './notification.writes.ts';
import {
  notificationColumns,
  type NotificationEventModel,
  type NotificationRow,
  shownOf,
} from './notification.model.ts';

/** Where wake-ups of a recipient are published; the message is the sequence number committed. */
export const notificationChannel = (recipientId: string): string => `chorus:live:notifications:${recipientId}`;

/** Wakes those who listen to notifications that were just committed. */
export function wake(live: LiveBus, told: readonly Told[]): void {
  for (const { recipientId, lastSeq } of told) live.publish(notificationChannel(recipientId), lastSeq);
}

/** One entry of a recipient's log, with the notification as it is now; null when there is nobody left in it. */
type LogEntry = { seq: number } & (
  { kind: 'CHANGED'; notificationId: string; notification: NotificationRow | null } | { kind: 'SEEN' | 'READ' }
);

type Row = { epoch: string | null; lastSeq: number | null; seq: number | null; notificationId: string | null } & {
  kind: 'CHANGED' | 'SEEN' | 'READ';
} & (NotificationRow | { id: null });

/** Null for somebody who is gone. Retention is part of the read, as in the logs of chat's rooms. */
async function readLog(
  db: SqlClient,
  recipientId: string,
  position: number | null,
  retention: LogRetention,
): Promise<LogPage<LogEntry> | null> {
  const rows = await db.$queryRaw<Row[]>(sql`
    select head.log_epoch as epoch, head.last_seq as "lastSeq", entry.seq, entry.kind,
      entry.notification_id as "notificationId", ${notificationColumns}
    from users
    left join notification_head head on head.recipient_id = users.id
    left join lateral (
      select * from notification_event
      where recipient_id = head.recipient_id
        and seq > greatest(${position}::int, head.last_seq - ${retention.count}::int)
        and created_at > now() - ${retention.ms}::bigint * interval '1 millisecond'
      order by seq limit ${position === null ? 0 : LOG_PAGE}::int
    ) as entry on true
    left join notification on notification.id = entry.notification_id
    left join lateral ${shownOf(recipientId)} as shown on true
    where users.id = ${recipientId}
    order by entry.seq`);
  const [first] = rows;
  if (first === undefined) return null;
  return { epoch: first.epoch ?? '', lastSeq: first.lastSeq ?? 0, entries: rows.flatMap(toEntry) };
}

function toEntry(row: Row): LogEntry[] {
  const { seq, kind, notificationId, epoch: _, lastSeq: __, ...notification } = row;
  if (seq === null) return [];
  if (kind !== 'CHANGED') return [{ seq, kind }];
  const shown = notification.id === null || notification.actorIds === null ? null : notification;
  return [{ seq, kind, notificationId: notificationId ?? '', notification: shown }];
}

/** What changes in somebody's notifications after a position (kit's streamLog), each with the notification as it is then. */
export function streamNotifications(
  options: { db: SqlClient; live: LiveBus; retention: LogRetention; headCheckMs: number },
  { userId, after }: { userId: string; after: LogPosition | null },
): AsyncIterableIterator<NotificationEventModel, void> {
  const { db, live, retention, headCheckMs } = options;
  const cursors = eventCursors(userId);
  return streamLog(
    {
      live,
      channel: notificationChannel(userId),
      headCheckMs,
      read: (_, position) => readLog(db, userId, position, retention),
      toFrame: (entry: LogEntry, at): NotificationEventModel => {
        const cursor = cursors.encode(at);
        if (entry.kind !== 'CHANGED') {
          return { __typename: 'NotificationsMarked', cursor, allRead: entry.kind === 'READ' };
        }
        const { notification, notificationId: id } = entry;
        return notification === null
          ? { __typename: 'NotificationRemoved', cursor, id }
          : { __typename: 'NotificationChanged', cursor, notification };
      },
      toReset: (at) => ({ __typename: 'NotificationsReset', cursor: cursors.encode(at) }),
    },
    { after },
  );
}
