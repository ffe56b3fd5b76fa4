/** An account as its owner sees it. */
export interface AccountRow {
  userId: string;
  email: string;
  emailVerified: boolean;
  pendingEmail: string | null;
  hasPassword: boolean;
}
