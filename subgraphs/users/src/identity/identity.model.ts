export interface LinkedIdentityRow {
  provider: string;
  email: string | null;
  linkedAt: Date;
  lastUsedAt: Date;
}
