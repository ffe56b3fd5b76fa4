import type { Connection } from '@chorus/kit/connections';

/** A comment as its fields resolve. */
export interface CommentRow {
  id: string;
  postId: string;
  authorId: string;
  replyToId: string | null;
  text: string;
  mentionIds: string[];
  createdAt: Date;
}

/** An edge knows its comment by id; the node is read by the comment's own loader, when it is asked for. */
export interface CommentEdgeModel {
  cursor: string;
  commentId: string;
}

/** Carries its post, so that totalCount is read only when asked for. */
export interface CommentConnectionModel extends Connection<CommentEdgeModel> {
  postId: string;
}
