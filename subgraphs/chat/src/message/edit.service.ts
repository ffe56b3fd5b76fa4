import { accountOpen, requireOpenAccount } from '@chorus/kit/accounts';
import { badInput, fault, forbidden, notFound } from '@chorus/kit/errors';
import { isId } from '@chorus/kit/ids';
import type { Caller, Limits } from '@chorus/kit/limits';
import type { LiveBus } from '@chorus/kit/live';
import { sql, type SqlClient } from '@chorus/kit/sql';
import { requireUser, type Viewer } from '@chorus/kit/viewer';
import type { EditMessageInput } from '../__generated__/resolvers.ts';
import { isUniqueViolation } from '../database.ts';
import { roomChannel } from '../live/room-log.ts';
import { inCompany, noCompany, sharedByMember, visible } from '../room/room.policy.ts';
import { areMembers, readClientId, readMentions, readMessageText, strangers } from './message.input.ts';
import { messageColumns, type MessageRow } from './message.model.ts';

export interface EditService {
  /**
   * Edits once for each message and clientId: the same again changes nothing, whatever came after it.
   * @returns the message as it is now
   * @throws GraphQLError UNAUTHENTICATED, FORBIDDEN, BAD_USER_INPUT, NOT_FOUND, IDEMPOTENCY_CONFLICT, RATE_LIMITED
   */
  edit(caller: Caller, input: EditMessageInput): Promise<MessageRow>;
}

export function createEditService(options: {
  db: SqlClient;
  live: LiveBus;
  limits: Limits<'editMessage'>;
}): EditService {
  const { db, live, limits } = options;

  /**
   * One statement; its locks are taken in the order member, message, room (message.service.ts). Edits of a message wait
   * for each other at the message's row, so versions and events have one order. Null when there is nothing to edit here
   * for this editor, or this edit was made before.
   */
  const insert = async ({ messageId, editorId, clientId, text, mentionIds }: Edit): Promise<Edited | null> => {
    const [row] = await db.$queryRaw<Edited[]>(sql`
      with editor as materialized (
        select room_member.room_id from message join room_member on room_member.room_id = message.room_id
        where message.id = ${messageId} and room_member.user_id = ${editorId} and ${accountOpen(editorId)}
          and ${sharedByMember}
        for key share of room_member
      ), target as materialized (
        select message.id, message.room_id, message.seq, message.client_id, message.text, message.created_at
        from message join editor on editor.room_id = message.room_id
        where message.id = ${messageId} and message.author_id = ${editorId} and message.deleted_at is null
          and (${text} <> '' or cardinality(message.media_ids) > 0)
          and ${areMembers(sql`message.room_id`, mentionIds ?? [])}
          and message.client_id <> ${clientId}
          and not exists (select from message_version where message_id = ${messageId} and client_id = ${clientId})
        for no key update of message
      ), place as (
        update room set last_seq = last_seq + 1 from target where room.id = target.room_id
        returning room.id as room_id, room.last_seq as seq, clock_timestamp() as now
      ), entry as (
        insert into room_event (room_id, seq, kind, message_id, created_at)
        select room_id, seq, 'MESSAGE_EDITED', ${messageId}, now from place
      ), original as (
        insert into message_version (message_id, seq, client_id, text, written_at)
        select target.id, target.seq, target.client_id, target.text, target.created_at from target, place
        on conflict (message_id, seq) do nothing
      ), version as (
        insert into message_version (message_id, seq, client_id, text, written_at)
        select ${messageId}, seq, ${clientId}, ${text}, now from place
      )
      update message set text = ${text}, edited_at = place.now, mention_ids = coalesce(${mentionIds}::text[], mention_ids)
      from place where message.id = ${messageId}
      returning ${messageColumns}, place.seq as "eventSeq"`);
    return row ?? null;
  };

  /** The message where nothing was edited, if that is because this edit was made before. */
  const earlier = async (viewer: Viewer, { messageId, editorId, clientId, text }: Edit): Promise<MessageRow> => {
    await requireOpenAccount(db, editorId);
    const [row] = await db.$queryRaw<
      (MessageRow & { isMember: boolean; alone: boolean; madeText: string | null })[]
    >(sql`
      select ${messageColumns}, version.text as "madeText", not ${inCompany} as alone,
        exists (select from room_member where room_id = message.room_id and user_id = ${editorId}) as "isMember"
      from message join room on room.id = message.room_id
      left join message_version as version on version.message_id = message.id and version.client_id = ${clientId}
      where message.id = ${messageId} and ${visible(viewer)}`);
    if (row === undefined) throw notFound('This message', 'input.messageId');
    if (!row.isMember || row.authorId !== editorId) throw forbidden('Only the author edits a message, as a member.');
    if (row.deletedAt !== null) throw badInput('input.messageId', 'This message was deleted.');
    // The clientId of its sending names what it said first.
    const made = row.madeText ?? (row.clientId === clientId ? row.text : null);
    if (made === text) return row;
    if (made !== null) {
      throw fault('IDEMPOTENCY_CONFLICT', 'This clientId was used for another edit. Make a new one for each edit.');
    }
    if (row.alone) throw noCompany();
    if (text === '' && row.mediaIds.length === 0) throw badInput('input.text', 'Write something.');
    throw strangers();
  };

  return {
    async edit(caller, input) {
      const edit: Edit = {
        editorId: requireUser(caller.viewer),
        messageId: input.messageId,
        clientId: readClientId(input.clientId),
        text: readMessageText(input.text, 0),
        mentionIds: input.mentionIds == null ? null : readMentions(input.mentionIds),
      };
      if (!isId('msg', edit.messageId)) throw notFound('This message', 'input.messageId');
      await limits.take(caller, 'editMessage');
      const edited = await insert(edit).catch((error: unknown) => {
        // The same edit twice at once: the other one was faster, and nothing of this one remains.
        if (isUniqueViolation(error)) return null;
        throw error;
      });
      if (edited === null) return earlier(caller.viewer, edit);
      live.publish(roomChannel(edited.roomId), edited.eventSeq);
      return edited;
    },
  };
}

interface Edit {
  messageId: string;
  editorId: string;
  clientId: string;
  text: string;
  /** Null: as they are. */
  mentionIds: string[] | null;
}

type Edited = MessageRow & { eventSeq: number };
