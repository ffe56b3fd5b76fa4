import { isId } from '@chorus/kit/ids';
import { batchMany, type Loader } from '@chorus/kit/loaders';
import { sql } from '@chorus/kit/sql';
import { verifyToken } from '@chorus/kit/tokens';
import { isShared, type Viewer } from '@chorus/kit/viewer';
import { GRANT } from '@chorus/schema/claims';
import { z } from 'zod';
import type { Media, PrismaClient } from '../__generated__/prisma/client.ts';
import { mediaColumns, type MediaRow } from './media.model.ts';
import { visibleTo } from './media.policy.ts';

/** Longer than any grant of ours; nothing longer is worth verifying. */
const MAX_REF = 1000;

const grantClaims = z.object({ id: z.string(), viewer: z.string().nullable() });

/**
 * Every read of media for a viewer. The key is a `ref`: a media id, or a grant, which is good for the viewer it names
 * and no other. Hidden and missing are both null.
 */
export function mediaByRef(db: PrismaClient, attachmentKey: string, viewer: Viewer): Loader<string, MediaRow | null> {
  // Shared answers hold grants for nobody in particular, as those for anonymous visitors do.
  const viewerId = () => (isShared(viewer) ? null : viewer.userId);
  const resolve = async (ref: string): Promise<{ id: string; granted: boolean } | null> => {
    if (isId('med', ref)) return { id: ref, granted: false };
    if (ref.length > MAX_REF) return null;
    const claims = grantClaims.safeParse(await verifyToken(attachmentKey, GRANT.typ, ref));
    if (!claims.success || claims.data.viewer !== viewerId() || !isId('med', claims.data.id)) return null;
    return { id: claims.data.id, granted: true };
  };

  return batchMany<string, MediaRow | null>({
    name: 'mediaByRef',
    async load(refs) {
      const targets = await Promise.all(refs.map(resolve));
      const wanted = targets.filter((target) => target !== null);
      if (wanted.length === 0) return refs.map(() => null);
      const granted = wanted.filter((target) => target.granted).map((target) => target.id);
      const rows = await db.$queryRaw<Media[]>(sql`
        select ${mediaColumns} from media
        where id = any(${wanted.map((target) => target.id)}::text[]) and ${visibleTo(viewerId(), granted)}`);
      const byId = new Map(rows.map((row) => [row.id, row]));
      return refs.map((ref, index) => {
        const row = byId.get(targets[index]?.id ?? '');
        return row === undefined ? null : { ...row, ref };
      });
    },
  });
}
