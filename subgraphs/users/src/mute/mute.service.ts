import { transact } from '@chorus/kit/database';
import { record } from '@chorus/kit/events';
import { sql } from '@chorus/kit/sql';
import type { Viewer } from '@chorus/kit/viewer';
import type { PrismaClient } from '../__generated__/prisma/client.ts';
import { lockVisiblePair, readPair } from '../relation/pair.ts';

/** Both are idempotent, and nobody but the viewer learns of them. */
export interface MuteService {
  /** @throws GraphQLError UNAUTHENTICATED, BAD_USER_INPUT, NOT_FOUND */
  mute(viewer: Viewer, userId: string): Promise<void>;
  /** @throws GraphQLError UNAUTHENTICATED, BAD_USER_INPUT, NOT_FOUND */
  unmute(viewer: Viewer, userId: string): Promise<void>;
}

/** @param options.committed called when an event waits in the outbox */
export function createMuteService(options: { db: PrismaClient; committed: () => void }): MuteService {
  const { db, committed } = options;

  const change = async (viewer: Viewer, userId: string, active: boolean) => {
    const pair = readPair(viewer, userId);
    const { viewerId, otherId } = pair;
    const changed = await transact(db, async (tx) => {
      const { mutes } = await lockVisiblePair(tx, pair);
      if (mutes === active) return false;
      await tx.$executeRaw(
        active
          ? sql`insert into mute (muter_id, muted_id) values (${viewerId}, ${otherId})`
          : sql`delete from mute where muter_id = ${viewerId} and muted_id = ${otherId}`,
      );
      await record(tx, 'mute.changed', `mute:${viewerId}:${otherId}`, { muterId: viewerId, mutedId: otherId, active });
      return true;
    });
    if (changed) committed();
  };

  return {
    mute: (viewer, userId) => change(viewer, userId, true),
    unmute: (viewer, userId) => change(viewer, userId, false),
  };
}
