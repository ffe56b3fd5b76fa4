import { hash } from 'node:crypto';
import { sql, type SqlClient } from '@chorus/kit/sql';
import type { Viewer } from '@chorus/kit/viewer';
import { writeLetter } from '../mail/post.ts';
import type { Told } from '../notification/notification.writes.ts';
import { tellOwner } from '../notification/security.ts';

const MAX_DEVICES = 100;

/**
 * Notes the device that somebody signs in from, in the transaction that opens the session, by whatever way. Of a new one,
 * when they have others, their notifications tell, and so does a letter: to an address that is verified, so that nobody
 * has letters sent to a stranger.
 * @returns whose notifications tell of it
 */
export async function meetDevice(
  tx: SqlClient,
  viewer: Viewer,
  { userId, sessionId }: { userId: string; sessionId: string },
): Promise<Told[]> {
  if (!(await isNew(tx, userId, hashOf(viewer.device)))) return [];
  const { device, address } = viewer;
  const [account] = await tx.$queryRaw<{ to: string; handle: string }[]>(sql`
    select email as "to", handle from credential join users on users.id = user_id
    where user_id = ${userId} and email_verified_at is not null`);
  if (account !== undefined) {
    const { to, handle } = account;
    await writeLetter(tx, { userId, to, kind: 'NEW_LOG_IN', facts: { handle, device, address } });
  }
  return tellOwner(tx, viewer, { userId, type: 'NEW_LOGIN', sessionId });
}

/** Whether it is another device than those known of somebody who has some; it is known from now on. */
async function isNew(tx: SqlClient, userId: string, device: string): Promise<boolean> {
  const [row] = await tx.$queryRaw<{ isNews: boolean }[]>(sql`
    with known as (
      select count(*) as devices, bool_or(hash = ${device}) as met from known_device where user_id = ${userId}
    ), noted as (
      insert into known_device (user_id, hash) values (${userId}, ${device})
      on conflict (user_id, hash) do update set last_used_at = now()
    ), forgotten as (
      delete from known_device where user_id = ${userId} and hash in (
        select hash from known_device where user_id = ${userId} and hash <> ${device}
        order by last_used_at desc offset ${MAX_DEVICES - 1})
    )
    select devices > 0 and not met as "isNews" from known`);
  return row?.isNews ?? false;
}

/** Without numbers: a browser that was updated is the same device. The migration writes it the same way. */
const hashOf = (device: string | null): string =>
  hash('sha256', (device ?? '').replaceAll(/[\d.]+/g, '').toLowerCase(), 'base64url');
