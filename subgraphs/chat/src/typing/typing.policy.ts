import { isId } from '@chorus/kit/ids';
import { sql, type SqlClient } from '@chorus/kit/sql';
import { writable } from '../room/room.policy.ts';

/** Whether somebody may write in a room, and so be seen to, and see others. */
export async function isMember(db: SqlClient, roomId: string, userId: string): Promise<boolean> {
  if (!isId('rom', roomId)) return false;
  const rows = await db.$queryRaw<object[]>(sql`
    select user_id from room_member join room on room.id = room_id
    where room_id = ${roomId} and user_id = ${userId} and ${writable(sql`${userId}`)}`);
  return rows.length > 0;
}

/**
 * Those of `userIds` who are members of the room and from whom no block parts the viewer; null when the viewer is not a
 * member (any more).
 */
export async function seenTyping(
  db: SqlClient,
  { roomId, viewerId }: { roomId: string; viewerId: string },
  userIds: readonly string[],
): Promise<Set<string> | null> {
  if (!(await isMember(db, roomId, viewerId))) return null;
  if (userIds.length === 0) return new Set();
  const rows = await db.$queryRaw<{ id: string }[]>(sql`
    select user_id as id from room_member
    where room_id = ${roomId} and user_id = any(${userIds}::text[])
      and not exists (
        select from block_edge where blocker_id = ${viewerId} and blocked_id = room_member.user_id and active)
      and not exists (
        select from block_edge where blocker_id = room_member.user_id and blocked_id = ${viewerId} and active)`);
  return new Set(rows.map(({ id }) => id));
}
