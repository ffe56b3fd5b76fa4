import type { Connection } from '@chorus/kit/connections';

/** The person is read by the loader of people, when it is asked for. */
export interface UserSearchEdgeModel {
  cursor: string;
  userId: string;
}

export type UserSearchConnectionModel = Connection<UserSearchEdgeModel>;
