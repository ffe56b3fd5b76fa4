import type { Handlers } from '@chorus/kit/events';
import { sql, type SqlClient } from '@chorus/kit/sql';

/** Keeps the projection of private accounts, as that of the follow graph is kept. */
export const privacyHandlers: Handlers<SqlClient> = {
  async 'privacy.changed'(tx, { version, payload: { userId, isPrivate } }) {
    await tx.$executeRaw(sql`
      insert into private_author (author_id, active, version) values (${userId}, ${isPrivate}, ${version})
      on conflict (author_id) do update set active = excluded.active, version = excluded.version
        where private_author.version < excluded.version`);
  },
};
