import { hash } from 'node:crypto';
import { newId } from '@chorus/kit/ids';
import { sql, type SqlClient } from '@chorus/kit/sql';
import type { Viewer } from '@chorus/kit/viewer';
import { applyNotices, type Told } from './notification.writes.ts';

/** What is told to the owner of an account about its security, whatever they have turned off. */
type SecurityType = 'NEW_LOGIN' | 'PASSWORD_CHANGED' | 'EMAIL_CHANGED' | 'TOKEN_REUSED';

const MAX_DEVICES = 100;

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

/**
 * Notes the device that somebody signs in from.
 * @returns whether it is a new one of somebody who has others
 */
export async function meetDevice(tx: SqlClient, { device }: Viewer, userId: string): Promise<boolean> {
  const [row] = await tx.$queryRaw<{ isNews: boolean }[]>(sql`
    with known as (
      select count(*) as devices, bool_or(hash = ${hashOf(device)}) as met from known_device where user_id = ${userId}
    ), noted as (
      insert into known_device (user_id, hash) values (${userId}, ${hashOf(device)})
      on conflict (user_id, hash) do update set last_used_at = now()
    ), forgotten as (
      delete from known_device where user_id = ${userId} and hash in (
        select hash from known_device where user_id = ${userId} and hash <> ${hashOf(device)}
        order by last_used_at desc offset ${MAX_DEVICES - 1})
    )
    select devices > 0 and not met as "isNews" from known`);
  return row?.isNews ?? false;
}

/** Without numbers: a browser that was updated is the same device. The migration writes it the same way. */
const hashOf = (device: string | null): string =>
  hash('sha256', (device ?? '').replaceAll(/[\d.]+/g, '').toLowerCase(), 'base64url');
