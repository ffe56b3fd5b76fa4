import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';

/** Whom the provider's next visitor signs in as. */
export interface Person {
  sub: string;
  email?: string;
  email_verified?: boolean;
  name?: string;
  login?: string;
}

/** What a provider does otherwise than it should. */
export interface Misdeeds {
  /** Changes what the id token says. */
  claims?: (claims: JWTPayload) => JWTPayload;
  /** Signs by a key that is not published. */
  foreignKey?: boolean;
  /** Never answers at this path, or answers so. */
  at?: Record<string, 'silence' | { status: number; body: string }>;
}

type Answer = { status?: number; body: unknown } | URL;
type Handler = (request: { url: URL; form: URLSearchParams; authorization: string }) => Promise<Answer> | Answer;

/** A server of routes, `GET /path` say, that can be made to misbehave. */
async function serve(routes: Record<string, Handler>) {
  let misdeeds: Misdeeds = {};
  const asked: string[] = [];
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url ?? '/', 'http://provider');
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const form = new URLSearchParams(Buffer.concat(chunks).toString());
    asked.push(url.pathname);
    const misdeed = misdeeds.at?.[url.pathname];
    if (misdeed !== undefined) {
      if (misdeed !== 'silence') response.writeHead(misdeed.status).end(misdeed.body);
      return;
    }
    const handler = routes[`${request.method} ${url.pathname}`];
    const authorization = request.headers.authorization ?? '';
    const answer = (await handler?.({ url, form, authorization })) ?? { status: 404, body: {} };
    if (answer instanceof URL) response.writeHead(302, { location: answer.href }).end();
    else
      response.writeHead(answer.status ?? 200, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body));
  };
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    asked,
    misbehave: (next: Misdeeds) => void (misdeeds = next),
    misdeeds: () => misdeeds,
    async stop() {
      if (!server.listening) return;
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Codes as a provider of OAuth 2 with PKCE gives and takes them. */
function codesOf<Grant extends { challenge: string; redirectUri: string }>(client: Client) {
  const codes = new Map<string, Grant>();
  return {
    give(grant: Grant): string {
      const code = randomUUID();
      codes.set(code, grant);
      return code;
    },
    /** As RFC 6749 and 7636 have it: the right client, once, for the same address, with the verifier. */
    take(form: URLSearchParams): Grant | null {
      const grant = codes.get(form.get('code') ?? '');
      codes.delete(form.get('code') ?? '');
      const challenge = createHash('sha256')
        .update(form.get('code_verifier') ?? '')
        .digest('base64url');
      const fits =
        form.get('grant_type') === 'authorization_code' &&
        form.get('client_id') === client.id &&
        form.get('client_secret') === client.secret &&
        form.get('redirect_uri') === grant?.redirectUri &&
        challenge === grant.challenge;
      return fits ? (grant ?? null) : null;
    },
  };
}

export interface Client {
  id: string;
  secret: string;
}

function grantOf(url: URL) {
  const read = (name: string) => url.searchParams.get(name) ?? '';
  if (read('code_challenge_method') !== 'S256') throw new Error('without PKCE');
  return { challenge: read('code_challenge'), redirectUri: read('redirect_uri'), nonce: read('nonce') };
}

function backTo(url: URL, code: string, more: Record<string, string> = {}): URL {
  const target = new URL(url.searchParams.get('redirect_uri') ?? '');
  target.search = new URLSearchParams({ code, state: url.searchParams.get('state') ?? '', ...more }).toString();
  return target;
}

/** A provider of OpenID Connect as Google is one: the id token has all claims. */
export async function startOidcServer(client: Client) {
  const [ours, foreign] = await Promise.all([generateKeyPair('RS256'), generateKeyPair('RS256')]);
  const jwk = { ...(await exportJWK(ours.publicKey)), kid: 'one', alg: 'RS256', use: 'sig' };
  const codes = codesOf<ReturnType<typeof grantOf> & { person: Person }>(client);
  let person: Person = { sub: 'nobody' };
  const server = await serve({
    'GET /.well-known/openid-configuration': () => ({
      body: {
        issuer: server.url,
        authorization_endpoint: `${server.url}/authorize`,
        token_endpoint: `${server.url}/token`,
        jwks_uri: `${server.url}/jwks`,
        response_types_supported: ['code'],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: ['RS256'],
      },
    }),
    'GET /jwks': () => ({ body: { keys: [jwk] } }),
    'GET /authorize': ({ url }) => backTo(url, codes.give({ ...grantOf(url), person })),
    'POST /token': async ({ form }) => {
      const grant = codes.take(form);
      if (grant === null) return { status: 400, body: { error: 'invalid_grant' } };
      const now = Math.floor(Date.now() / 1000);
      const { login: _, ...said } = grant.person;
      const claims = { iss: server.url, aud: client.id, iat: now, exp: now + 300, nonce: grant.nonce, ...said };
      const { claims: change = (same: JWTPayload) => same, foreignKey = false } = server.misdeeds();
      const idToken = await new SignJWT(change(claims))
        .setProtectedHeader({ alg: 'RS256', kid: 'one' })
        .sign((foreignKey ? foreign : ours).privateKey);
      return { body: { access_token: randomUUID(), token_type: 'Bearer', expires_in: 300, id_token: idToken } };
    },
  });
  return { ...server, signInAs: (next: Person) => void (person = next) };
}

/** GitHub as an app meets it: OAuth 2, and its API. */
export async function startGitHubServer(client: Client) {
  const codes = codesOf<ReturnType<typeof grantOf> & { person: Person }>(client);
  const tokens = new Map<string, Person>();
  let person: Person = { sub: '1' };
  let emails: { email: string; primary: boolean; verified: boolean }[] = [];
  const holder = (authorization: string) => tokens.get(/^bearer (.+)$/i.exec(authorization)?.[1] ?? '');
  const refused = { status: 401, body: { message: 'Bad credentials' } };
  const server = await serve({
    'GET /login/oauth/authorize': ({ url }) => backTo(url, codes.give({ ...grantOf(url), person })),
    'POST /login/oauth/access_token': ({ form }) => {
      const grant = codes.take(form);
      // With status 200, as GitHub does.
      if (grant === null) return { body: { error: 'bad_verification_code', error_description: 'It is incorrect.' } };
      const token = `gho_${randomUUID()}`;
      tokens.set(token, grant.person);
      return { body: { access_token: token, token_type: 'bearer', scope: 'read:user,user:email' } };
    },
    'GET /api/user': ({ authorization }) => {
      const known = holder(authorization);
      if (known === undefined) return refused;
      const { sub, login = 'somebody', name = null } = known;
      // The public address of a profile, which may be anybody's.
      return { body: { id: Number(sub), login, name, email: 'public@example.org' } };
    },
    'GET /api/user/emails': ({ authorization }) => (holder(authorization) === undefined ? refused : { body: emails }),
  });
  return {
    ...server,
    signInAs(next: Person, addresses: typeof emails) {
      person = next;
      emails = addresses;
    },
  };
}
