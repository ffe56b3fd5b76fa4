import { sql, type SqlClient } from '@chorus/kit/sql';

/**
 * Those of `userIds` whose presence the viewer may know: who share a room with them or follow each other, and between
 * whom no block stands; and the viewer.
 */
export async function acquainted(db: SqlClient, viewerId: string, userIds: readonly string[]): Promise<Set<string>> {
  const rows = await db.$queryRaw<{ id: string }[]>(sql`
    select other.id from unnest(${userIds}::text[]) as other (id)
    where other.id = ${viewerId} or (
      not exists (
        select from block_edge where blocker_id = ${viewerId} and blocked_id = other.id and active)
      and not exists (
        select from block_edge where blocker_id = other.id and blocked_id = ${viewerId} and active)
      and (exists (
        select from room_member as mine join room_member as theirs using (room_id)
        where mine.user_id = ${viewerId} and theirs.user_id = other.id)
      or (exists (
        select from follow_edge where follower_id = ${viewerId} and followee_id = other.id and active)
      and exists (
        select from follow_edge where follower_id = other.id and followee_id = ${viewerId} and active))))`);
  return new Set(rows.map(({ id }) => id));
}
