import { badInput } from './errors.ts';
import { requireService, type Viewer } from './viewer.ts';

/**
 * When something that is written now came to be elsewhere: what an importer may say, and nobody else.
 * @param field the path of the input field
 * @returns null when nothing is said: now
 * @throws GraphQLError FORBIDDEN to all but service accounts; BAD_USER_INPUT for a time before 1970 or yet to come
 */
export function readCreatedAt(
  viewer: Viewer,
  createdAt: Date | null | undefined,
  field = 'input.createdAt',
): Date | null {
  if (createdAt == null) return null;
  requireService(viewer);
  if (createdAt.getTime() > Date.now()) throw badInput(field, 'This time is in the future.');
  if (createdAt.getTime() < 0) throw badInput(field, 'Times start with the year 1970.');
  return createdAt;
}
