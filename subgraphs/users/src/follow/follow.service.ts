import { transact } from '@chorus/kit/database';
import type { Viewer } from '@chorus/kit/viewer';
import type { PrismaClient } from '../__generated__/prisma/client.ts';
import { lockVisiblePair, readPair } from '../relation/pair.ts';
import { addEdge, removeEdge } from './follow.edges.ts';

/** Both are idempotent: the event and the counters move only when an edge really came or went. */
export interface FollowService {
  /** @throws GraphQLError UNAUTHENTICATED, BAD_USER_INPUT, NOT_FOUND */
  follow(viewer: Viewer, userId: string): Promise<void>;
  /** @throws GraphQLError UNAUTHENTICATED, BAD_USER_INPUT, NOT_FOUND */
  unfollow(viewer: Viewer, userId: string): Promise<void>;
}

/** @param options.committed called when an event waits in the outbox */
export function createFollowService(options: { db: PrismaClient; committed: () => void }): FollowService {
  const { db, committed } = options;

  const change = async (viewer: Viewer, userId: string, active: boolean) => {
    const pair = readPair(viewer, userId);
    const edge = { followerId: pair.viewerId, followeeId: pair.otherId };
    const changed = await transact(db, async (tx) => {
      const { follows } = await lockVisiblePair(tx, pair);
      if (follows === active) return false;
      return active ? addEdge(tx, edge) : removeEdge(tx, edge);
    });
    if (changed) committed();
  };

  return {
    follow: (viewer, userId) => change(viewer, userId, true),
    unfollow: (viewer, userId) => change(viewer, userId, false),
  };
}
