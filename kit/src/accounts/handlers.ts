import type { Handlers } from '../events/index.ts';
import { sql, type SqlClient } from '../sql.ts';
import { noneDeleted } from './policy.ts';

/**
 * Keeps the states of accounts. An account that is erased is not remembered by its id: only that it is to be erased again
 * is heard of it, which happens until the confirmation has arrived.
 */
export const accountHandlers = {
  async 'account.changed'(tx, { version, payload: { userId, state, erasureId = null } }) {
    await tx.$executeRaw(sql`
      insert into account_state (account_id, state, erasure_id, version)
      select ${userId}, ${state}, ${erasureId}, ${version}::bigint
      where ${erasureId}::text is not null or exists (select from account_state where account_id = ${userId})
        or ${noneDeleted(userId)}
      on conflict (account_id) do update
        set state = excluded.state, erasure_id = excluded.erasure_id, version = excluded.version
        where account_state.version < excluded.version`);
  },
} satisfies Handlers<SqlClient>;
