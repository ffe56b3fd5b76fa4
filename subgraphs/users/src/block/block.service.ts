import { transact } from '@chorus/kit/database';
import { record } from '@chorus/kit/events';
import { sql } from '@chorus/kit/sql';
import type { Viewer } from '@chorus/kit/viewer';
import type { PrismaClient } from '../__generated__/prisma/client.ts';
import { removeEdges } from '../follow/follow.edges.ts';
import { removeRequest } from '../follow/request.service.ts';
import { outdate } from '../user/user.cache.ts';
import type { BlockCache } from './block.cache.ts';
import { lockPair, readPair } from '../relation/pair.ts';

/** Both are idempotent. Who is blocked cannot block in return, nor tell a block from an account that is gone. */
export interface BlockService {
  /**
   * Makes two people invisible to each other; neither follows the other any more, or asks to.
   * @throws GraphQLError UNAUTHENTICATED, BAD_USER_INPUT, NOT_FOUND
   */
  block(viewer: Viewer, userId: string): Promise<void>;
  /** @throws GraphQLError UNAUTHENTICATED, BAD_USER_INPUT, NOT_FOUND */
  unblock(viewer: Viewer, userId: string): Promise<void>;
}

/**
 * @param options.blocks are told of what changes in them
 * @param options.committed called when an event waits in the outbox
 */
export function createBlockService(options: {
  db: PrismaClient;
  blocks: Pick<BlockCache, 'refresh'>;
  committed: () => void;
}): BlockService {
  const { db, blocks, committed } = options;

  const change = async (viewer: Viewer, userId: string, active: boolean) => {
    const pair = readPair(viewer, userId);
    const { viewerId, otherId } = pair;
    const changed = await transact(db, async (tx) => {
      const { blocks } = await lockPair(tx, pair);
      if (blocks === active) return false;
      if (active) {
        await tx.$executeRaw(sql`insert into block (blocker_id, blocked_id) values (${viewerId}, ${otherId})`);
        await removeEdges(
          tx,
          { followerId: viewerId, followeeId: otherId },
          { followerId: otherId, followeeId: viewerId },
        );
        await removeRequest(tx, { requesterId: viewerId, targetId: otherId });
        await removeRequest(tx, { requesterId: otherId, targetId: viewerId });
      } else {
        await tx.$executeRaw(sql`delete from block where blocker_id = ${viewerId} and blocked_id = ${otherId}`);
      }
      await outdate(tx, [viewerId, otherId]);
      const payload = { blockerId: viewerId, blockedId: otherId, active };
      await record(tx, 'block.changed', `block:${viewerId}:${otherId}`, payload);
      return true;
    });
    if (!changed) return;
    await blocks.refresh([viewerId, otherId]);
    committed();
  };

  return {
    block: (viewer, userId) => change(viewer, userId, true),
    unblock: (viewer, userId) => change(viewer, userId, false),
  };
}
