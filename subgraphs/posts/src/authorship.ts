import { readCreatedAt } from '@chorus/kit/backdating';
import { requireVerified, type Viewer } from '@chorus/kit/viewer';

/** Who writes, and when if not now. */
export interface Authorship {
  authorId: string;
  createdAt: Date | null;
}

/**
 * The viewer as an author, whose e-mail address is verified. A service account that imports may say when the text was written.
 * @throws GraphQLError UNAUTHENTICATED; FORBIDDEN without, and when anybody else says so; BAD_USER_INPUT for times out of range
 */
export function readAuthorship(viewer: Viewer, createdAt: Date | null | undefined): Authorship {
  const authorId = requireVerified(viewer);
  return { authorId, createdAt: readCreatedAt(viewer, createdAt) };
}
