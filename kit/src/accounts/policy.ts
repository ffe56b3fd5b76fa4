import { createHash } from 'node:crypto';
import { unauthenticated } from '../errors.ts';
import { join, raw, type Sql, sql, type SqlClient } from '../sql.ts';

/** By what an erased account is known: its id is not kept, and of a hash of so many random bits nobody finds it again. */
export const erasedKey = (accountId: string): string => createHash('sha256').update(accountId).digest('hex');

/**
 * Whether an account is not hidden, as a condition. `is not true`, so that Postgres looks it up for the rows of a page and
 * makes no join of it.
 * @param column with the account's id, never from a client
 */
export const shown = (column: string): Sql => sql`(exists (
  select from account_state a where a.account_id = ${raw(column)} and a.state <> 'ACTIVE')) is not true`;

/**
 * Whether none of these accounts is deleted, as a condition: whatever comes of a deleted one, however late, is not kept.
 */
export const noneDeleted = (...accountIds: string[]): Sql => sql`(
  exists (select from account_state where account_id in (${join(accountIds)}) and state = 'DELETED')
  or exists (select from erased_account where key in (${join(accountIds.map(erasedKey))}))) is not true`;

/**
 * Whether an account is neither hidden nor erased, as a condition. Every statement that writes in somebody's name holds it,
 * or its transaction asks `requireOpenAccount`: an access token lives on for a moment after the account, and what was
 * written then would outlast the erasing.
 */
export const accountOpen = (accountId: string): Sql => accountOpenAt(sql`${accountId}`, sql`${erasedKey(accountId)}`);

/** The same of accounts in columns: `id`, and `key` as `erasedKey` makes it of that. Looked up for each, never joined. */
export const accountOpenAt = (id: Sql, key: Sql): Sql => sql`(
  (select true from account_state a where a.account_id = ${id} and a.state <> 'ACTIVE' limit 1) is null
  and (select true from erased_account e where e.key = ${key} limit 1) is null)`;

/**
 * To be called in the transaction of the write.
 * @throws GraphQLError UNAUTHENTICATED when the account is not open
 */
export async function requireOpenAccount(tx: SqlClient, accountId: string): Promise<void> {
  const open = await tx.$queryRaw<object[]>(sql`select 1 where ${accountOpen(accountId)}`);
  if (open.length === 0) throw unauthenticated('This account is closed.');
}

/** Those of these accounts that are not deleted, in their order: to add the others to anything would bring them back. */
export async function withoutDeleted(tx: SqlClient, accountIds: readonly string[]): Promise<string[]> {
  if (accountIds.length === 0) return [];
  const keys = accountIds.map(erasedKey);
  const deleted = await tx.$queryRaw<{ key: string }[]>(sql`
    select account_id as key from account_state where account_id = any(${[...accountIds]}::text[]) and state = 'DELETED'
    union all select key from erased_account where key = any(${keys}::text[])`);
  const gone = new Set(deleted.map(({ key }) => key));
  return accountIds.filter((id, index) => !gone.has(id) && !gone.has(keys[index] ?? id));
}
