import { noneDeleted } from '@chorus/kit/accounts';
import { type Handlers, project } from '@chorus/kit/events';
import type { SqlClient } from '@chorus/kit/sql';

/** Keeps the projection of private accounts. */
export const privacyHandlers: Handlers<SqlClient> = {
  async 'privacy.changed'(tx, { version, payload: { userId, isPrivate } }) {
    const where = noneDeleted(userId);
    await project(tx, {
      table: 'private_author',
      key: { author_id: userId },
      facts: { active: isPrivate },
      version,
      where,
    });
  },
};
