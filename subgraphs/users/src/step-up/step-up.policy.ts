import { forbidden } from '@chorus/kit/errors';
import { sql, type SqlClient } from '@chorus/kit/sql';
import type { Viewer } from '@chorus/kit/viewer';
import type { StepUpMethod } from '../__generated__/resolvers.ts';
import { requireSession, sessionEnded, type SessionOf } from '../session/session.policy.ts';

/** How long a proof is good for, in its session. */
export const PROOF_MINUTES = 10;

/**
 * Refuses what a stolen access token must not do, unless the person proved in this session, within the last ten minutes,
 * who they are (`stepUp`). To be asked in the transaction of what it guards.
 * @throws GraphQLError UNAUTHENTICATED, also for a session that has ended; FORBIDDEN with the reason STEP_UP_REQUIRED
 */
export async function requireStepUp(tx: SqlClient, viewer: Viewer): Promise<SessionOf> {
  const session = requireSession(viewer);
  const [row] = await tx.$queryRaw<{ proven: boolean }[]>(sql`
    select coalesce(stepped_up_at > now() - ${PROOF_MINUTES} * interval '1 minute', false) as proven
    from session where id = ${session.sessionId} and user_id = ${session.userId} and expires_at > now()`);
  if (row === undefined) throw sessionEnded();
  if (!row.proven) throw forbidden('Prove first who you are, with the mutation stepUp.', 'STEP_UP_REQUIRED');
  return session;
}

/** How a person can step up. A code proves less than a password, and so does not stand in for one. */
export function stepUpMethods(account: { hasPassword: boolean; emailVerified: boolean }): StepUpMethod[] {
  if (account.hasPassword) return ['PASSWORD'];
  return account.emailVerified ? ['EMAIL_CODE'] : [];
}
