import { transact } from '@chorus/kit/database';
import { badInput, notFound, unauthenticated } from '@chorus/kit/errors';
import { record } from '@chorus/kit/events';
import { isId } from '@chorus/kit/ids';
import { sql, type SqlClient } from '@chorus/kit/sql';
import { requireUser, type Viewer } from '@chorus/kit/viewer';
import { randomInt } from 'node:crypto';
import type { PrismaClient } from '../__generated__/prisma/client.ts';

const SLOTS = 16;

interface Edge {
  followerId: string;
  followeeId: string;
}

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

  const change = async (viewer: Viewer, followeeId: string, write: typeof insert, active: boolean) => {
    const followerId = requireUser(viewer);
    if (followerId === followeeId)
      throw badInput('userId', 'Nobody follows themselves. Give the id of another person.');
    if (!isId('usr', followeeId)) throw notFound('This person', 'userId');
    const edge = { followerId, followeeId };
    const changed = await transact(db, async (tx) => {
      const since = await write(tx, edge);
      if (since === null) return false;
      // From here on the edge's row is locked until the commit: its events are numbered in the order of its changes.
      await count(tx, edge, active ? 1 : -1);
      const payload = { ...edge, active, since: since.toISOString() };
      await record(tx, 'follow.changed', `${followerId}:${followeeId}`, payload);
      return true;
    });
    if (changed) committed();
    else await requireBoth(db, edge);
  };

  return {
    follow: (viewer, userId) => change(viewer, userId, insert, true),
    unfollow: (viewer, userId) => change(viewer, userId, remove, false),
  };
}

/** Since when the edge stands; null when it stood already, or one of the two does not exist. */
async function insert(tx: SqlClient, { followerId, followeeId }: Edge): Promise<Date | null> {
  const [row] = await tx.$queryRaw<{ since: Date }[]>(sql`
    insert into follow (follower_id, followee_id)
    select follower.id, followee.id from users follower, users followee
    where follower.id = ${followerId} and followee.id = ${followeeId}
    on conflict do nothing returning created_at as since`);
  return row?.since ?? null;
}

/** When the edge went; null when there was none. */
async function remove(tx: SqlClient, { followerId, followeeId }: Edge): Promise<Date | null> {
  const [row] = await tx.$queryRaw<{ since: Date }[]>(sql`
    delete from follow where follower_id = ${followerId} and followee_id = ${followeeId}
    returning now() as since`);
  return row?.since ?? null;
}

/** In the order of the ids, so that people who follow each other at the same moment do not wait in a circle. */
async function count(tx: SqlClient, { followerId, followeeId }: Edge, by: number): Promise<void> {
  await tx.$executeRaw(sql`
    insert into follow_counter as counter (user_id, slot, followers, following)
    select * from (values
      (${followeeId}::text, ${randomInt(SLOTS)}::smallint, ${by}::int, 0),
      (${followerId}::text, ${randomInt(SLOTS)}::smallint, 0, ${by}::int)
    ) as change (user_id, slot, followers, following) order by user_id
    on conflict (user_id, slot) do update
      set followers = counter.followers + excluded.followers, following = counter.following + excluded.following`);
}

/** Nothing changed: was that because there was nothing to change, or nobody to change it for? */
async function requireBoth(db: PrismaClient, { followerId, followeeId }: Edge): Promise<void> {
  const found = await db.user.findMany({ where: { id: { in: [followerId, followeeId] } }, select: { id: true } });
  const exists = (id: string) => found.some((row) => row.id === id);
  if (!exists(followerId)) throw unauthenticated('This account does not exist any more.');
  if (!exists(followeeId)) throw notFound('This person', 'userId');
}
