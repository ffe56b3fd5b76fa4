import { badInput } from '@chorus/kit/errors';
import { requireService, requireUser, type Viewer } from '@chorus/kit/viewer';

/** Who writes, and when if not now. */
export interface Authorship {
  authorId: string;
  createdAt: Date | null;
}

/**
 * The viewer as an author. A service account that imports may say when the text was written.
 * @throws GraphQLError UNAUTHENTICATED; FORBIDDEN when anybody else says so; BAD_USER_INPUT for times out of range
 */
export function readAuthorship(viewer: Viewer, createdAt: Date | null | undefined): Authorship {
  const authorId = requireUser(viewer);
  if (createdAt == null) return { authorId, createdAt: null };
  requireService(viewer);
  if (createdAt.getTime() > Date.now()) throw badInput('input.createdAt', 'This time has yet to come.');
  if (createdAt.getTime() < 0) throw badInput('input.createdAt', 'Times start with the year 1970.');
  return { authorId, createdAt };
}
