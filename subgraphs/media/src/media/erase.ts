import type { Erasing } from '@chorus/kit/accounts';
import { sql, type SqlClient } from '@chorus/kit/sql';

const BATCH = 500;

/**
 * One step towards nothing left of an account. Its media are rejected: then the workers remove the objects from the store,
 * for as long as it takes (processing/worker.ts); rows go when the store holds nothing of theirs. One that is being
 * processed has its lease run out first.
 */
export async function eraseAccount(tx: SqlClient, accountId: string): Promise<Erasing> {
  const rejected = await tx.$executeRaw(sql`
    update media set state = 'REJECTED', reason = 'the account is erased', stored = true, attempts = 0, variants = '[]',
      available_at = case when state = 'PROCESSING' then available_at else now() end
    where id in (
      select id from media where owner_id = ${accountId} and state <> 'REJECTED' limit ${BATCH} for no key update)`);
  const deleted = await tx.$executeRaw(sql`
    delete from media where id in (
      select id from media where owner_id = ${accountId} and state = 'REJECTED' and not stored limit ${BATCH} for update)`);
  if (rejected + deleted > 0) return 'more';
  const left = await tx.$queryRaw<object[]>(sql`select 1 from media where owner_id = ${accountId} limit 1`);
  return left.length > 0 ? 'waiting' : 'done';
}
