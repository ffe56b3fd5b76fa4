import { createHash, randomBytes } from 'node:crypto';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { z } from 'zod';
import { mockPage } from './mock-page.ts';

/** Codes and tokens that one process remembers. */
const REMEMBERED = 1000;
const CODE_MS = 60_000;
const ACCESS_TOKEN_SECONDS = 300;

const request = z.object({
  client_id: z.string(),
  redirect_uri: z.string(),
  response_type: z.literal('code'),
  scope: z.string().regex(/\bopenid\b/),
  state: z.string(),
  nonce: z.string().optional(),
  code_challenge: z.string(),
  code_challenge_method: z.literal('S256'),
});
const decision = request.extend({
  decision: z.enum(['allow', 'deny']),
  name: z.string().max(80),
  email: z.email().max(254).toLowerCase(),
  verified: z.literal('on').optional(),
});
const exchange = z.object({
  grant_type: z.literal('authorization_code'),
  client_id: z.string(),
  client_secret: z.string(),
  code: z.string(),
  code_verifier: z.string(),
  redirect_uri: z.string(),
});

type Granted = z.output<typeof decision>;

/** A provider of OpenID Connect in which people are whoever they say. */
export interface MockProvider {
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** Answers a request to a path below the issuer's. */
  answer(request: Request): Promise<Response>;
}

/**
 * For trying sign-in without an account anywhere, and never for production: whoever opens its page may be anybody. It
 * keeps the protocol otherwise. Codes live in this process.
 */
export function createMockProvider(options: { issuer: string; redirectUri: string }): MockProvider {
  const { issuer, redirectUri } = options;
  const { pathname: base } = new URL(issuer);
  const clientId = 'chorus';
  const clientSecret = randomBytes(32).toString('base64url');
  const codes = createMemory<Granted>(CODE_MS);
  const accessTokens = createMemory<Granted>(ACCESS_TOKEN_SECONDS * 1000);
  const key = generateKeyPair('ES256').then(async ({ publicKey, privateKey }) => ({
    privateKey,
    jwk: { ...(await exportJWK(publicKey)), kid: 'mock', alg: 'ES256', use: 'sig' },
  }));

  const isOurs = ({ client_id, redirect_uri }: z.output<typeof request>): boolean =>
    client_id === clientId && redirect_uri === redirectUri;

  const decide = (granted: Granted): Response => {
    const target = new URL(redirectUri);
    const { searchParams: answer } = target;
    if (granted.decision === 'allow') answer.set('code', codes.add(granted));
    else answer.set('error', 'access_denied');
    answer.set('state', granted.state);
    answer.set('iss', issuer);
    return new Response(null, { status: 303, headers: { location: target.href } });
  };

  const token = async (form: unknown): Promise<Response> => {
    const asked = exchange.safeParse(form);
    if (!asked.success) return oauthError('invalid_request');
    const { client_id, client_secret, code, code_verifier, redirect_uri } = asked.data;
    if (client_id !== clientId || client_secret !== clientSecret) return oauthError('invalid_client', 401);
    const granted = codes.take(code);
    const fits = granted !== null && sha256(code_verifier) === granted.code_challenge && redirect_uri === redirectUri;
    if (!fits) return oauthError('invalid_grant');
    const { privateKey, jwk } = await key;
    const idToken = new SignJWT(granted.nonce === undefined ? {} : { nonce: granted.nonce })
      .setProtectedHeader({ alg: jwk.alg, kid: jwk.kid })
      .setIssuer(issuer)
      .setSubject(subjectOf(granted))
      .setAudience(clientId)
      .setIssuedAt()
      .setExpirationTime(`${ACCESS_TOKEN_SECONDS}s`)
      .sign(privateKey);
    return json({
      access_token: accessTokens.add(granted),
      token_type: 'Bearer',
      expires_in: ACCESS_TOKEN_SECONDS,
      id_token: await idToken,
    });
  };

  const userInfo = (authorization: string): Response => {
    const granted = accessTokens.get(/^Bearer (.+)$/i.exec(authorization)?.[1] ?? '');
    if (granted === null) return oauthError('invalid_token', 401);
    const { name, email, verified } = granted;
    return json({ sub: subjectOf(granted), name, email, email_verified: verified === 'on' });
  };

  return {
    issuer,
    clientId,
    clientSecret,
    async answer(asked) {
      const url = new URL(asked.url);
      const route = `${asked.method} ${url.pathname.slice(base.length)}`;
      if (route === 'GET /.well-known/openid-configuration') return json(metadata(issuer));
      if (route === 'GET /jwks') return json({ keys: [(await key).jwk] });
      if (route === 'GET /userinfo') return userInfo(asked.headers.get('authorization') ?? '');
      if (route === 'POST /token') return token(await formOf(asked));
      if (route === 'GET /authorize') {
        const parameters = request.safeParse(Object.fromEntries(url.searchParams));
        if (!parameters.success || !isOurs(parameters.data)) return oauthError('invalid_request');
        return page(mockPage(parameters.data));
      }
      if (route === 'POST /authorize') {
        const decided = decision.safeParse(await formOf(asked));
        return decided.success && isOurs(decided.data) ? decide(decided.data) : oauthError('invalid_request');
      }
      return oauthError('not_found', 404);
    },
  };
}

const metadata = (issuer: string) => ({
  issuer,
  authorization_endpoint: `${issuer}/authorize`,
  token_endpoint: `${issuer}/token`,
  userinfo_endpoint: `${issuer}/userinfo`,
  jwks_uri: `${issuer}/jwks`,
  response_types_supported: ['code'],
  subject_types_supported: ['public'],
  id_token_signing_alg_values_supported: ['ES256'],
  token_endpoint_auth_methods_supported: ['client_secret_post'],
  code_challenge_methods_supported: ['S256'],
  authorization_response_iss_parameter_supported: true,
});

/** The same person whenever they give the same address. */
const subjectOf = ({ email }: Granted): string => sha256(email).slice(0, 22);
const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64url');

const formOf = async (asked: Request): Promise<unknown> => Object.fromEntries(new URLSearchParams(await asked.text()));

const noStore = { 'cache-control': 'no-store' };
const json = (value: unknown, status = 200): Response => Response.json(value, { status, headers: noStore });
const oauthError = (error: string, status = 400): Response => json({ error }, status);
const page = (html: string): Response =>
  new Response(html, {
    headers: {
      ...noStore,
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    },
  });

/** What a process remembers for a while under a name that nobody can guess; the oldest goes when it is too much. */
function createMemory<Value>(lifetimeMs: number) {
  const entries = new Map<string, { value: Value; until: number }>();
  const get = (name: string): Value | null => {
    const entry = entries.get(name);
    return entry !== undefined && performance.now() < entry.until ? entry.value : null;
  };
  return {
    add(value: Value): string {
      const name = randomBytes(32).toString('base64url');
      entries.set(name, { value, until: performance.now() + lifetimeMs });
      const [oldest] = entries.keys();
      if (entries.size > REMEMBERED && oldest !== undefined) entries.delete(oldest);
      return name;
    },
    get,
    /** Once. */
    take(name: string): Value | null {
      const value = get(name);
      entries.delete(name);
      return value;
    },
  };
}
