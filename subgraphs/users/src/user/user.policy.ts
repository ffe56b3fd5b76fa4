import { empty, raw, type Sql, sql } from '@chorus/kit/sql';

/**
 * Whether no block stands between the viewer and a person, as a condition to follow others (it starts with `and`, or is
 * empty for nobody signed in). Every statement that reads people holds it, so that hidden and missing look the same.
 * @param column with the person's id, never from a client
 */
export const visible = (viewerId: string | null, column: string): Sql =>
  viewerId === null
    ? empty
    : sql` and not exists (select from block where blocker_id = ${viewerId} and blocked_id = ${raw(column)})
           and not exists (select from block where blocker_id = ${raw(column)} and blocked_id = ${viewerId})`;
