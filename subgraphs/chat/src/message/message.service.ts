import { requireOpenAccount } from '@chorus/kit/accounts';
import { readCreatedAt } from '@chorus/kit/backdating';
import { readAttachments } from '@chorus/kit/attachments';
import { fault, notFound } from '@chorus/kit/errors';
import { isId } from '@chorus/kit/ids';
import type { Caller, Limits } from '@chorus/kit/limits';
import type { LiveBus } from '@chorus/kit/live';
import { type Sql, sql, type SqlClient } from '@chorus/kit/sql';
import { requireUser, type Viewer } from '@chorus/kit/viewer';
import type { SendMessageInput } from '../__generated__/resolvers.ts';
import { isUniqueViolation } from '../database.ts';
import type { DirectService } from '../direct/direct.service.ts';
import { roomChannel } from '../live/room-log.ts';
import { inCompany, noCompany, openTo, visible } from '../room/room.policy.ts';
import { insertMessages, type NewMessage } from './message.insert.ts';
import { areMembers, readClientId, readMentions, readMessageText, strangers } from './message.input.ts';
import { messageColumns, type MessageRow } from './message.model.ts';
import { createMessageWriter } from './message.writer.ts';

export interface MessageService {
  /**
   * Sends once for each author and clientId: the same again is the same message.
   * @throws GraphQLError UNAUTHENTICATED, FORBIDDEN, BAD_USER_INPUT, NOT_FOUND, IDEMPOTENCY_CONFLICT,
   *   RATE_LIMITED
   */
  send(caller: Caller, input: SendMessageInput): Promise<MessageRow>;
}

const MAX_ATTACHMENTS = 10;

export function createMessageService(options: {
  db: SqlClient;
  live: LiveBus;
  limits: Limits<'sendMessage'>;
  direct: Pick<DirectService, 'sendRequested'>;
  attachmentKey: string;
  /** To the database, at most, for messages to busy rooms. */
  connections: number;
}): MessageService {
  const { db, live, limits, direct, attachmentKey, connections } = options;

  const write = createMessageWriter(db, connections);

  /** The author's earlier message of this clientId, when it is the same and the author may still see it. */
  const earlier = async (viewer: Viewer, message: NewMessage): Promise<MessageRow> => {
    const [row] = await db.$queryRaw<(MessageRow & { visible: boolean; sentText: string })[]>(sql`
      select ${messageColumns}, ${visible(viewer)} as visible, coalesce(original.text, message.text) as "sentText"
      from message join room on room.id = message.room_id
      left join message_version as original on original.message_id = message.id and original.seq = message.seq
      where message.author_id = ${message.authorId} and message.client_id = ${message.clientId}`);
    if (row === undefined) throw await refusal(message);
    if (row.roomId !== message.roomId || differs(row, message)) {
      throw fault(
        'IDEMPOTENCY_CONFLICT',
        'This clientId was used for another message. Make a new one for each message.',
      );
    }
    if (!row.visible) throw notFound('This room', 'input.roomId');
    return row;
  };

  /** Why a message was not sent. */
  const refusal = async (message: NewMessage): Promise<Error> => {
    await requireOpenAccount(db, message.authorId);
    const [room] = await db.$queryRaw<{ alone: boolean; answers: boolean; mentions: boolean }[]>(sql`
      select not ${inCompany} and ${openTo(sql`${message.authorId}`)} as alone,
        ${answersOne(message)} as answers, ${areMembers(sql`${message.roomId}`, message.mentionIds)} as mentions
      from room_member join room on room.id = room_id where room_id = ${message.roomId} and user_id = ${message.authorId}`);
    if (room?.alone === true) return noCompany();
    if (room?.answers === false) return notFound('The message that this one answers', 'input.replyToId');
    if (room?.mentions === false) return strangers();
    return notFound('This room', 'input.roomId');
  };

  return {
    async send(caller, input) {
      const { viewer } = caller;
      const authorId = requireUser(viewer);
      const tokens = input.attachments ?? [];
      const attached = { field: 'input.attachments', tokens, owner: authorId, max: MAX_ATTACHMENTS };
      const message: NewMessage = {
        authorId,
        roomId: input.roomId,
        clientId: readClientId(input.clientId),
        text: readMessageText(input.text, tokens.length > 0 ? 0 : 1),
        mentionIds: readMentions(input.mentionIds ?? []),
        mediaIds: await readAttachments(attachmentKey, attached),
        replyToId: input.replyToId ?? null,
        createdAt: readCreatedAt(viewer, input.createdAt),
      };
      if (!isId('rom', message.roomId)) throw notFound('This room', 'input.roomId');
      if (message.replyToId !== null && !isId('msg', message.replyToId)) {
        throw notFound('The message that this one answers', 'input.replyToId');
      }
      await limits.take(caller, 'sendMessage');

      const send = async () =>
        (await write(message)) ??
        direct.sendRequested(viewer, message.roomId, async (tx) => {
          const [inserted] = await insertMessages(tx, [message], { gate: 'openTo', wait: true });
          return typeof inserted === 'object' ? inserted : null;
        });
      const inserted = await send().catch((error: unknown) => {
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

/** Whether what was sent is not what is sent now; of an edited or deleted one, as far as that is still known. */
function differs(sent: MessageRow & { sentText: string }, message: NewMessage): boolean {
  if (sent.replyToId !== message.replyToId) return true;
  if (sent.deletedAt !== null) return false;
  const same = (left: string[], right: string[]) => left.join() === right.join();
  if (sent.sentText !== message.text || !same(sent.mediaIds, message.mediaIds)) return true;
  return sent.editedAt === null && !same(sent.mentionIds, message.mentionIds);
}

const answersOne = ({ roomId, replyToId }: NewMessage): Sql =>
  replyToId === null
    ? sql`true`
    : sql`exists (select from message where id = ${replyToId} and room_id = ${roomId} and deleted_at is null)`;
