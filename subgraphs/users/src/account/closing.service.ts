import { transact } from '@chorus/kit/database';
import { unauthenticated } from '@chorus/kit/errors';
import { newId } from '@chorus/kit/ids';
import type { Caller, Limits } from '@chorus/kit/limits';
import { sql, type SqlClient } from '@chorus/kit/sql';
import { requireUser } from '@chorus/kit/viewer';
import type { PrismaClient } from '../__generated__/prisma/client.ts';
import { endSessions } from '../session/session.service.ts';
import { requireStepUp } from '../step-up/step-up.policy.ts';
import type { ProfileCache } from '../user/user.cache.ts';
import { lockAccount, setAccountState } from './account-state.ts';

export interface ClosingService {
  /**
   * Hides the viewer's account, for as long as nobody signs in to it, or for good and to be erased; ends all of its
   * sessions.
   * @throws GraphQLError UNAUTHENTICATED; FORBIDDEN without a proof of who the viewer is; RATE_LIMITED
   */
  close(caller: Caller, state: ClosedState): Promise<void>;
}

type ClosedState = 'DEACTIVATED' | 'DELETED';

/**
 * @param options.profiles are told that the account is hidden
 * @param options.erasureDays how long a deleted account is kept, hidden, before it is erased
 * @param options.committed called when an event waits in the outbox
 */
export function createClosingService(options: {
  db: PrismaClient;
  limits: Limits<'closeAccount'>;
  profiles: Pick<ProfileCache, 'refresh'>;
  erasureDays: number;
  committed: () => void;
}): ClosingService {
  const { db, limits, profiles, erasureDays, committed } = options;

  return {
    async close(caller, state) {
      const { viewer } = caller;
      requireUser(viewer);
      await limits.take(caller, 'closeAccount');
      const userId = await transact(db, async (tx) => {
        const session = await requireStepUp(tx, viewer);
        const before = await lockAccount(tx, session.userId);
        if (before !== 'ACTIVE') throw unauthenticated('This account does not exist any more.');
        await closeAccount(tx, session.userId, { state, erasureDays });
        return session.userId;
      });
      await profiles.refresh([userId]);
      committed();
    },
  };
}

/** Closes an account that is locked, and ends its sessions. */
export async function closeAccount(
  tx: SqlClient,
  userId: string,
  { state, erasureDays }: { state: ClosedState; erasureDays: number },
): Promise<void> {
  await setAccountState(tx, userId, state);
  await endSessions(tx, userId, null);
  if (state === 'DEACTIVATED') return;
  await tx.$executeRaw(sql`
    insert into deletion (id, user_id, due_at)
    values (${newId('del')}, ${userId}, now() + ${erasureDays} * interval '1 day')`);
}
