import type { RoomEndReason } from '../__generated__/resolvers.ts';
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
      user: { id: string };
      emoji: string;
    }
  | { __typename: 'MemberJoined'; cursor: string; seq: number; user: { id: string }; invitedBy: { id: string } | null }
  | { __typename: 'MemberLeft'; cursor: string; seq: number; user: { id: string } }
  | { __typename: 'RoomReset'; cursor: string }
  | { __typename: 'RoomEnd'; reason: RoomEndReason };
