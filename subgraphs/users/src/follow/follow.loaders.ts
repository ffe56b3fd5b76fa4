import {
  type Connection,
  cursorCodec,
  type CursorCodec,
  keyset,
  type Page,
  toConnection,
} from '@chorus/kit/connections';
import { batchOne, batchPages } from '@chorus/kit/loaders';
import { raw, sql, type SqlClient } from '@chorus/kit/sql';
import { listsVisible, visible } from '../user/user.policy.ts';
import type { FollowList, UserEdgeModel } from './follow.model.ts';

interface EdgeRow {
  ownerId: string;
  userId: string;
  followedAt: Date;
}

/** The two ways to read an edge: whose list it is in, and who is named there. */
const ends = {
  followers: { owner: 'followee_id', other: 'follower_id' },
  following: { owner: 'follower_id', other: 'followee_id' },
} as const satisfies Record<FollowList, { owner: string; other: string }>;

export const followCursors: Record<FollowList, CursorCodec> = {
  followers: cursorCodec('followers', ['time', 'string']),
  following: cursorCodec('following', ['time', 'string']),
};

export type FollowLoaders = ReturnType<typeof createFollowLoaders>;

/** @param viewerId who looks, and so whom no list names that a block hides; null for nobody */
export function createFollowLoaders(db: SqlClient, viewerId: string | null) {
  /** One statement for the same page of any number of people. */
  const pages = (list: FollowList) => {
    const { owner, other } = ends[list];
    return batchPages({
      name: list,
      async load(ownerIds: readonly string[], page: Page): Promise<Connection<UserEdgeModel>[]> {
        const { where, orderBy, limit } = keyset({ columns: ['f.created_at', `f.${other}`], order: 'desc' }, page);
        const rows = await db.$queryRaw<EdgeRow[]>(sql`
          select f.${raw(owner)} as "ownerId", f.${raw(other)} as "userId", f.created_at as "followedAt"
          from unnest(${ownerIds}::text[]) as person (id)
          cross join lateral (
            select * from follow f where f.${raw(owner)} = person.id${visible(viewerId, `f.${other}`)}${listsVisible(viewerId, 'person.id')}
            ${where} ${orderBy} ${limit}
          ) f ${orderBy}`);
        const byOwner = Map.groupBy(rows, ({ ownerId }) => ownerId);
        return ownerIds.map((id) =>
          toConnection(byOwner.get(id) ?? [], page, ({ userId, followedAt }) => ({
            cursor: followCursors[list].encode([followedAt, userId]),
            userId,
            followedAt,
          })),
        );
      },
    });
  };

  return {
    pages: { followers: pages('followers'), following: pages('following') },

    /** How many; null for a person whom nobody ever followed and who followed nobody. */
    counts: batchOne({
      name: 'follow counts',
      load: (userIds: readonly string[]) =>
        db.$queryRaw<{ userId: string; followers: number; following: number }[]>(sql`
          select user_id as "userId", greatest(sum(followers), 0)::int as followers,
                 greatest(sum(following), 0)::int as following
          from follow_counter where user_id = any(${userIds}::text[]) group by user_id`),
      keyOf: ({ userId }) => userId,
    }),
  };
}
