/** A session as it is answered, once: the token is not stored. */
export interface SessionModel {
  userId: string;
  accessToken: string;
  expiresAt: Date;
}
