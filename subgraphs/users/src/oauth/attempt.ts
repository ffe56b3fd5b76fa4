import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Logger } from '@chorus/kit/logger';
import { createLoop } from '@chorus/kit/loop';
import type { Running } from '@chorus/kit/service';
import { sql, type SqlClient } from '@chorus/kit/sql';
import type { Checks } from './provider.ts';

export const ATTEMPT_SECONDS = 600;

/** Somebody's way to a provider and back. */
export interface Attempt {
  provider: string;
  /** Where it ends. */
  returnTo: string;
  /** Of the client that will exchange a code; null: the browser itself gets the session. */
  codeChallenge: string | null;
}

/**
 * Attempts that are under way. A browser has the secret of its own in a cookie; all that the provider is told (state,
 * nonce, challenge) is made of it, and the row has its hash. So a callback is good in that browser alone, once, and what
 * is stored lets nobody finish an attempt.
 */
export interface Attempts {
  begin(secret: string, attempt: Attempt): Promise<void>;
  /**
   * The attempt that this callback ends, if it is this browser's, and ended by nothing before.
   * @param state what came with the callback
   */
  take(secret: string, provider: string, state: string): Promise<Attempt | null>;
}

export function createAttempts(db: SqlClient): Attempts {
  return {
    async begin(secret, { provider, returnTo, codeChallenge }) {
      await db.$executeRaw(sql`
        insert into oauth_attempt (secret_hash, provider, return_to, code_challenge, expires_at)
        values (${hashOf(secret)}, ${provider}, ${returnTo}, ${codeChallenge},
                now() + ${ATTEMPT_SECONDS} * interval '1 second')`);
    },

    async take(secret, provider, state) {
      // Before anything is used up: a link to a forged callback must not end what the person has begun.
      if (!equal(state, checksOf(secret).state)) return null;
      const [attempt] = await db.$queryRaw<Attempt[]>(sql`
        delete from oauth_attempt
        where secret_hash = ${hashOf(secret)} and provider = ${provider} and expires_at > now()
        returning provider, return_to as "returnTo", code_challenge as "codeChallenge"`);
      return attempt ?? null;
    },
  };
}

/** What nobody guesses. */
export const newSecret = (): string => randomBytes(32).toString('base64url');

/** What the provider is told of an attempt; each is 256 bits that tell nothing of the others. */
export function checksOf(secret: string): Checks {
  const made = (use: string) => createHmac('sha256', secret).update(use).digest('base64url');
  return { state: made('state'), nonce: made('nonce'), codeVerifier: made('verifier') };
}

/** As PKCE makes a challenge of a verifier (S256), which also hides a secret that has 256 bits. */
export const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('base64url');

/** Whether two texts are the same, in a time that does not tell how far they are. */
export const equal = (one: string, other: string): boolean =>
  timingSafeEqual(Buffer.from(hashOf(one)), Buffer.from(hashOf(other)));

const PURGE_BATCH = 1000;

/** Deletes attempts and codes that nobody ended, now and every ten minutes. */
export function startOAuthPurge(options: { db: SqlClient; logger: Logger }): Running {
  const { db, logger } = options;
  return createLoop({
    name: 'purge of sign-ins by other providers',
    logger,
    idleMs: 600_000,
    turn: async () => {
      const attempts = await db.$executeRaw(sql`
        delete from oauth_attempt where secret_hash in (
          select secret_hash from oauth_attempt where expires_at < now() limit ${PURGE_BATCH})`);
      const codes = await db.$executeRaw(sql`
        delete from oauth_code where code_hash in (
          select code_hash from oauth_code where expires_at < now() limit ${PURGE_BATCH})`);
      return attempts === PURGE_BATCH || codes === PURGE_BATCH ? 'again' : 'idle';
    },
  });
}
