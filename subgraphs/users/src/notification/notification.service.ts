import { transact } from '@chorus/kit/database';
import { badInput, fault } from '@chorus/kit/errors';
import { isId } from '@chorus/kit/ids';
import type { LiveBus } from '@chorus/kit/live';
import { type Database, sql, type SqlClient } from '@chorus/kit/sql';
import { requireUser, type Viewer } from '@chorus/kit/viewer';
import type { NotificationType } from '../__generated__/resolvers.ts';
import { eventCursors } from './notification.loaders.ts';
import { wake } from './notification.log.ts';

const MAX_READ = 100;

/** In the order of the schema; whether somebody may turn it off. */
export const notificationTypes: Record<NotificationType, { optional: boolean }> = {
  FOLLOW: { optional: true },
  FOLLOW_REQUEST: { optional: true },
  FOLLOW_ACCEPTED: { optional: true },
  LIKE: { optional: true },
  COMMENT: { optional: true },
  REPLY: { optional: true },
  MENTION: { optional: true },
  MESSAGE_REQUEST: { optional: true },
  NEW_LOGIN: { optional: false },
  PASSWORD_CHANGED: { optional: false },
  EMAIL_CHANGED: { optional: false },
  TOKEN_REUSED: { optional: false },
};

/** All are idempotent, and what changed anything is told to the recipient's other devices. */
export interface NotificationService {
  /** @throws GraphQLError UNAUTHENTICATED, CURSOR_INVALID, CURSOR_EXPIRED */
  markSeen(viewer: Viewer, until: string): Promise<void>;
  /** @throws GraphQLError UNAUTHENTICATED, BAD_USER_INPUT */
  markRead(viewer: Viewer, ids: readonly string[]): Promise<void>;
  /** @throws GraphQLError UNAUTHENTICATED, CURSOR_INVALID, CURSOR_EXPIRED */
  markAllRead(viewer: Viewer, until: string): Promise<void>;
  /** @throws GraphQLError UNAUTHENTICATED; BAD_USER_INPUT for what cannot be turned off */
  set(viewer: Viewer, type: NotificationType, enabled: boolean): Promise<void>;
}

export function createNotificationService(options: { db: Database; live: LiveBus }): NotificationService {
  const { db, live } = options;

  const locked = async (tx: SqlClient, userId: string): Promise<Head | undefined> => {
    const [head] = await tx.$queryRaw<Head[]>(sql`
      select log_epoch as epoch, last_seq as "lastSeq", seen_seq as "seenSeq", read_seq as "readSeq"
      from notification_head where recipient_id = ${userId} for update`);
    return head;
  };

  /** Adds entries to the log whose head is locked. */
  const append = async (tx: SqlClient, userId: string, kind: string, ids: readonly (string | null)[]) => {
    const [head] = await tx.$queryRaw<{ lastSeq: number }[]>(sql`
      with head as (
        update notification_head set last_seq = last_seq + ${ids.length}::int where recipient_id = ${userId}
        returning last_seq
      ), logged as (
        insert into notification_event (recipient_id, seq, kind, notification_id)
        select ${userId}, head.last_seq - ${ids.length}::int + place, ${kind}, entry.id
        from head cross join unnest(${ids}::text[]) with ordinality as entry (id, place)
      )
      select last_seq as "lastSeq" from head`);
    return head?.lastSeq ?? 0;
  };

  const tell = (userId: string, lastSeq: number | null) => {
    if (lastSeq !== null) wake(live, [{ recipientId: userId, lastSeq }]);
  };

  /** Moves the marks that apply up to a cursor; nothing is logged when nothing new lies in between. */
  const mark = async (viewer: Viewer, until: string, kind: 'SEEN' | 'READ') => {
    const userId = requireUser(viewer);
    const { epoch, seq } = eventCursors(userId).decode(until);
    const lastSeq = await transact(db, async (tx) => {
      const head = await locked(tx, userId);
      if (epoch === '' && seq === 0) return null;
      if (head === undefined || head.epoch !== epoch || seq > head.lastSeq) throw expired();
      const from = kind === 'SEEN' ? head.seenSeq : Math.min(head.seenSeq, head.readSeq);
      const [news] = await tx.$queryRaw<unknown[]>(sql`
        select 1 from notification where recipient_id = ${userId} and news_seq > ${from} and news_seq <= ${seq} limit 1`);
      if (news === undefined) return null;
      await tx.$executeRaw(
        kind === 'SEEN'
          ? sql`update notification_head set seen_seq = ${seq} where recipient_id = ${userId}`
          : sql`update notification_head set seen_seq = greatest(seen_seq, ${seq}), read_seq = greatest(read_seq, ${seq})
              where recipient_id = ${userId}`,
      );
      return append(tx, userId, kind, [null]);
    });
    tell(userId, lastSeq);
  };

  return {
    markSeen: (viewer, until) => mark(viewer, until, 'SEEN'),
    markAllRead: (viewer, until) => mark(viewer, until, 'READ'),

    async markRead(viewer, ids) {
      const userId = requireUser(viewer);
      if (ids.length > MAX_READ) throw badInput('ids', `Mark at most ${MAX_READ} notifications at once.`);
      const known = ids.filter((id) => isId('ntf', id));
      if (known.length === 0) return;
      const lastSeq = await transact(db, async (tx) => {
        const head = await locked(tx, userId);
        if (head === undefined) return null;
        const read = await tx.$queryRaw<{ id: string }[]>(sql`
          update notification set read_seq = news_seq
          where id = any(${known}::text[]) and recipient_id = ${userId} and actor_count > 0
            and news_seq > greatest(read_seq, ${head.readSeq}::int)
          returning id`);
        const changed = read.map(({ id }) => id);
        return changed.length === 0 ? null : append(tx, userId, 'CHANGED', changed);
      });
      tell(userId, lastSeq);
    },

    async set(viewer, type, enabled) {
      const userId = requireUser(viewer);
      if (!notificationTypes[type].optional)
        throw badInput('type', 'What is about the safety of the account is always told.');
      await db.$executeRaw(
        enabled
          ? sql`delete from notification_off where user_id = ${userId} and type = ${type}`
          : sql`insert into notification_off (user_id, type) select id, ${type} from users where id = ${userId}
              on conflict do nothing`,
      );
    },
  };
}

interface Head {
  epoch: string;
  lastSeq: number;
  seenSeq: number;
  readSeq: number;
}

const expired = () =>
  fault('CURSOR_EXPIRED', 'This cursor is of notifications that are gone. Fetch them again and use the new one.');
