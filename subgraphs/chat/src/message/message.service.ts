import { readCreatedAt } from '@chorus/kit/backdating';
import { fault, notFound } from '@chorus/kit/errors';
import { isId, newId } from '@chorus/kit/ids';
import type { Caller, Limits } from '@chorus/kit/limits';
import type { LiveBus } from '@chorus/kit/live';
import { sql, type SqlClient } from '@chorus/kit/sql';
import { requireUser, type Viewer } from '@chorus/kit/viewer';
import type { SendMessageInput } from '../__generated__/resolvers.ts';
import { isUniqueViolation } from '../database.ts';
import { roomChannel } from '../live/room-log.ts';
import { visible } from '../room/room.policy.ts';
import { readClientId, readMessageText } from './message.input.ts';
import { messageColumns, type MessageRow } from './message.model.ts';

export interface MessageService {
  /**
   * Sends once for each author and clientId: the same again is the same message.
   * @throws GraphQLError UNAUTHENTICATED, FORBIDDEN, BAD_USER_INPUT, NOT_FOUND, IDEMPOTENCY_CONFLICT,
   *   RATE_LIMITED
   */
  send(caller: Caller, input: SendMessageInput): Promise<MessageRow>;
}

export function createMessageService(options: {
  db: SqlClient;
  live: LiveBus;
  limits: Limits<'sendMessage'>;
}): MessageService {
  const { db, live, limits } = options;

  /**
   * One statement, and so one round trip and one transaction: the sender's place in the room, the next place in its
   * log, the entry and the message. Null when the sender is not a member or has used the clientId before.
   *
   * The locks are always taken in the order member, message, room, here and wherever a room changes. The member's row is
   * locked against being deleted, so that nobody's message comes after their MEMBER_LEFT; a message's, which is there to
   * be changed, lets one change after another look at it; the room's, by its update, lets one writer at a time into the
   * log.
   */
  const insert = async (message: NewMessage): Promise<MessageRow | null> => {
    const id = newId('msg');
    const [row] = await db.$queryRaw<MessageRow[]>(sql`
      with sender as materialized (
        select room_id from room_member
        where room_id = ${message.roomId} and user_id = ${message.authorId}
          and not exists (
            select from message where author_id = ${message.authorId} and client_id = ${message.clientId}
          )
        for key share
      ), place as (
        update room set last_seq = last_seq + 1, last_message_id = ${id}, last_activity_at =
          greatest(last_activity_at, coalesce(${message.createdAt}::timestamptz, clock_timestamp()))
        from sender where room.id = sender.room_id
        returning room.id as room_id, room.last_seq as seq, clock_timestamp() as now
      ), entry as (
        insert into room_event (room_id, seq, kind, message_id, created_at)
        select room_id, seq, 'MESSAGE_CREATED', ${id}, now from place
      )
      insert into message (id, room_id, seq, author_id, client_id, text, created_at)
      select ${id}, room_id, seq, ${message.authorId}, ${message.clientId}, ${message.text},
        coalesce(${message.createdAt}::timestamptz, now) from place
      returning ${messageColumns}`);
    return row ?? null;
  };

  /** The author's earlier message of this clientId, when it is the same and the author may still see it. */
  const earlier = async (viewer: Viewer, message: NewMessage): Promise<MessageRow> => {
    const [row] = await db.$queryRaw<(MessageRow & { visible: boolean; sentText: string })[]>(sql`
      select ${messageColumns}, ${visible(viewer)} as visible, coalesce(original.text, message.text) as "sentText"
      from message join room on room.id = message.room_id
      left join message_version as original on original.message_id = message.id and original.seq = message.seq
      where message.author_id = ${message.authorId} and message.client_id = ${message.clientId}`);
    // What it said is gone with the text of a deleted one: then the clientId alone tells that it was sent.
    const differs = row?.deletedAt === null && row.sentText !== message.text;
    if (row !== undefined && (row.roomId !== message.roomId || differs)) {
      throw fault(
        'IDEMPOTENCY_CONFLICT',
        'This clientId was used for another message. Make a new one for each message.',
      );
    }
    if (row?.visible !== true) throw notFound('This room', 'input.roomId');
    return row;
  };

  return {
    async send(caller, input) {
      const { viewer } = caller;
      const message: NewMessage = {
        authorId: requireUser(viewer),
        roomId: input.roomId,
        clientId: readClientId(input.clientId),
        text: readMessageText(input.text),
        createdAt: readCreatedAt(viewer, input.createdAt),
      };
      if (!isId('rom', message.roomId)) throw notFound('This room', 'input.roomId');
      await limits.take(caller, 'sendMessage');

      const inserted = await insert(message).catch((error: unknown) => {
        // The same message sent twice at once: the other one was faster, and nothing of this one remains.
        if (isUniqueViolation(error)) return null;
        throw error;
      });
      if (inserted === null) return earlier(viewer, message);
      live.publish(roomChannel(inserted.roomId), inserted.seq);
      return inserted;
    },
  };
}

interface NewMessage {
  authorId: string;
  roomId: string;
  clientId: string;
  text: string;
  createdAt: Date | null;
}
