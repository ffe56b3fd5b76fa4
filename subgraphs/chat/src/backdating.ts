import { badInput } from '@chorus/kit/errors';
import { requireService, type Viewer } from '@chorus/kit/viewer';

/**
 * When an imported room or message came to be; null, for now, when nothing is said.
 * @throws GraphQLError FORBIDDEN to all but service accounts; BAD_USER_INPUT for a time out of range
 */
export function readCreatedAt(viewer: Viewer, createdAt: Date | null | undefined): Date | null {
  if (createdAt == null) return null;
  requireService(viewer);
  if (createdAt.getTime() > Date.now()) throw badInput('input.createdAt', 'This time is in the future.');
  if (createdAt.getTime() < 0) throw badInput('input.createdAt', 'Times start with the year 1970.');
  return createdAt;
}
