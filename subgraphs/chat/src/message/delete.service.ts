import { forbidden, notFound } from '@chorus/kit/errors';
import { isId } from '@chorus/kit/ids';
import type { Caller, Limits } from '@chorus/kit/limits';
import type { LiveBus } from '@chorus/kit/live';
import { type Database, sql, type SqlClient } from '@chorus/kit/sql';
import { requireUser } from '@chorus/kit/viewer';
import { roomChannel } from '../live/room-log.ts';
import { openToMember } from '../room/room.policy.ts';
import { messageColumns, type MessageRow } from './message.model.ts';

export interface DeleteService {
  /**
   * Leaves a tombstone; nothing happens to one.
   * @throws GraphQLError UNAUTHENTICATED, FORBIDDEN, NOT_FOUND, RATE_LIMITED
   */
  delete(caller: Caller, messageId: string): Promise<MessageRow>;
}

/** Who may delete what others wrote. */
const MODERATORS: readonly string[] = ['OWNER', 'ADMIN'];

export function createDeleteService(options: {
  db: Database;
  live: LiveBus;
  limits: Limits<'deleteMessage'>;
}): DeleteService {
  const { db, live, limits } = options;

  /** Locks member and message, then, as everywhere (message.service.ts), the room. */
  const remove = async (tx: SqlClient, messageId: string, userId: string): Promise<Deleted> => {
    const [row] = await tx.$queryRaw<(MessageRow & { role: string })[]>(sql`
      select ${messageColumns}, room_member.role
      from message join room_member on room_member.room_id = message.room_id and room_member.user_id = ${userId}
      where message.id = ${messageId} and ${openToMember}
      for key share of room_member for no key update of message`);
    if (row === undefined) throw notFound('This message', 'messageId');
    if (row.authorId !== userId && !MODERATORS.includes(row.role)) {
      throw forbidden('Only its author, or an owner or admin of the room, deletes a message.');
    }
    if (row.deletedAt !== null) return { message: row, eventSeq: null };
    // A statement of its own: it has to see the reactions and versions that were committed while this one waited.
    const [deleted] = await tx.$queryRaw<(MessageRow & { eventSeq: number })[]>(sql`
      with place as (
        update room set last_seq = last_seq + 1 where id = ${row.roomId}
        returning id as room_id, last_seq as seq, clock_timestamp() as now
      ), entry as (
        insert into room_event (room_id, seq, kind, message_id, created_at)
        select room_id, seq, 'MESSAGE_DELETED', ${messageId}, now from place
      ), versions as (
        delete from message_version where message_id = ${messageId}
      ), reactions as (
        delete from message_reaction where message_id = ${messageId}
      )
      update message set text = '', mention_ids = '{}', media_ids = '{}', reactions = '{}', edited_at = null,
        deleted_at = place.now, deleted_by = ${userId}
      from place where message.id = ${messageId}
      returning ${messageColumns}, place.seq as "eventSeq"`);
    if (deleted === undefined) throw new Error('a locked message was not there');
    return { message: deleted, eventSeq: deleted.eventSeq };
  };

  return {
    async delete(caller, messageId) {
      const userId = requireUser(caller.viewer);
      if (!isId('msg', messageId)) throw notFound('This message', 'messageId');
      await limits.take(caller, 'deleteMessage');
      const { message, eventSeq } = await db.$transaction((tx) => remove(tx, messageId, userId));
      if (eventSeq !== null) live.publish(roomChannel(message.roomId), eventSeq);
      return message;
    },
  };
}

interface Deleted {
  message: MessageRow;
  /** Null when it was a tombstone already. */
  eventSeq: number | null;
}
