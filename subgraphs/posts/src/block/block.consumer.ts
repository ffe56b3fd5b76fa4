import { noneDeleted } from '@chorus/kit/accounts';
import { type Handlers, project } from '@chorus/kit/events';
import type { SqlClient } from '@chorus/kit/sql';

/** Keeps the projections of blocks and mutes. */
export const blockHandlers: Handlers<SqlClient> = {
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
  async 'mute.changed'(tx, { version, payload: { muterId, mutedId, active } }) {
    const key = { muter_id: muterId, muted_id: mutedId };
    await project(tx, { table: 'mute_edge', key, facts: { active }, version, where: noneDeleted(muterId, mutedId) });
  },
};
