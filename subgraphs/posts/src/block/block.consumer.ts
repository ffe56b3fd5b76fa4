import type { Handlers } from '@chorus/kit/events';
import { sql, type SqlClient } from '@chorus/kit/sql';

/** Keeps the projections of blocks and mutes, as that of the follow graph is kept. */
export const blockHandlers: Handlers<SqlClient> = {
  async 'block.changed'(tx, { version, payload: { blockerId, blockedId, active } }) {
    await tx.$executeRaw(sql`
      insert into block_edge (blocker_id, blocked_id, active, version)
      values (${blockerId}, ${blockedId}, ${active}, ${version})
      on conflict (blocker_id, blocked_id) do update set active = excluded.active, version = excluded.version
        where block_edge.version < excluded.version`);
  },
  async 'mute.changed'(tx, { version, payload: { muterId, mutedId, active } }) {
    await tx.$executeRaw(sql`
      insert into mute_edge (muter_id, muted_id, active, version)
      values (${muterId}, ${mutedId}, ${active}, ${version})
      on conflict (muter_id, muted_id) do update set active = excluded.active, version = excluded.version
        where mute_edge.version < excluded.version`);
  },
};
