/** What stands between the viewer and a room of theirs. */
export interface RoomViewerRow {
  roomId: string;
  /** Everything up to this sequence number is read, what came before they joined included. */
  lastReadSeq: number;
  isMuted: boolean;
  /** Null when it is not muted, or for good. */
  mutedUntil: Date | null;
}

/** What a member has not read of a room. */
export interface UnreadRow {
  roomId: string;
  /** At most MAX_COUNTED. */
  count: number;
  firstId: string | null;
}
