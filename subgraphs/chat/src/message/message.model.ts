import { raw } from '@chorus/kit/sql';
import type { ReactionCounts } from '../reaction/reaction.model.ts';

/** A message that the viewer may see. */
export interface MessageRow {
  id: string;
  roomId: string;
  /** Its event's sequence number in the room. */
  seq: number;
  /** Null once the account is erased. */
  authorId: string | null;
  clientId: string;
  /** Empty once it is deleted. */
  text: string;
  mentionIds: string[];
  mediaIds: string[];
  replyToId: string | null;
  createdAt: Date;
  editedAt: Date | null;
  deletedAt: Date | null;
  deletedById: string | null;
  reactions: ReactionCounts;
}

/** Selects a MessageRow from the table `message`. */
export const messageColumns = raw(`message.id, message.room_id as "roomId", message.seq,
  message.author_id as "authorId", message.client_id as "clientId", message.text, message.mention_ids as "mentionIds",
  message.media_ids as "mediaIds", message.reply_to_id as "replyToId", message.created_at as "createdAt",
  message.edited_at as "editedAt", message.deleted_at as "deletedAt", message.deleted_by as "deletedById",
  message.reactions`);

/** One version of an edited message's text. */
export interface MessageEditRow {
  messageId: string;
  /** Of the event that brought it. */
  seq: number;
  text: string;
  writtenAt: Date;
}
