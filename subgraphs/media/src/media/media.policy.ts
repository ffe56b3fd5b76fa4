import type { Prisma } from '../__generated__/prisma/client.ts';

/** What a viewer may see: their own media, public media, and what they hold a grant for. */
export const visibleTo = (viewerId: string | null, granted: readonly string[]): Prisma.MediaWhereInput => ({
  OR: [
    { isPublic: true },
    ...(viewerId === null ? [] : [{ ownerId: viewerId }]),
    ...(granted.length === 0 ? [] : [{ id: { in: [...granted] } }]),
  ],
});
