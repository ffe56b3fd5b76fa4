import { raw, type Sql, sql } from '@chorus/kit/sql';

/**
 * Whether an account is neither deactivated nor deleted, as a condition to follow others (it starts with `and`). As a
 * value and not a join, so that Postgres looks it up for the rows of a page and not for all.
 * @param column with the person's id, never from a client
 */
export const standing = (column: string): Sql =>
  column === 'users.id'
    ? sql` and users.state = 'ACTIVE'`
    : sql` and (select account.state from users account where account.id = ${raw(column)}) = 'ACTIVE'`;

/**
 * Whether the viewer may see a person, as a condition to follow others: the account stands, and no block is between the
 * two. Every statement that reads people holds it, so that hidden and missing look the same.
 * `is not true`, because Postgres would make an anti-join of a plain `not exists`, take it to leave few rows, and sort all
 * followers for the first page.
 * @param column with the person's id, never from a client
 */
export const visible = (viewerId: string | null, column: string): Sql =>
  viewerId === null
    ? standing(column)
    : sql`${standing(column)} and (exists (select from block where blocker_id = ${viewerId} and blocked_id = ${raw(column)})
                or exists (select from block where blocker_id = ${raw(column)} and blocked_id = ${viewerId})) is not true`;

/**
 * Whether the viewer may see who follows a person and whom that person follows, as a condition to follow others: there
 * is no block, and the account is public, the viewer's own, or followed by the viewer.
 */
export const listsVisible = (viewerId: string | null, column: string): Sql => {
  const isPublic = sql`not exists (select from users where users.id = ${raw(column)} and users.is_private)`;
  if (viewerId === null) return sql`${standing(column)} and ${isPublic}`;
  return sql`${visible(viewerId, column)} and (${isPublic} or ${raw(column)} = ${viewerId}
    or exists (select from follow where follower_id = ${viewerId} and followee_id = ${raw(column)}))`;
};
