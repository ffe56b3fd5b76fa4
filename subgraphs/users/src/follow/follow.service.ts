import { transact } from '@chorus/kit/database';
import type { Caller, Limits } from '@chorus/kit/limits';
import type { Viewer } from '@chorus/kit/viewer';
import type { PrismaClient } from '../__generated__/prisma/client.ts';
import { lockVisiblePair, readPair } from '../relation/pair.ts';
import { addEdge, removeEdges } from './follow.edges.ts';
import { addRequest, removeRequest } from './request.service.ts';

/** All are idempotent: the event and the counters move only when an edge really came or went. */
export interface FollowService {
  /**
   * Follows a person, or asks a private account for it.
   * @throws GraphQLError UNAUTHENTICATED, BAD_USER_INPUT, NOT_FOUND, RATE_LIMITED
   */
  follow(caller: Caller, userId: string): Promise<void>;
  /**
   * Stops following, or asking for it.
   * @throws GraphQLError UNAUTHENTICATED, BAD_USER_INPUT, NOT_FOUND
   */
  unfollow(viewer: Viewer, userId: string): Promise<void>;
  /** @throws GraphQLError UNAUTHENTICATED, BAD_USER_INPUT, NOT_FOUND */
  removeFollower(viewer: Viewer, userId: string): Promise<void>;
}

/** @param options.committed called when an event waits in the outbox */
export function createFollowService(options: {
  db: PrismaClient;
  limits: Limits<'follow'>;
  committed: () => void;
}): FollowService {
  const { db, limits, committed } = options;

  return {
    async follow(caller, userId) {
      const pair = readPair(caller.viewer, userId);
      await limits.take(caller, 'follow');
      const request = { requesterId: pair.viewerId, targetId: pair.otherId };
      const changed = await transact(db, async (tx) => {
        const { follows, followRequested, isPrivate } = await lockVisiblePair(tx, pair);
        if (follows) return false;
        if (isPrivate) return !followRequested && addRequest(tx, request);
        // Asked when the account was private, and opened since.
        if (followRequested) await removeRequest(tx, request);
        return addEdge(tx, { followerId: pair.viewerId, followeeId: pair.otherId });
      });
      if (changed) committed();
    },
    async unfollow(viewer, userId) {
      const pair = readPair(viewer, userId);
      const changed = await transact(db, async (tx) => {
        const { follows, followRequested } = await lockVisiblePair(tx, pair);
        const request = { requesterId: pair.viewerId, targetId: pair.otherId };
        const edge = { followerId: pair.viewerId, followeeId: pair.otherId };
        const tookBack = followRequested && (await removeRequest(tx, request));
        return (follows && (await removeEdges(tx, edge))) || tookBack;
      });
      if (changed) committed();
    },
    async removeFollower(viewer, userId) {
      const pair = readPair(viewer, userId);
      const changed = await transact(db, async (tx) => {
        const { isFollowedBy } = await lockVisiblePair(tx, pair);
        return isFollowedBy && removeEdges(tx, { followerId: pair.otherId, followeeId: pair.viewerId });
      });
      if (changed) committed();
    },
  };
}
