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
import { standing, visible } from '../user/user.policy.ts';
import type { RelatedList, RelatedUserEdgeModel } from './relation.model.ts';

/** What stands between the viewer and a person. */
export interface RelationRow {
  userId: string;
  follows: boolean;
  isFollowedBy: boolean;
  followRequested: boolean;
  isFollowRequestedBy: boolean;
  blocks: boolean;
  mutes: boolean;
}

interface RelatedRow {
  ownerId: string;
  userId: string;
  since: Date;
}

/** Where each list is kept: whose it is, and who is named there. */
const lists = {
  blocked: { table: 'block', owner: 'blocker_id', other: 'blocked_id' },
  muted: { table: 'mute', owner: 'muter_id', other: 'muted_id' },
  requests: { table: 'follow_request', owner: 'target_id', other: 'requester_id' },
  sentRequests: { table: 'follow_request', owner: 'requester_id', other: 'target_id' },
} as const satisfies Record<RelatedList, { table: string; owner: string; other: string }>;

export const relatedCursors: Record<RelatedList, CursorCodec> = {
  blocked: cursorCodec('blockedUsers', ['time', 'string']),
  muted: cursorCodec('mutedUsers', ['time', 'string']),
  requests: cursorCodec('followRequests', ['time', 'string']),
  sentRequests: cursorCodec('sentFollowRequests', ['time', 'string']),
};

export type RelationLoaders = ReturnType<typeof createRelationLoaders>;

/** @param viewerId of whom they tell; null for nobody */
export function createRelationLoaders(db: SqlClient, viewerId: string | null) {
  const pages = (list: RelatedList) => {
    const { table, owner, other } = lists[list];
    // Who is blocked is hidden everywhere but in the list of those.
    const shown = list === 'blocked' ? standing(`r.${other}`) : visible(viewerId, `r.${other}`);
    return batchPages({
      name: `${list} users`,
      async load(ownerIds: readonly string[], page: Page): Promise<Connection<RelatedUserEdgeModel>[]> {
        const { where, orderBy, limit } = keyset({ columns: ['r.created_at', `r.${other}`], order: 'desc' }, page);
        const rows = await db.$queryRaw<RelatedRow[]>(sql`
          select r.${raw(owner)} as "ownerId", r.${raw(other)} as "userId", r.created_at as since
          from unnest(${ownerIds}::text[]) as person (id)
          cross join lateral (
            select * from ${raw(table)} r where r.${raw(owner)} = person.id${shown}${where} ${orderBy} ${limit}
          ) r ${orderBy}`);
        const byOwner = Map.groupBy(rows, ({ ownerId }) => ownerId);
        return ownerIds.map((id) =>
          toConnection(byOwner.get(id) ?? [], page, ({ userId, since }) => ({
            cursor: relatedCursors[list].encode([since, userId]),
            list,
            userId,
            since,
          })),
        );
      },
    });
  };

  return {
    pages: {
      blocked: pages('blocked'),
      muted: pages('muted'),
      requests: pages('requests'),
      sentRequests: pages('sentRequests'),
    },

    /** All that stands between the viewer and a person. */
    withViewer: batchOne({
      name: 'relations',
      load: (userIds: readonly string[]) =>
        db.$queryRaw<RelationRow[]>(sql`
          select id as "userId",
                 exists (select from follow where follower_id = ${viewerId} and followee_id = id) as follows,
                 exists (select from follow where follower_id = id and followee_id = ${viewerId}) as "isFollowedBy",
                 exists (
                   select from follow_request where requester_id = ${viewerId} and target_id = id) as "followRequested",
                 exists (
                   select from follow_request where requester_id = id and target_id = ${viewerId}
                 ) as "isFollowRequestedBy",
                 exists (select from block where blocker_id = ${viewerId} and blocked_id = id) as blocks,
                 exists (select from mute where muter_id = ${viewerId} and muted_id = id) as mutes
          from unnest(${userIds}::text[]) as person (id)`),
      keyOf: ({ userId }) => userId,
    }),
  };
}
