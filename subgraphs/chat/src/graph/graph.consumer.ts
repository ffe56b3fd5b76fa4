import { noneDeleted } from '@chorus/kit/accounts';
import { type Handlers, project } from '@chorus/kit/events';
import type { SqlClient } from '@chorus/kit/sql';

/** Keeps what chat has to know of people: who follows whom, who blocks whom, whose account is private. */
export const graphHandlers = {
  async 'follow.changed'(tx, { version, payload: { followerId, followeeId, active } }) {
    const key = { follower_id: followerId, followee_id: followeeId };
    await project(tx, {
      table: 'follow_edge',
      key,
      facts: { active },
      version,
      where: noneDeleted(followerId, followeeId),
    });
  },
  async 'block.changed'(tx, { version, payload: { blockerId, blockedId, active } }) {
    const key = { blocker_id: blockerId, blocked_id: blockedId };
    await project(tx, {
      table: 'block_edge',
      key,
      facts: { active },
      version,
      where: noneDeleted(blockerId, blockedId),
    });
  },
  async 'privacy.changed'(tx, { version, payload: { userId, isPrivate } }) {
    const where = noneDeleted(userId);
    await project(tx, {
      table: 'private_account',
      key: { user_id: userId },
      facts: { active: isPrivate },
      version,
      where,
    });
  },
} satisfies Handlers<SqlClient>;
