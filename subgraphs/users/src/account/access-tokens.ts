import type { IncomingMessage, ServerResponse } from 'node:http';
import { SignJWT } from 'jose';
import type { SigningConfig } from '../config.ts';
import { type Keyring, loadSigningKey, type SigningKey } from './signing-key.ts';

const AUDIENCE = 'chorus';
const TYP = 'at+jwt';
const LIFETIME_SECONDS = 10 * 60;

export interface AccessToken {
  token: string;
  expiresAt: Date;
}

/** What the router verifies: RS256, `typ: at+jwt`, issuer and audience pinned. */
export interface AccessTokens {
  /** For one session of a person; lives 10 minutes. */
  issue(session: { id: string; userId: string; emailVerified: boolean }): Promise<AccessToken>;
}

export function createAccessTokens(keyring: Pick<Keyring, 'signing'>, issuer: string): AccessTokens {
  return {
    issue({ id, userId, emailVerified }) {
      // Nobody has a role.
      const claims = { sid: id, roles: [], email_verified: emailVerified };
      return sign(keyring.signing(), issuer, userId, claims, LIFETIME_SECONDS);
    },
  };
}

const SERVICE_NAME = /^[a-z][a-z0-9-]{0,30}$/;

/**
 * A token for a service account: an importer, say. It is not bound to a session, so nothing revokes it before it expires.
 * @throws RangeError for a name that is not 1 to 31 of a-z, 0-9 and -, or a lifetime that is no positive whole number
 * @throws ConfigError for an unusable key
 */
export async function mintServiceToken(config: SigningConfig, name: string, seconds: number): Promise<string> {
  if (!SERVICE_NAME.test(name)) throw new RangeError('The name of a service account is 1 to 31 of a-z, 0-9 and -.');
  if (!Number.isSafeInteger(seconds) || seconds < 1) throw new RangeError('A lifetime is a number of seconds.');
  const key = await loadSigningKey(config);
  return (await sign(key, config.TOKEN_ISSUER, `svc_${name}`, { svc: name, roles: [] }, seconds)).token;
}

async function sign(
  key: SigningKey,
  issuer: string,
  subject: string,
  claims: Record<string, unknown>,
  lifetimeSeconds: number,
): Promise<AccessToken> {
  const issuedAt = Math.floor(Date.now() / 1000);
  const token = await new SignJWT(claims)
    .setProtectedHeader({ alg: 'RS256', typ: TYP, kid: key.kid })
    .setIssuer(issuer)
    .setAudience(AUDIENCE)
    .setSubject(subject)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + lifetimeSeconds)
    .sign(key.privateKey);
  return { token, expiresAt: new Date((issuedAt + lifetimeSeconds) * 1000) };
}

/** Serves the public keys at /.well-known/jwks.json; for the server's `route`. */
export function jwksRoute(keyring: Pick<Keyring, 'published'>) {
  return (request: IncomingMessage, response: ServerResponse, url: URL): boolean => {
    if (url.pathname !== '/.well-known/jwks.json') return false;
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { allow: 'GET, HEAD' }).end();
      return true;
    }
    const body = JSON.stringify({ keys: keyring.published() });
    response
      .writeHead(200, { 'content-type': 'application/json', 'cache-control': 'public, max-age=300' })
      .end(request.method === 'HEAD' ? undefined : body);
    return true;
  };
}
