import { raw } from '@chorus/kit/sql';

/** A room that the viewer may see. */
export interface RoomRow {
  id: string;
  name: string;
  createdBy: string;
  createdAt: Date;
  memberCount: number;
  /** The sequence number of the room's last event, at the moment of this read. */
  lastSeq: number;
  logEpoch: string;
  lastActivityAt: Date;
  lastMessageId: string | null;
}

/** Selects a RoomRow from the table `room`. */
export const roomColumns = raw(`room.id, room.name, room.created_by as "createdBy", room.created_at as "createdAt",
  room.member_count as "memberCount", room.last_seq as "lastSeq", room.log_epoch as "logEpoch",
  room.last_activity_at as "lastActivityAt", room.last_message_id as "lastMessageId"`);
