import { fault, unauthenticated } from '@chorus/kit/errors';
import type { Logger } from '@chorus/kit/logger';
import { createRemoteJWKSet, errors, jwtVerify } from 'jose';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';

/** What an access token says. */
const claims = z.object({
  sub: z.string(),
  exp: z.number(),
  /** Seconds since 1970; unknown is long ago. */
  iat: z.number().default(0),
  sid: z.string().nullable().default(null),
  roles: z.array(z.string()).default([]),
  email_verified: z.boolean().default(false),
  /** The name of a service account; only tokens of such have it. */
  svc: z.string().nullable().default(null),
});
export type AccessClaims = z.output<typeof claims>;

export interface AccessTokens {
  /**
   * What a token says.
   * @throws GraphQLError UNAUTHENTICATED when it is forged, expired or not for us; SUBGRAPH_UNAVAILABLE when the key that
   * it names is not known and keys cannot be fetched
   */
  verify(token: string): Promise<AccessClaims>;
}

/** What jose throws when the keys themselves are at fault: not fetched in time, or the answer to the fetch was none. */
const keysAtFault = new Set(['ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID', 'ERR_JOSE_GENERIC']);
const isTokensFault = (error: unknown): boolean =>
  error instanceof z.ZodError || (error instanceof errors.JOSEError && !keysAtFault.has(error.code));

const REMEMBERED = 20_000;
const AUDIENCE = 'chorus';
/** How long a key that was withdrawn may still be believed. */
const REFRESH_MS = 10 * 60_000;

/**
 * Verifies access tokens against published keys. A token is verified once and remembered until it expires. Keys are
 * asked for again every ten minutes and for a key id never seen, and kept while the issuer is away, so that existing
 * sessions go on.
 */
export function createAccessTokens(options: { jwksUrl: string; issuer: string; logger: Logger }): AccessTokens {
  const keys = createRemoteJWKSet(new URL(options.jwksUrl), {
    timeoutDuration: 2000,
    cooldownDuration: 5000,
    cacheMaxAge: Infinity,
  });
  const verified = new LRUCache<string, AccessClaims>({ max: REMEMBERED });
  let refreshed = Date.now();

  const refresh = () => {
    if (Date.now() - refreshed < REFRESH_MS) return;
    refreshed = Date.now();
    keys.reload().catch((err: unknown) => options.logger.warn({ err }, 'the keys of access tokens stay as they are'));
  };

  const check = async (token: string): Promise<AccessClaims> => {
    try {
      const { payload } = await jwtVerify(token, keys, {
        algorithms: ['RS256'],
        typ: 'at+jwt',
        issuer: options.issuer,
        audience: AUDIENCE,
        requiredClaims: ['sub', 'exp'],
      });
      return claims.parse(payload);
    } catch (error) {
      if (error instanceof errors.JWTExpired) throw unauthenticated('The access token has expired. Sign in again.');
      if (isTokensFault(error)) throw unauthenticated('The access token is not valid.');
      options.logger.warn({ err: error }, 'the keys of access tokens cannot be fetched');
      throw fault('SUBGRAPH_UNAVAILABLE', 'Sign-in cannot be checked right now. Try again in a moment.');
    }
  };

  return {
    async verify(token) {
      const known = verified.get(token);
      if (known !== undefined) return known;
      refresh();
      const checked = await check(token);
      const lifetime = Math.floor(checked.exp * 1000 - Date.now());
      if (lifetime > 0) verified.set(token, checked, { ttl: lifetime });
      return checked;
    },
  };
}
