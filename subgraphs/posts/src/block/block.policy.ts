import { empty, raw, type Sql, sql } from '@chorus/kit/sql';
import type { Viewer } from '@chorus/kit/viewer';

/**
 * Whether no block stands between the viewer and an author, as a condition to follow others (it starts with `and`, or is
 * empty for nobody signed in).
 * `is not true`, because Postgres would make an anti-join of a plain `not exists`, take it to leave few rows, and sort all
 * of an author's posts for the first page.
 * @param column with the author's id, never from a client
 */
export const unblocked = ({ userId }: Viewer, column: string): Sql =>
  userId === null
    ? empty
    : sql` and (
        exists (select from block_edge where blocker_id = ${userId} and blocked_id = ${raw(column)} and active)
        or exists (select from block_edge where blocker_id = ${raw(column)} and blocked_id = ${userId} and active)
      ) is not true`;
