import { sql, type SqlClient } from '@chorus/kit/sql';
import type { Departure, RoomRole } from '../__generated__/resolvers.ts';

/** An entry of a room's log that is not about a message. */
export type NewEntry =
  | { kind: 'MEMBER_JOINED'; userId: string; byUserId: string | null; role: RoomRole }
  | { kind: 'MEMBER_LEFT'; userId: string; byUserId: string | null; reason: Departure }
  | { kind: 'MEMBER_ROLE_CHANGED'; userId: string; byUserId: string | null; role: RoomRole }
  | { kind: 'ROOM_UPDATED'; byUserId: string | null; name: string; avatarMediaId: string | null };

/**
 * Adds entries to a room's log, in the transaction that makes the changes which they tell. It takes the room's lock, and
 * with it the next places; who has come or gone is counted here, too.
 * @returns the sequence number of the last
 */
export async function append(tx: SqlClient, roomId: string, entries: readonly NewEntry[]): Promise<number> {
  const numbered = entries.map((entry, index) => ({ nth: index + 1, ...entry }));
  const grows = entries.reduce(
    (sum, { kind }) => sum + (kind === 'MEMBER_JOINED' ? 1 : kind === 'MEMBER_LEFT' ? -1 : 0),
    0,
  );
  const [last] = await tx.$queryRaw<{ seq: number }[]>(sql`
    with place as (
      update room set last_seq = last_seq + ${entries.length}::int, member_count = member_count + ${grows}::int
      where id = ${roomId} returning last_seq - ${entries.length}::int as before, last_seq
    ), added as (
      insert into room_event
        (room_id, seq, kind, user_id, by_user_id, reason, role, name, avatar_media_id, created_at)
      select ${roomId}, before + nth, kind, "userId", "byUserId", reason, role, name, "avatarMediaId", clock_timestamp()
      from place, jsonb_to_recordset(${JSON.stringify(numbered)}::jsonb) as entry
        (nth int, kind text, "userId" text, "byUserId" text, reason text, role text, name text, "avatarMediaId" text)
    )
    select last_seq as seq from place`);
  if (last === undefined) throw new Error(`there is no room ${roomId}`);
  return last.seq;
}
