import { badInput } from '@chorus/kit/errors';

const HANDLE = /^[a-z0-9_.]{3,30}$/;

/** Names under which somebody could pass for the house. */
const reserved = new Set(
  'admin administrator anonymous api auth bot chorus everyone help here login logout me media mod moderator null official owner root security settings signup staff status support system team undefined'.split(
    ' ',
  ),
);

/** Whether only a service account may give it. */
export const isReserved = (handle: string): boolean => reserved.has(handle);

/** A handle as stored, of what somebody wrote, with or without a leading @; null when it cannot be one. */
export function canonicalHandle(written: string): string | null {
  const handle = written.trim().replace(/^@/, '').toLowerCase();
  return HANDLE.test(handle) ? handle : null;
}

/**
 * A handle to be given.
 * @throws GraphQLError BAD_USER_INPUT
 */
export function readHandle(field: string, written: string): string {
  const handle = canonicalHandle(written);
  if (handle === null) throw badInput(field, 'A handle has 3 to 30 of the characters a-z, 0-9, _ and .');
  return handle;
}

/**
 * A handle that somebody chooses.
 * @throws GraphQLError BAD_USER_INPUT
 */
export function readNewHandle(field: string, written: string): string {
  const handle = readHandle(field, written);
  if (isReserved(handle)) throw badInput(field, 'This handle is reserved. Choose another.');
  return handle;
}
