import { badInput } from '@chorus/kit/errors';

/** Stands for a room that is muted until its member says otherwise. */
export const FOR_GOOD = new Date('9999-12-31T00:00:00Z');

/**
 * Until when a room is muted.
 * @throws GraphQLError BAD_USER_INPUT for the past
 */
export function readMutedUntil(until: Date | null): Date {
  if (until === null) return FOR_GOOD;
  if (until.getTime() <= Date.now()) throw badInput('until', 'Give a time to come, or none to mute the room for good.');
  return until < FOR_GOOD ? until : FOR_GOOD;
}
