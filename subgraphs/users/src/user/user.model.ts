import { raw } from '@chorus/kit/sql';

/** A person as stored; `id` is the global id. */
export interface UserRow {
  id: string;
  handle: string;
  name: string;
  bio: string | null;
  avatarMediaId: string | null;
  isPrivate: boolean;
  createdAt: Date;
}

/** The columns of a UserRow. */
export const userColumns = raw(
  'id, handle, name, bio, avatar_media_id as "avatarMediaId", is_private as "isPrivate", created_at as "createdAt"',
);
