import { notFound } from '@chorus/kit/errors';
import type { Caller, Limits } from '@chorus/kit/limits';
import type { LiveBus } from '@chorus/kit/live';
import type { SqlClient } from '@chorus/kit/sql';
import { requireUser } from '@chorus/kit/viewer';
import { isMember } from './typing.policy.ts';

/** Where it is told who types in a room. */
export const typingChannel = (roomId: string): string => `chorus:live:typing:${roomId}`;

/** As it travels; it is stored nowhere. */
export interface TypingSignal {
  userId: string;
  isTyping: boolean;
}

export interface TypingService {
  /**
   * Tells the room that the viewer types, for the next seconds, or no longer does.
   * @throws GraphQLError UNAUTHENTICATED, NOT_FOUND, RATE_LIMITED
   */
  set(caller: Caller, roomId: string, isTyping: boolean): Promise<void>;
}

export function createTypingService(options: {
  db: SqlClient;
  live: LiveBus;
  limits: Limits<'setTyping'>;
}): TypingService {
  const { db, live, limits } = options;
  return {
    async set(caller, roomId, isTyping) {
      const userId = requireUser(caller.viewer);
      await limits.take(caller, 'setTyping');
      if (!(await isMember(db, roomId, userId))) throw notFound('This room', 'roomId');
      const signal: TypingSignal = { userId, isTyping };
      live.publish(typingChannel(roomId), signal);
    },
  };
}
