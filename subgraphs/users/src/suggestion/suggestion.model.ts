/** Somebody the viewer may know. */
export interface SuggestedUserModel {
  userId: string;
  followedByCount: number;
}
