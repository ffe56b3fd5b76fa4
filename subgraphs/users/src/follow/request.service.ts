import { transact } from '@chorus/kit/database';
import { notFound } from '@chorus/kit/errors';
import { record } from '@chorus/kit/events';
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
    (await transact(db, async (tx) => {
      await lockVisiblePair(tx, pair);
      return removeRequest(tx, request);
    })) && committed();

  return {
    async accept(viewer, userId) {
      const pair = readPair(viewer, userId);
      const changed = await transact(db, async (tx) => {
        const { isFollowedBy } = await lockVisiblePair(tx, pair);
        const waited = await removeRequest(tx, { requesterId: pair.otherId, targetId: pair.viewerId });
        if (waited) return addEdge(tx, { followerId: pair.otherId, followeeId: pair.viewerId }, { accepted: true });
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

/**
 * Asks, once. To be called under the lock of the pair, as the next.
 * @returns whether it had not been asked before
 */
export async function addRequest(tx: SqlClient, request: Request): Promise<boolean> {
  const added = await tx.$executeRaw(sql`
    insert into follow_request (requester_id, target_id) values (${request.requesterId}, ${request.targetId})
    on conflict do nothing`);
  return tell(tx, request, { changed: added > 0, active: true });
}

/** @returns whether there was one */
export async function removeRequest(tx: SqlClient, request: Request): Promise<boolean> {
  const removed = await tx.$executeRaw(sql`
    delete from follow_request where requester_id = ${request.requesterId} and target_id = ${request.targetId}`);
  return tell(tx, request, { changed: removed > 0, active: false });
}

/** @returns whether there was something to tell, which then waits in the outbox */
async function tell(
  tx: SqlClient,
  { requesterId, targetId }: Request,
  { changed, active }: { changed: boolean; active: boolean },
): Promise<boolean> {
  if (!changed) return false;
  const payload = { requesterId, targetId, active, since: new Date().toISOString() };
  await record(tx, 'follow.requested', `request:${requesterId}:${targetId}`, payload);
  return true;
}
