import { unauthenticated } from '@chorus/kit/errors';
import { record } from '@chorus/kit/events';
import { sql, type SqlClient } from '@chorus/kit/sql';
import type { AccountState } from '../__generated__/prisma/enums.ts';

/**
 * Locks an account against being closed or opened by others until the transaction ends. The lock is taken by whoever opens
 * a session too, so that none is opened past the end of all.
 * @returns null when there is no such account
 */
export async function lockAccount(tx: SqlClient, userId: string): Promise<AccountState | null> {
  const [row] = await tx.$queryRaw<{ state: AccountState }[]>(sql`
    select state::text as state from users where id = ${userId} for no key update`);
  return row?.state ?? null;
}

/** Sets the state of an account that is locked, and tells the other subgraphs. Profiles are to be refreshed after it. */
export async function setAccountState(tx: SqlClient, userId: string, state: AccountState): Promise<void> {
  await tx.$executeRaw(
    sql`update users set state = ${state}::account_state, version = version + 1 where id = ${userId}`,
  );
  const payload = { userId, state, changedAt: new Date().toISOString() };
  await record(tx, 'account.changed', `account:${userId}`, payload);
}

/**
 * Locks an account to which somebody signs in, and makes it active again when it was deactivated.
 * @returns whether it was
 * @throws GraphQLError UNAUTHENTICATED when it was deleted
 */
export async function reopenAccount(tx: SqlClient, userId: string): Promise<boolean> {
  const state = await lockAccount(tx, userId);
  if (state === null || state === 'DELETED') throw unauthenticated('This account does not exist any more.');
  if (state === 'ACTIVE') return false;
  await setAccountState(tx, userId, 'ACTIVE');
  return true;
}
