/** A session as it is answered when it was opened or refreshed. Its tokens are not stored. */
export interface SessionModel {
  userId: string;
  accessToken: string;
  expiresAt: Date;
  /** Null where it goes out as a cookie. */
  refreshToken: string | null;
  refreshExpiresAt: Date;
}

/** A session as its owner sees it. */
export interface ActiveSessionRow {
  id: string;
  device: string | null;
  address: string;
  createdAt: Date;
  lastUsedAt: Date;
  expiresAt: Date;
}
