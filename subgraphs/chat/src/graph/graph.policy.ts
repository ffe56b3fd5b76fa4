import { type Sql, sql } from '@chorus/kit/sql';

/**
 * Whether one of two people blocks the other, as a condition.
 * @param one SQL of an id: a column, or a parameter. Null blocks nobody and is blocked by nobody
 */
export const blockBetween = (one: Sql, other: Sql): Sql => sql`(
  exists (select from block_edge e where e.blocker_id = ${one} and e.blocked_id = ${other} and e.active)
  or exists (select from block_edge e where e.blocker_id = ${other} and e.blocked_id = ${one} and e.active))`;

/** Whether one person follows another, as a condition. */
export const follows = (follower: Sql, followee: Sql): Sql => sql`
  exists (select from follow_edge f where f.follower_id = ${follower} and f.followee_id = ${followee} and f.active)`;
