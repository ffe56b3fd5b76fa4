import { type LiveBus, type LiveStream, type Log, type LogHubs, type LogPosition, streamLog } from '@chorus/kit/live';
import type { Logger } from '@chorus/kit/logger';
import { roomCursors } from './cursor.ts';
import type { RoomEventModel } from './live.model.ts';
import { endsFor, type LogEntry, type RoomLog, type RoomLogPage, roomChannel } from './room-log.ts';

export interface RoomStreamOptions {
  log: RoomLog;
  /** Of the rooms that this process streams. */
  hubs: LogHubs<LogEntry, RoomLogPage, RoomEventModel>;
  live: LiveBus;
  logger: Logger;
  /** How often a quiet stream looks whether it missed a wake-up. */
  headCheckMs: number;
}

/** Who reads what from where. */
export interface RoomSubscription {
  roomId: string;
  userId: string;
  /** A decoded cursor; null: from now on. */
  after: LogPosition | null;
  /** Called once, when the stream has ended. */
  onEnd?: () => void;
}

/**
 * A room's events after a position, each once and in order (kit's streamLog says why), for as long as the reader is a
 * member.
 *
 * Every read of its own asks for the membership in the same statement. A page read as a member has no MEMBER_LEFT of this
 * reader, and the read after it finds no membership: END comes before any later entry. The room's hub reads for all who
 * stand at the end, without asking: a member at one position is one at the next, unless the entry between is their
 * MEMBER_LEFT, and before that the hub lets them go, to read on their own.
 *
 * RESET (fetch the room again, go on from here) answers also a position from before the reader's latest joining: what
 * happened while they were away is not replayed, but is part of the room that they fetch.
 */
export function streamRoom(
  options: RoomStreamOptions,
  { roomId, userId, after, onEnd }: RoomSubscription,
): LiveStream<RoomEventModel> {
  return streamLog(logOf(options, roomId), { reader: userId, after, onEnd }, options.hubs);
}

function logOf(
  { log, live, logger, headCheckMs }: RoomStreamOptions,
  roomId: string,
): Log<LogEntry, RoomLogPage, RoomEventModel> {
  const cursors = roomCursors(roomId);
  return {
    live,
    channel: roomChannel(roomId),
    headCheckMs,
    read: (userId, position) => log.read(roomId, userId, position),
    tail: (position) => log.tail(roomId, position),
    endsFor,
    readers: (userIds) => log.readers(roomId, userIds),
    admits: ({ joinedSeq }, position) => position >= joinedSeq,
    toFrame: (entry, at) => toEvent(entry, cursors.encode(at)),
    toReset: (at) => ({ __typename: 'RoomReset', cursor: cursors.encode(at) }),
    toEnd: () => ({ __typename: 'RoomEnd', reason: 'NOT_A_MEMBER' }),
    onRecovery: (recovery, entries) => logger.debug({ recovery, roomId, entries }, 'a stream recovered events'),
  };
}

const person = (id: string | null) => (id === null ? null : { id });

function toEvent(entry: LogEntry, cursor: string): RoomEventModel {
  const { seq } = entry;
  switch (entry.kind) {
    case 'MESSAGE_CREATED':
      return { __typename: 'MessageCreated', cursor, seq, message: entry.message };
    case 'MESSAGE_EDITED':
      return { __typename: 'MessageEdited', cursor, seq, message: entry.message };
    case 'MESSAGE_DELETED':
      return { __typename: 'MessageDeleted', cursor, seq, message: entry.message };
    case 'REACTION_ADDED':
    case 'REACTION_REMOVED': {
      const { message, emoji } = entry;
      const __typename = entry.kind === 'REACTION_ADDED' ? 'ReactionAdded' : 'ReactionRemoved';
      return { __typename, cursor, seq, message, user: { id: entry.userId }, emoji };
    }
    case 'MEMBER_JOINED': {
      const { userId: id, byUserId, role } = entry;
      return { __typename: 'MemberJoined', cursor, seq, user: { id }, invitedBy: person(byUserId), role };
    }
    case 'MEMBER_ROLE_CHANGED': {
      const { userId: id, byUserId, role } = entry;
      return { __typename: 'MemberRoleChanged', cursor, seq, user: { id }, changedBy: person(byUserId), role };
    }
    case 'ROOM_UPDATED': {
      const { name, avatarMediaId: avatarId, byUserId } = entry;
      return { __typename: 'RoomUpdated', cursor, seq, name, avatarId, updatedBy: person(byUserId) };
    }
  }
  const { userId: id, byUserId, reason: departure } = entry;
  return { __typename: 'MemberLeft', cursor, seq, user: { id }, removedBy: person(byUserId), departure };
}
