import { sql, type SqlClient } from '@chorus/kit/sql';
import { writeLetter } from '../mail/post.ts';

/**
 * Tells a person of a log-in by a letter, in its transaction, unless another session of theirs is of the same device; and
 * only at an address that is verified, so that nobody has letters sent to a stranger.
 */
export async function tellOfNewDevice(tx: SqlClient, session: { id: string; userId: string }): Promise<void> {
  const { id, userId } = session;
  const [news] = await tx.$queryRaw<{ to: string; handle: string; device: string | null; address: string }[]>(sql`
    select email as "to", handle, device, address
    from session as opened join users on users.id = opened.user_id join credential using (user_id)
    where opened.id = ${id} and email_verified_at is not null and not exists (
      select from session as other
      where other.user_id = ${userId} and other.id <> opened.id and other.device is not distinct from opened.device)`);
  if (news === undefined) return;
  const { to, ...facts } = news;
  await writeLetter(tx, { userId, to, kind: 'NEW_LOG_IN', facts });
}
