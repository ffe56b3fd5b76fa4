import { noneDeleted } from '@chorus/kit/accounts';
import { type Handlers, project } from '@chorus/kit/events';
import type { SqlClient } from '@chorus/kit/sql';

/** Keeps the projection of the follow graph. */
export const followHandlers: Handlers<SqlClient> = {
  async 'follow.changed'(tx, { version, payload: { followerId, followeeId, active, since } }) {
    const key = { follower_id: followerId, followee_id: followeeId };
    await project(tx, {
      table: 'follow_edge',
      key,
      facts: { active, since: new Date(since) },
      version,
      where: noneDeleted(followerId, followeeId),
    });
  },
};
