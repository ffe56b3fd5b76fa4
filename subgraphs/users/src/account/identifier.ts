import { badInput } from '@chorus/kit/errors';
import type { PrismaClient } from '../__generated__/prisma/client.ts';
import { canonicalHandle } from '../user/handle.ts';

const MAX_EMAIL = 254;
const EMAIL = /^[^\s@"<>(),;:\\[\]\p{C}]{1,64}@[^\s@"<>(),;:\\[\]\p{C}]+\.[^\s@"<>(),;:\\[\]\p{C}.]{2,}$/u;

/** An e-mail address as it is stored; null when it cannot be one. Whether somebody reads it, only a letter can tell. */
export function canonicalEmail(value: string): string | null {
  const email = value.trim().toLowerCase();
  return email.length > MAX_EMAIL || email.includes('..') || !EMAIL.test(email) ? null : email;
}

/** @throws GraphQLError BAD_USER_INPUT */
export function readEmail(field: string, value: string): string {
  const email = canonicalEmail(value);
  if (email === null) throw badInput(field, 'This is not an e-mail address.');
  return email;
}

/**
 * What somebody names an account by: a handle or an address, or neither.
 * @throws GraphQLError BAD_USER_INPUT
 */
export function readIdentifier(field: string, value: string): string {
  const identifier = value.trim();
  if (identifier === '' || identifier.length > MAX_EMAIL) throw badInput(field, 'Give a handle or an e-mail address.');
  return identifier;
}

// No handle has an @ but in front.
const isEmail = (identifier: string): boolean => identifier.lastIndexOf('@') > 0;

/** One spelling for all that find the same account by the same name. */
export const canonicalIdentifier = (identifier: string): string =>
  (isEmail(identifier) ? null : canonicalHandle(identifier)) ?? identifier.toLowerCase();

/** What signs a person in, and what the person is called; null when there is no such account. */
export async function findCredential(db: PrismaClient, identifier: string) {
  // A deleted account is nobody's any more.
  const user = { state: { not: 'DELETED' as const } };
  const include = { user: { select: { handle: true, name: true } } } as const;
  if (isEmail(identifier)) {
    const email = identifier.toLowerCase();
    return EMAIL.test(email) ? db.credential.findUnique({ where: { email, user }, include }) : null;
  }
  const handle = canonicalHandle(identifier);
  return handle === null ? null : db.credential.findFirst({ where: { user: { handle, ...user } }, include });
}
