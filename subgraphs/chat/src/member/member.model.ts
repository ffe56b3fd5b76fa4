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

/** One person who is banned from a room. */
export interface BanRow {
  roomId: string;
  userId: string;
  /** Null once the account is erased. */
  byUserId: string | null;
  bannedAt: Date;
}

/** A ban in a page. */
export type BanEdgeModel = BanRow & { cursor: string };

/** A membership in a page. */
export type MemberEdgeModel = MemberRow & { cursor: string };
