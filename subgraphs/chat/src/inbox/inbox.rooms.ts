import type { LogPosition } from '@chorus/kit/live';
import { sql, type SqlClient } from '@chorus/kit/sql';
import { openTo } from '../room/room.policy.ts';

/** Rooms in one inbox. */
export const MAX_ROOMS = 500;

/** The rooms of a person, those with the latest activity, each with where its log ends. */
export async function roomsOf(db: SqlClient, userId: string): Promise<Map<string, LogPosition>> {
  const rows = await db.$queryRaw<(LogPosition & { id: string })[]>(sql`
    select room.id, room.log_epoch as epoch, room.last_seq as seq
    from room join room_member on room_member.room_id = room.id
    where room_member.user_id = ${userId} and ${openTo(sql`${userId}`)}
    order by room.last_activity_at desc, room.id desc limit ${MAX_ROOMS}`);
  return new Map(rows.map(({ id, epoch, seq }) => [id, { epoch, seq }]));
}
