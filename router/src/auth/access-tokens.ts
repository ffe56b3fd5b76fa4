import { fault, unauthenticated } from '@chorus/kit/errors';
import { createRemoteJWKSet, errors, jwtVerify } from 'jose';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';

/** What an access token says. */
const claims = z.object({
  sub: z.string(),
  exp: z.number(),
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
   * @throws GraphQLError UNAUTHENTICATED when it is forged, expired or not for us; SUBGRAPH_UNAVAILABLE when the keys
   * were never fetched and cannot be
   */
  verify(token: string): Promise<AccessClaims>;
}

const REMEMBERED = 20_000;
const AUDIENCE = 'chorus';

/**
 * Verifies access tokens against published keys. A token is verified once and remembered until it expires. Keys are
 * kept for good: only a key id never seen asks for them again, so existing sessions go on when the issuer is away.
 */
export function createAccessTokens(options: { jwksUrl: string; issuer: string }): AccessTokens {
  const keys = createRemoteJWKSet(new URL(options.jwksUrl), {
    timeoutDuration: 2000,
    cooldownDuration: 5000,
    cacheMaxAge: Infinity,
  });
  const verified = new LRUCache<string, AccessClaims>({ max: REMEMBERED });

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
      const ours = error instanceof errors.JOSEError || error instanceof z.ZodError;
      if (ours && !(error instanceof errors.JWKSTimeout)) throw unauthenticated('The access token is not valid.');
      throw fault('SUBGRAPH_UNAVAILABLE', 'Sign-in cannot be checked right now. Try again in a moment.');
    }
  };

  return {
    async verify(token) {
      const known = verified.get(token);
      if (known !== undefined) return known;
      const checked = await check(token);
      const lifetime = checked.exp * 1000 - Date.now();
      if (lifetime > 0) verified.set(token, checked, { ttl: lifetime });
      return checked;
    },
  };
}
