import { badInput } from '@chorus/kit/errors';
import { parseOptions as parseBcrypt } from '@node-rs/bcrypt';
import { isCommonPassword } from './common-password.ts';
import { Hashers } from './hashing/hashers.ts';
import { createWorkQueue } from './work-queue.ts';

/** OWASP's first choice, in the package's default variant argon2id: 19 MiB, two passes, one lane. */
export const COST = { memoryCost: 19 * 1024, timeCost: 2, parallelism: 1 } as const;

const OURS = `$argon2id$v=19$m=${COST.memoryCost},t=${COST.timeCost},p=${COST.parallelism}$`;
/** What a password that nobody has is compared with: it costs the same and equals nothing. */
export const DECOY = `${OURS}${'A'.repeat(22)}$${'A'.repeat(43)}`;

const MIN = 10;
const MAX = 200;
const MAX_WAIT_MS = 2000;
/** One argon2id, generously. */
const GUESS_MS = 30;
/** The one that a thread is at, and the next. */
const JOBS_PER_THREAD = 2;
/** Each one more doubles the time; this one takes up to half a second. */
const MAX_BCRYPT_COST = 12;
const BCRYPT = /^\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}$/;

/** Hashing and comparing, a few at once, in threads; both throw GraphQLError RATE_LIMITED when the queue is 2 s long. */
export interface Passwords {
  hash(password: string): Promise<string>;
  /**
   * Compares a password, as it was written, with a stored hash: argon2id, or bcrypt of an import.
   * @param stored null: there is no such account. It takes as long as with one of ours, and does not match
   * @returns `replacement`: what is to be stored instead of a hash that was not made as today's are
   */
  check(password: string, stored: string | null): Promise<{ matches: boolean; replacement: string | null }>;
  /** What is under way fails. */
  stop(): Promise<void>;
}

export function createPasswords({ concurrency }: { concurrency: number }): Passwords {
  const queued = createWorkQueue({
    concurrency: concurrency * JOBS_PER_THREAD,
    guessMs: GUESS_MS * JOBS_PER_THREAD,
    maxWaitMs: MAX_WAIT_MS,
  });
  const hashers = new Hashers(concurrency);
  const argon2 = async (password: string): Promise<string> =>
    String(await hashers.run({ kind: 'hash', password: composed(password), cost: COST }));
  /** bcrypt takes the password as it was written, because so it was hashed elsewhere; what is over 72 bytes never counted. */
  const compare = async (password: string, stored: string): Promise<boolean> =>
    (await hashers.run(
      BCRYPT.test(stored)
        ? { kind: 'bcrypt', password, stored }
        : { kind: 'argon2', password: composed(password), stored },
    )) === true;
  return {
    hash: (password) => queued(() => argon2(password)),
    check: (password, stored) =>
      queued(async () => {
        const against = stored ?? DECOY;
        const matches = (await compare(password, against)) && stored !== null;
        return { matches, replacement: matches && !against.startsWith(OURS) ? await argon2(password) : null };
      }),
    stop: () => hashers.stop(),
  };
}

/** The same on every keyboard: NFKC, as NIST SP 800-63B asks. */
const composed = (password: string): string => password.normalize('NFKC');

/**
 * A password to be set: long, of whatever characters, and not one of those that are tried first.
 * @param names of the person, which are tried first as well
 * @throws GraphQLError BAD_USER_INPUT
 */
export function readNewPassword(field: string, value: string, names: readonly string[]): string {
  const password = readPassword(field, value);
  const text = composed(password);
  if (Array.from(text).length < MIN) throw badInput(field, `A password has at least ${MIN} characters.`);
  if (isCommonPassword(text, names)) {
    throw badInput(
      field,
      'This password is one of the first that others would try. Choose one that is harder to guess.',
    );
  }
  return password;
}

/** What is tried first of a person's own. */
export const namesOf = ({ handle, name, email }: { handle: string; name: string; email: string }): string[] => [
  handle,
  name,
  email.slice(0, email.indexOf('@')),
];

/**
 * A password that is tried.
 * @throws GraphQLError BAD_USER_INPUT for one that nobody can have
 */
export function readPassword(field: string, value: string): string {
  if (value.length === 0) throw badInput(field, 'Give a password.');
  if (!value.isWellFormed()) throw badInput(field, 'This password has half of a surrogate pair.');
  // A code point has at most two units: a much longer text need not be counted.
  if (value.length > 2 * MAX || Array.from(value).length > MAX) {
    throw badInput(field, `A password has at most ${MAX} characters.`);
  }
  return value;
}

/**
 * A hash that another service made: bcrypt of a cost of at most 12.
 * @throws GraphQLError BAD_USER_INPUT
 */
export function readImportedHash(field: string, value: string): string {
  if (!BCRYPT.test(value) || parseBcrypt(value).cost > MAX_BCRYPT_COST) {
    throw badInput(field, `This is not a bcrypt hash ($2a$, $2b$ or $2y$) of a cost of at most ${MAX_BCRYPT_COST}.`);
  }
  return value;
}
