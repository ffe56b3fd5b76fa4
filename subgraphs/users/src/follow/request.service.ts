import { transact } from '@chorus/kit/database';
import { notFound } from '@chorus/kit/errors';
import { sql, type SqlClient } from '@chorus/kit/sql';
import type { Viewer } from '@chorus/kit/viewer';
import type { PrismaClient } from '../__generated__/prisma/client.ts';
import { lockVisiblePair, type Pair, readPair } from '../relation/pair.ts';
import { addEdge } from './follow.edges.ts';

interface Request {
  requesterId: string;
  targetId: string;
}

/** What becomes of a request to follow: whoever comes first to it, of accept, reject and cancel, ends it. */
export interface FollowRequestService {
  /** @throws GraphQLError UNAUTHENTICATED, BAD_USER_INPUT, NOT_FOUND also for a request that was taken back */
  accept(viewer: Viewer, userId: string): Promise<void>;
  /** @throws GraphQLError UNAUTHENTICATED, BAD_USER_INPUT, NOT_FOUND */
  reject(viewer: Viewer, userId: string): Promise<void>;
  /** @throws GraphQLError UNAUTHENTICATED, BAD_USER_INPUT, NOT_FOUND */
  cancel(viewer: Viewer, userId: string): Promise<void>;
}

/** @param options.committed called when an event waits in the outbox */
export function createFollowRequestService(options: { db: PrismaClient; committed: () => void }): FollowRequestService {
  const { db, committed } = options;

  const drop = async (pair: Pair, request: Request) =>
    transact(db, async (tx) => {
      await lockVisiblePair(tx, pair);
      await removeRequest(tx, request);
    });

  return {
    async accept(viewer, userId) {
      const pair = readPair(viewer, userId);
      const changed = await transact(db, async (tx) => {
        const { isFollowedBy } = await lockVisiblePair(tx, pair);
        const waited = await removeRequest(tx, { requesterId: pair.otherId, targetId: pair.viewerId });
        if (waited) return addEdge(tx, { followerId: pair.otherId, followeeId: pair.viewerId });
        if (!isFollowedBy) throw notFound('This request', 'userId');
        return false;
      });
      if (changed) committed();
    },
    async reject(viewer, userId) {
      const pair = readPair(viewer, userId);
      await drop(pair, { requesterId: pair.otherId, targetId: pair.viewerId });
    },
    async cancel(viewer, userId) {
      const pair = readPair(viewer, userId);
      await drop(pair, { requesterId: pair.viewerId, targetId: pair.otherId });
    },
  };
}

/** Asks, once. To be called under the lock of the pair, as the next. */
export async function addRequest(tx: SqlClient, { requesterId, targetId }: Request): Promise<void> {
  await tx.$executeRaw(sql`
    insert into follow_request (requester_id, target_id) values (${requesterId}, ${targetId}) on conflict do nothing`);
}

/** @returns whether there was one */
export async function removeRequest(tx: SqlClient, { requesterId, targetId }: Request): Promise<boolean> {
  const removed = await tx.$executeRaw(sql`
    delete from follow_request where requester_id = ${requesterId} and target_id = ${targetId}`);
  return removed > 0;
}
