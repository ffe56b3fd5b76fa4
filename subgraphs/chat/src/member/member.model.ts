import type { RoomRole } from '../__generated__/resolvers.ts';

/** One membership of a room. */
export interface MemberRow {
  roomId: string;
  userId: string;
  role: RoomRole;
  /** The sequence number of their joining: orders the members of a room. */
  joinedSeq: number;
  joinedAt: Date;
}

/** A membership in a page. */
export type MemberEdgeModel = MemberRow & { cursor: string };
