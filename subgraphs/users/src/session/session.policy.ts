import { unauthenticated } from '@chorus/kit/errors';
import type { Viewer } from '@chorus/kit/viewer';

/** Whose session, and which. */
export interface SessionOf {
  userId: string;
  sessionId: string;
}

/**
 * The viewer's own session. Only a person who signed in has one; a service account that acts for somebody has not.
 * @throws GraphQLError UNAUTHENTICATED
 */
export function requireSession({ userId, sessionId }: Viewer): SessionOf {
  if (userId === null || sessionId === null) throw unauthenticated();
  return { userId, sessionId };
}

/** Access tokens live on for a moment after their session. */
export const sessionEnded = () => unauthenticated('The session has ended. Sign in again.');
