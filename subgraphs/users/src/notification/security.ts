import { newId } from '@chorus/kit/ids';
import type { SqlClient } from '@chorus/kit/sql';
import type { Viewer } from '@chorus/kit/viewer';
import { applyNotices, type Told } from './notification.writes.ts';

/** What is told to the owner of an account about its security, whatever they have turned off. */
type SecurityType = 'NEW_LOGIN' | 'PASSWORD_CHANGED' | 'EMAIL_CHANGED' | 'TOKEN_REUSED';

/**
 * Tells the owner of an account what was done with it, in the transaction that does it; where from, is the viewer's.
 * @param sessionId what it is about; default: just this one time
 */
export function tellOwner(
  tx: SqlClient,
  { device, address }: Pick<Viewer, 'device' | 'address'>,
  { userId, type, sessionId = newId('evt') }: { userId: string; type: SecurityType; sessionId?: string },
): Promise<Told[]> {
  const at = new Date().toISOString();
  const about = { recipientId: userId, actorId: '', type, targetId: sessionId, at, device, address };
  return applyNotices(tx, [{ ...about, version: 1n, active: true, postId: null, commentId: null, authorId: null }]);
}
