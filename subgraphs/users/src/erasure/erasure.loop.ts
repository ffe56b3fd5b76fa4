import { forgetEvents } from '@chorus/kit/accounts';
import { transact } from '@chorus/kit/database';
import { record } from '@chorus/kit/events';
import type { Logger } from '@chorus/kit/logger';
import { createLoop } from '@chorus/kit/loop';
import type { Running } from '@chorus/kit/service';
import { sql, type SqlClient } from '@chorus/kit/sql';
import type { PrismaClient } from '../__generated__/prisma/client.ts';
import { erasers } from './erasure.consumer.ts';
import { eraseNotices, eraseUser } from './erase-user.ts';

const IDLE_MS = 1000;
/** How long a subgraph has to confirm before all are told again. What is down hears it when it is back, told once. */
const TELL_AGAIN_MINUTES = 60;

interface Due {
  id: string;
  userId: string;
  untold: boolean;
  erased: boolean;
  confirmed: boolean;
}

/**
 * Sees deleted accounts through to the end, when their time has come: tells the other subgraphs to erase them, erases what
 * is here, and, once all have confirmed, forgets that there ever was one. A crash loses nothing: each step is a
 * transaction, and what it did is in the account's Deletion. Any number of processes may do this at once.
 * @param options.committed called when an event waits in the outbox
 * @param options.erased called with the id of a person of whom nothing is left here
 */
export function startErasures(options: {
  db: PrismaClient;
  logger: Logger;
  committed: () => void;
  erased: (userId: string) => Promise<void>;
}): Running {
  const { db, logger, committed, erased } = options;

  const step = async (deletion: Due): Promise<'again' | 'idle'> => {
    const { id, userId } = deletion;
    if (deletion.untold) {
      await transact(db, (tx) => tell(tx, deletion));
      committed();
      return 'again';
    }
    if (!deletion.erased) {
      if (!(await transact(db, (tx) => eraseUser(tx, userId)))) return 'again';
      await erased(userId);
      await db.deletion.updateMany({ where: { id }, data: { erasedAt: new Date() } });
      return 'again';
    }
    // What came of it before the confirmations has been read by now, here and there: nothing more is added.
    if (!(await transact(db, (tx) => eraseNotices(tx, userId)))) return 'again';
    if (!(await forgetEvents(db, userId))) return 'idle';
    await db.deletion.deleteMany({ where: { id } });
    logger.info({ erasureId: id }, 'an account is erased everywhere');
    return 'again';
  };

  return createLoop({
    name: 'erasure of accounts',
    logger,
    idleMs: IDLE_MS,
    async turn() {
      // At random: one that fails does not hold up the others.
      const [due] = await db.$queryRaw<Due[]>(sql`
        select * from (
          select id, user_id as "userId", erased_at is not null as erased, confirmed_by @> ${erasers}::text[] as confirmed,
            not confirmed_by @> ${erasers}::text[]
              and coalesce(told_at < now() - ${TELL_AGAIN_MINUTES} * interval '1 minute', true) as untold
          from deletion where due_at <= now()
        ) as deletion
        where untold or not erased or confirmed order by random() limit 1`);
      return due === undefined ? 'idle' : step(due);
    },
  });
}

async function tell(tx: SqlClient, { id, userId }: Due): Promise<void> {
  await tx.$executeRaw(sql`update deletion set told_at = now() where id = ${id}`);
  const payload = { userId, state: 'DELETED' as const, changedAt: new Date().toISOString(), erasureId: id };
  await record(tx, 'account.changed', `account:${userId}`, payload);
}
