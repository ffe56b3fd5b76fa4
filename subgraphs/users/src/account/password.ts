import { badInput } from '@chorus/kit/errors';
import { hash, verify } from '@node-rs/argon2';
import { createWorkQueue } from './work-queue.ts';

/** OWASP's first choice, in the package's default variant argon2id: 19 MiB, two passes, one lane. */
export const COST = { memoryCost: 19 * 1024, timeCost: 2, parallelism: 1 } as const;

/** What a password that nobody has is compared with: it costs the same and equals nothing. */
export const DECOY = `$argon2id$v=19$m=${COST.memoryCost},t=${COST.timeCost},p=${COST.parallelism}$${'A'.repeat(22)}$${'A'.repeat(43)}`;

const MIN = 10;
const MAX = 200;
const MAX_WAIT_MS = 2000;

/** Hashing and comparing, a few at once; both throw GraphQLError RATE_LIMITED when the queue is 2 s long. */
export interface Passwords {
  hash(password: string): Promise<string>;
  /** `stored` null: there is no such account. It takes as long, and the answer is false. */
  matches(password: string, stored: string | null): Promise<boolean>;
}

export function createPasswords({ concurrency }: { concurrency: number }): Passwords {
  const queued = createWorkQueue({ concurrency, maxWaitMs: MAX_WAIT_MS });
  return {
    hash: (password) => queued(() => hash(password, COST)),
    matches: async (password, stored) => (await queued(() => verify(stored ?? DECOY, password))) && stored !== null,
  };
}

/**
 * A password to be set: long, of whatever characters.
 * @throws GraphQLError BAD_USER_INPUT
 */
export function readNewPassword(field: string, value: string): string {
  const password = readPassword(field, value);
  if (Array.from(password).length < MIN) throw badInput(field, `A password has at least ${MIN} characters.`);
  return password;
}

/**
 * A password that is tried. Composed alike on every keyboard (NFKC, as NIST SP 800-63B asks).
 * @throws GraphQLError BAD_USER_INPUT for one that nobody can have
 */
export function readPassword(field: string, value: string): string {
  if (value.length === 0) throw badInput(field, 'Give a password.');
  if (!value.isWellFormed()) throw badInput(field, 'This password has half of a surrogate pair.');
  // A code point has at most two units: a much longer text need not be counted.
  if (value.length > 2 * MAX || Array.from(value).length > MAX) {
    throw badInput(field, `A password has at most ${MAX} characters.`);
  }
  return value.normalize('NFKC');
}
