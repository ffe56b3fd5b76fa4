import { badInput, notFound, unauthenticated } from '@chorus/kit/errors';
import { isId } from '@chorus/kit/ids';
import { sql, type SqlClient } from '@chorus/kit/sql';
import { requireUser, type Viewer } from '@chorus/kit/viewer';

/** The viewer and somebody else, whose relation the viewer changes. */
export interface Pair {
  viewerId: string;
  otherId: string;
}

/** What stands between the two while their pair is locked. */
export interface Standing {
  follows: boolean;
  isFollowedBy: boolean;
  followRequested: boolean;
  blocks: boolean;
  mutes: boolean;
  /** Whether the other's account is private. */
  isPrivate: boolean;
}

/** @throws GraphQLError UNAUTHENTICATED; BAD_USER_INPUT for the viewer; NOT_FOUND for what is no person's id */
export function readPair(viewer: Viewer, otherId: string): Pair {
  const viewerId = requireUser(viewer);
  if (viewerId === otherId) throw badInput('userId', 'This is yourself. Give the id of another person.');
  if (!isId('usr', otherId)) throw notFound('This person', 'userId');
  return { viewerId, otherId };
}

/**
 * Locks the relation of two people, whichever of them changes it, until the transaction ends: a follow does not pass a
 * block, and the events of each edge are numbered in the order of its changes. Only then is read what stands, in a
 * statement of its own, which sees all that was committed under the lock. Neither of the two can be deleted meanwhile.
 * @throws GraphQLError UNAUTHENTICATED when the viewer's account is closed; NOT_FOUND for a person whose is, or who
 *   blocks the viewer
 */
export async function lockPair(tx: SqlClient, pair: Pair): Promise<Standing> {
  const { viewerId, otherId } = pair;
  const [low, high] = viewerId < otherId ? [viewerId, otherId] : [otherId, viewerId];
  await tx.$queryRaw(sql`select 1 from pg_advisory_xact_lock(hashtextextended(${`${low}:${high}`}, 0))`);
  const rows = await tx.$queryRaw<(Standing & { id: string; isBlockedBy: boolean })[]>(sql`
    select id, is_private as "isPrivate",
           exists (select from follow where follower_id = ${viewerId} and followee_id = ${otherId}) as follows,
           exists (select from follow where follower_id = ${otherId} and followee_id = ${viewerId}) as "isFollowedBy",
           exists (
             select from follow_request where requester_id = ${viewerId} and target_id = ${otherId}
           ) as "followRequested",
           exists (select from block where blocker_id = ${viewerId} and blocked_id = ${otherId}) as blocks,
           exists (select from block where blocker_id = ${otherId} and blocked_id = ${viewerId}) as "isBlockedBy",
           exists (select from mute where muter_id = ${viewerId} and muted_id = ${otherId}) as mutes
    from users where id in (${viewerId}, ${otherId}) and state = 'ACTIVE' for key share`);
  if (!rows.some(({ id }) => id === viewerId)) throw unauthenticated('This account does not exist any more.');
  const standing = rows.find(({ id }) => id === otherId);
  if (standing === undefined || standing.isBlockedBy) throw notFound('This person', 'userId');
  return standing;
}

/** The same, for what is done only to people whom the viewer sees. */
export async function lockVisiblePair(tx: SqlClient, pair: Pair): Promise<Standing> {
  const standing = await lockPair(tx, pair);
  if (standing.blocks) throw notFound('This person', 'userId');
  return standing;
}
