import { badInput, notFound } from '@chorus/kit/errors';
import { isId } from '@chorus/kit/ids';
import { type Sql, sql, type SqlClient } from '@chorus/kit/sql';
import { requireUser, type Viewer } from '@chorus/kit/viewer';
import { readMutedUntil } from './mute.ts';

/** What members remember of their rooms for themselves alone: none of it is in a room's log. */
export interface ReadStateService {
  /**
   * Everything up to this sequence number is read. It only grows, and never beyond the room's last event.
   * @throws GraphQLError UNAUTHENTICATED, BAD_USER_INPUT, NOT_FOUND
   */
  markRead(viewer: Viewer, roomId: string, seq: number): Promise<void>;
  /**
   * @param until null: for good
   * @throws GraphQLError UNAUTHENTICATED, BAD_USER_INPUT, NOT_FOUND
   */
  mute(viewer: Viewer, roomId: string, until: Date | null): Promise<void>;
  /** @throws GraphQLError UNAUTHENTICATED, NOT_FOUND */
  unmute(viewer: Viewer, roomId: string): Promise<void>;
}

export function createReadStateService({ db }: { db: SqlClient }): ReadStateService {
  /** @param change of the row in room_member; what is no change is not written */
  const write = async (viewer: Viewer, roomId: string, { set, where }: { set: Sql; where: Sql }): Promise<void> => {
    const userId = requireUser(viewer);
    if (!isId('rom', roomId)) throw notFound('This room', 'roomId');
    const members = await db.$queryRaw<object[]>(sql`
      with written as (
        update room_member set ${set} from room
        where room.id = room_member.room_id and room.id = ${roomId} and room_member.user_id = ${userId} and ${where}
      )
      select from room_member where room_id = ${roomId} and user_id = ${userId}`);
    if (members.length === 0) throw notFound('This room', 'roomId');
  };

  return {
    async markRead(viewer, roomId, seq) {
      requireUser(viewer);
      if (seq < 0) throw badInput('seq', 'Give the sequence number of what was read last.');
      const upTo = sql`least(${seq}::int, room.last_seq)`;
      await write(viewer, roomId, { set: sql`last_read_seq = ${upTo}`, where: sql`last_read_seq < ${upTo}` });
    },
    async mute(viewer, roomId, until) {
      requireUser(viewer);
      const mutedUntil = sql`${readMutedUntil(until)}::timestamptz`;
      await write(viewer, roomId, {
        set: sql`muted_until = ${mutedUntil}`,
        where: sql`muted_until is distinct from ${mutedUntil}`,
      });
    },
    unmute: (viewer, roomId) =>
      write(viewer, roomId, { set: sql`muted_until = null`, where: sql`muted_until is not null` }),
  };
}
