import type { Connection } from '@chorus/kit/connections';

/** A post as its fields resolve. */
export interface PostRow {
  id: string;
  authorId: string;
  text: string;
  mediaIds: string[];
  mentionIds: string[];
  createdAt: Date;
}

/** An edge knows its post by id; the node is read by the post's own loader, when it is asked for. */
export interface PostEdgeModel {
  cursor: string;
  postId: string;
}

export type PostConnectionModel = Connection<PostEdgeModel>;

/** A post's place in a list by time. */
export interface PostPosition {
  id: string;
  createdAt: Date;
}
