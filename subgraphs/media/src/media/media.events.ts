import type { Handlers } from '@chorus/kit/events';
import type { Prisma } from '../__generated__/prisma/client.ts';

/**
 * What posts tell of media. A public post makes what it carries public, if it is its author's own. Nothing makes it
 * private again yet, so an event that comes twice, late or out of order changes nothing.
 */
export const mediaEvents: Handlers<Prisma.TransactionClient> = {
  async 'post.created'(tx, { payload }) {
    if (payload.visibility !== 'PUBLIC' || payload.mediaIds.length === 0) return;
    await tx.media.updateMany({
      where: { id: { in: payload.mediaIds }, ownerId: payload.authorId, isPublic: false },
      data: { isPublic: true },
    });
  },
};
