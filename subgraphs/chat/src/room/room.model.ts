import { raw, type Sql, sql } from '@chorus/kit/sql';
import type { Viewer } from '@chorus/kit/viewer';
import type { RoomKind, RoomRole } from '../__generated__/resolvers.ts';

/** A room that the viewer may see. */
export interface RoomRow {
  id: string;
  kind: RoomKind;
  /** Null for a direct room, and for that of a post. */
  name: string | null;
  avatarMediaId: string | null;
  postId: string | null;
  /** Null once the account is erased. */
  createdBy: string | null;
  createdAt: Date;
  memberCount: number;
  /** The sequence number of the room's last event, at the moment of this read. */
  lastSeq: number;
  logEpoch: string;
  lastActivityAt: Date;
  lastMessageId: string | null;
  /** Null for whoever is not a member. */
  viewerRole: RoomRole | null;
  /** The other person of a direct room. */
  peerId: string | null;
  request: 'PENDING' | 'ACCEPTED' | 'DECLINED' | null;
  requesterId: string | null;
  requestedAt: Date | null;
}

/** Where roomColumns are selected from. */
export const roomTable = raw('room left join direct_room on direct_room.room_id = room.id');

/** Selects a RoomRow from roomTable. */
export const roomColumns = ({ userId }: Viewer): Sql => sql`room.id, room.kind, room.name,
  room.avatar_media_id as "avatarMediaId", room.post_id as "postId", room.created_by as "createdBy",
  room.created_at as "createdAt", room.member_count as "memberCount", room.last_seq as "lastSeq",
  room.log_epoch as "logEpoch", room.last_activity_at as "lastActivityAt", room.last_message_id as "lastMessageId",
  (select role from room_member where room_member.room_id = room.id and room_member.user_id = ${userId}) as "viewerRole",
  case direct_room.low_id when ${userId} then direct_room.high_id else direct_room.low_id end as "peerId",
  direct_room.request, direct_room.requester_id as "requesterId", direct_room.requested_at as "requestedAt"`;
