import type { Departure, RoomEndReason, RoomRole } from '../__generated__/resolvers.ts';
import type { MessageRow } from '../message/message.model.ts';

/** One frame of a room's events, with all that its fields need: no event costs a read of its own. */
export type RoomEventModel =
  | { __typename: 'MessageCreated'; cursor: string; seq: number; message: MessageRow }
  | { __typename: 'MessageEdited' | 'MessageDeleted'; cursor: string; seq: number; message: MessageRow }
  | {
      __typename: 'ReactionAdded' | 'ReactionRemoved';
      cursor: string;
      seq: number;
      message: MessageRow;
      user: Ref;
      emoji: string;
    }
  | { __typename: 'MemberJoined'; cursor: string; seq: number; user: Ref; invitedBy: Ref | null; role: RoomRole }
  | {
      __typename: 'MemberLeft';
      cursor: string;
      seq: number;
      user: Ref;
      removedBy: Ref | null;
      departure: Departure;
    }
  | { __typename: 'MemberRoleChanged'; cursor: string; seq: number; user: Ref; changedBy: Ref | null; role: RoomRole }
  | {
      __typename: 'RoomUpdated';
      cursor: string;
      seq: number;
      name: string | null;
      avatarId: string | null;
      updatedBy: Ref | null;
    }
  | { __typename: 'RoomReset'; cursor: string }
  | { __typename: 'RoomEnd'; reason: RoomEndReason };

/** Leads to a person. */
interface Ref {
  id: string;
}
