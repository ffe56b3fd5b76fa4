/** An invitation that waits for the viewer's answer, with what they may know of the room before. */
export interface InvitationRow {
  roomId: string;
  roomName: string | null;
  avatarMediaId: string | null;
  memberCount: number;
  byUserId: string;
  createdAt: Date;
}

/** An invitation in a page. */
export interface InvitationEdgeModel {
  cursor: string;
  node: InvitationRow;
}
