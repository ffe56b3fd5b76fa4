import type { Page } from '@chorus/kit/connections';

/** Who follows a person, or whom that person follows. */
export type FollowList = 'followers' | 'following';

/** A page asked for; its rows and its total are read when a field wants them. */
export interface UserConnectionModel {
  userId: string;
  list: FollowList;
  page: Page;
}

export interface UserEdgeModel {
  cursor: string;
  /** The person at the other end. */
  userId: string;
  followedAt: Date;
}
