import { raw } from '@chorus/kit/sql';

/** A message that the viewer may see. */
export interface MessageRow {
  id: string;
  roomId: string;
  /** Its event's sequence number in the room. */
  seq: number;
  authorId: string;
  clientId: string;
  text: string;
  createdAt: Date;
}

/** Selects a MessageRow from the table `message`. */
export const messageColumns = raw(`message.id, message.room_id as "roomId", message.seq,
  message.author_id as "authorId", message.client_id as "clientId", message.text, message.created_at as "createdAt"`);
