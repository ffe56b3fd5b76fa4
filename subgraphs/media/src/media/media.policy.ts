import { shown } from '@chorus/kit/accounts';
import { type Sql, sql } from '@chorus/kit/sql';

/** Whether the owner's account is not hidden: else nobody sees a medium, wherever it is served. */
export const ownerShown: Sql = shown('media.owner_id');

/** What a viewer may see: their own media, public media, and what they hold a grant for. */
export const visibleTo = (viewerId: string | null, granted: readonly string[]): Sql => sql`
  (is_public or owner_id = ${viewerId} or id = any(${granted}::text[])) and ${ownerShown}`;
