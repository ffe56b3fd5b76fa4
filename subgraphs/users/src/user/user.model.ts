import { raw } from '@chorus/kit/sql';

/** A person as stored; `id` is the global id. */
export interface UserRow {
  id: string;
  handle: string;
  name: string;
  bio: string | null;
  avatarMediaId: string | null;
  bannerMediaId: string | null;
  link: string | null;
  pronouns: string | null;
  isPrivate: boolean;
  createdAt: Date;
}

/** The columns of a UserRow. */
export const userColumns = raw(`id, handle, name, bio, avatar_media_id as "avatarMediaId",
  banner_media_id as "bannerMediaId", link, pronouns, is_private as "isPrivate", created_at as "createdAt"`);
