import type { Handlers } from '@chorus/kit/events';
import { sql, type SqlClient } from '@chorus/kit/sql';

/** Keeps the projection of the follow graph. An edge that ended stays, so that an older event cannot bring it back. */
export const followHandlers: Handlers<SqlClient> = {
  async 'follow.changed'(tx, { version, payload: { followerId, followeeId, active, since } }) {
    await tx.$executeRaw(sql`
      insert into follow_edge (follower_id, followee_id, active, since, version)
      values (${followerId}, ${followeeId}, ${active}, ${since}::timestamptz, ${version})
      on conflict (follower_id, followee_id) do update
        set active = excluded.active, since = excluded.since, version = excluded.version
        where follow_edge.version < excluded.version`);
  },
};
