import { badInput } from '@chorus/kit/errors';
import type { Caller, Limits } from '@chorus/kit/limits';
import type { Logger } from '@chorus/kit/logger';
import { sql, type SqlClient } from '@chorus/kit/sql';
import { type IdentityService, Refused } from '../identity/identity.service.ts';
import type { LinkedIdentityRow } from '../identity/identity.model.ts';
import type { SessionModel } from '../session/session.model.ts';
import { requireStepUp } from '../step-up/step-up.policy.ts';
import { type Attempts, checksOf, equal, hashOf, newSecret } from './attempt.ts';
import { type Profile, type Provider, ProviderFault } from './provider.ts';
import type { ReturnTo } from './return-to.ts';

const CODE_SECONDS = 120;
/** SHA-256 in base64url. */
const CHALLENGE = /^[\w-]{43}$/;

/** Where a browser goes next. */
export interface Step {
  to: URL;
  /** The session that it got on the way. */
  session?: SessionModel;
}

/** An attempt that has begun: the browser keeps the secret, and goes on. */
export interface Begun extends Step {
  secret: string;
}

export interface OAuthService {
  readonly providers: readonly Provider[];
  /**
   * Sends a browser to a provider.
   * @throws GraphQLError BAD_USER_INPUT, RATE_LIMITED
   */
  begin(
    caller: Caller,
    provider: Provider,
    input: { returnTo: string; codeChallenge: string | null },
  ): Promise<Begun | Step>;
  /**
   * Takes up a browser that a provider sent back. Null when it did not begin this, or has ended it already.
   * @param answer the query that came with it
   * @throws GraphQLError RATE_LIMITED
   */
  finish(caller: Caller, provider: Provider, answer: string, secret: string | null): Promise<Step | null>;
  /**
   * Signs in by a code.
   * @throws Refused
   * @throws GraphQLError RATE_LIMITED
   */
  exchange(caller: Caller, code: string, verifier: string): Promise<SessionModel>;
  /**
   * Links whom a code is of to the viewer.
   * @throws Refused
   * @throws GraphQLError UNAUTHENTICATED, FORBIDDEN with the reason STEP_UP_REQUIRED, RATE_LIMITED
   */
  link(caller: Caller, code: string, verifier: string): Promise<LinkedIdentityRow[]>;
}

export function createOAuthService(options: {
  db: SqlClient;
  limits: Limits<'oauth' | 'oauthCode'>;
  providers: readonly Provider[];
  attempts: Attempts;
  identities: IdentityService;
  returnTo: ReturnTo;
  logger: Logger;
}): OAuthService {
  const { db, limits, providers, attempts, identities, returnTo, logger } = options;

  /** What of an error a client may know; all else is thrown on. */
  const explained = (error: unknown, provider: Provider): Refused => {
    if (error instanceof Refused) return error;
    if (!(error instanceof ProviderFault)) throw error;
    if (error.reason !== 'DENIED') logger.warn({ err: error.cause, provider: provider.name }, error.message);
    return new Refused(error.reason, error.cause);
  };

  const createCode = async (profile: Profile, challenge: string): Promise<string> => {
    const code = newSecret();
    const { provider, subject, verifiedEmail, name, nickname } = profile;
    await db.$executeRaw(sql`
      insert into oauth_code (code_hash, code_challenge, provider, subject, email, name, nickname, expires_at)
      values (${hashOf(code)}, ${challenge}, ${provider}, ${subject}, ${verifiedEmail}, ${name}, ${nickname},
              now() + ${CODE_SECONDS} * interval '1 second')`);
    return code;
  };

  /** Whom a code is of; it is used up, also by a wrong verifier. */
  const takeCode = async (code: string, verifier: string): Promise<Profile> => {
    const [row] = await db.$queryRaw<(Profile & { challenge: string; isFresh: boolean })[]>(sql`
      delete from oauth_code where code_hash = ${hashOf(code)}
      returning code_challenge as challenge, provider, subject, email as "verifiedEmail", name, nickname,
                expires_at > now() as "isFresh"`);
    if (row === undefined || !row.isFresh || !equal(hashOf(verifier), row.challenge)) throw new Refused('CODE_INVALID');
    const { challenge: _, isFresh: __, ...profile } = row;
    return profile;
  };

  return {
    providers,

    async begin(caller, provider, input) {
      const target = returnTo.read(input.returnTo);
      const { codeChallenge } = input;
      if (codeChallenge !== null && !CHALLENGE.test(codeChallenge)) {
        throw badInput('codeChallenge', 'Give the SHA-256 of the verifier in base64url (PKCE, S256).');
      }
      if (codeChallenge === null && target.protocol !== 'https:' && target.protocol !== 'http:') {
        throw badInput('codeChallenge', 'An app gets its session by a code: give a challenge.');
      }
      await limits.take(caller, 'oauth');
      const secret = newSecret();
      try {
        const to = await provider.authorizationUrl(checksOf(secret));
        await attempts.begin(secret, { provider: provider.name, returnTo: target.href, codeChallenge });
        return { to, secret };
      } catch (error) {
        return { to: withParameter(target, 'error', explained(error, provider).reason) };
      }
    },

    async finish(caller, provider, answer, secret) {
      await limits.take(caller, 'oauth');
      const state = new URLSearchParams(answer).get('state');
      const attempt = secret === null || state === null ? null : await attempts.take(secret, provider.name, state);
      if (secret === null || attempt === null) return null;
      const target = new URL(attempt.returnTo);
      try {
        const profile = await provider.profile(answer, checksOf(secret));
        if (attempt.codeChallenge !== null) {
          return { to: withParameter(target, 'code', await createCode(profile, attempt.codeChallenge)) };
        }
        return { to: target, session: await identities.signIn(caller, profile) };
      } catch (error) {
        return { to: withParameter(target, 'error', explained(error, provider).reason) };
      }
    },

    async exchange(caller, code, verifier) {
      await limits.take(caller, 'oauthCode');
      return identities.signIn(caller, await takeCode(code, verifier));
    },

    async link(caller, code, verifier) {
      // Before the code is used up; to be asked again in the transaction.
      await requireStepUp(db, caller.viewer);
      await limits.take(caller, 'oauthCode');
      return identities.link(caller.viewer, await takeCode(code, verifier));
    },
  };
}

function withParameter(url: URL, name: string, value: string): URL {
  const changed = new URL(url);
  changed.searchParams.set(name, value);
  return changed;
}
