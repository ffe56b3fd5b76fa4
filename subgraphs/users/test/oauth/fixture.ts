import { viewerOf } from '@chorus/kit/testing';
import { decodeJwt } from 'jose';
import { type Fixture, password, startFixture, stranger } from '../fixture.ts';
import { newVerifier, openBrowser } from './browser.ts';
import { startGitHubServer, startOidcServer } from './servers.ts';

const client = { id: 'client-of-chorus', secret: 'secret of chorus' };
export const app = 'org.example.app:';

/**
 * Users with providers that run in the test.
 * @param options.timeoutMs short only where a provider is silent: others answer late when the machine is busy
 */
export async function startOAuthFixture({ timeoutMs = 20_000 } = {}) {
  const [google, github] = await Promise.all([startOidcServer(client), startGitHubServer(client)]);
  const users = await startFixture({
    logLevel: 'silent',
    settings: {
      OAUTH_GOOGLE_CLIENT_ID: client.id,
      OAUTH_GOOGLE_CLIENT_SECRET: client.secret,
      OAUTH_GOOGLE_ISSUER: google.url,
      OAUTH_GITHUB_CLIENT_ID: client.id,
      OAUTH_GITHUB_CLIENT_SECRET: client.secret,
      OAUTH_GITHUB_URL: github.url,
      OAUTH_GITHUB_API_URL: `${github.url}/api`,
      OAUTH_TIMEOUT: timeoutMs,
      OAUTH_RETURN_TO: ['https://app.example.org', app],
    },
  });
  let people = 0;
  const OAUTH = '... on OAuthRefused { reason }';
  const EXCHANGE = `mutation ($code: String!, $verifier: String!) { exchangeOAuthCode(code: $code, verifier: $verifier) {
    __typename ... on Session { accessToken refreshToken user { id handle name } } ${OAUTH} } }`;
  const LINK = `mutation ($code: String!, $verifier: String!) { linkIdentity(code: $code, verifier: $verifier) {
    __typename ... on LinkedIdentitiesPayload { identities { provider email } } ${OAUTH} } }`;
  /** Who has this session, and has stepped up in it. */
  const provenIn = async ({ accessToken, user }: Signed) => {
    const sessionId = String(decodeJwt(accessToken)['sid']);
    await users.db.session.update({ where: { id: sessionId }, data: { steppedUpAt: new Date() } });
    return { ...viewerOf(user.id, { sessionId }), userId: user.id, sessionId };
  };
  return {
    users,
    google,
    github,
    browser: () => openBrowser(users),
    /** Somebody whom nobody knows yet. */
    person() {
      const sub = String(1000 + ++people);
      return { sub, name: `Person ${sub}`, email: `person.${sub}@example.org`, email_verified: true };
    },
    /** An account with a password, its address verified or not. */
    async account(email: string, { verified }: { verified: boolean }) {
      const handle = `account_${++people}`;
      const SIGN_UP =
        'mutation ($input: SignUpInput!) { signUp(input: $input) { ... on Session { accessToken user { id } } } }';
      const { signUp } = await users.ask<{ signUp: Signed }>(stranger(), SIGN_UP, {
        input: { handle, name: 'Somebody', email, password },
      });
      const emailVerifiedAt = verified ? new Date() : null;
      await users.db.credential.update({ where: { userId: signUp.user.id }, data: { emailVerifiedAt } });
      return provenIn(signUp);
    },
    provenIn,
    /** A code, as a client gets it at the end of its way. */
    async code(provider: string, browser = openBrowser(users)) {
      const { verifier, codeChallenge } = newVerifier();
      const to = await browser.signIn(provider, { returnTo: `${app}/done`, codeChallenge });
      return { code: to.searchParams.get('code') ?? '', verifier, to };
    },
    exchange: async (input: { code: string; verifier: string }) =>
      (await users.ask<{ exchangeOAuthCode: Exchanged }>(stranger(), EXCHANGE, { ...input })).exchangeOAuthCode,
    link: async (viewer: Parameters<Fixture['ask']>[0], input: { code: string; verifier: string }) =>
      (await users.ask<{ linkIdentity: Linked }>(viewer, LINK, { ...input })).linkIdentity,
    async stop() {
      await users.stop();
      await Promise.all([google.stop(), github.stop()]);
    },
  };
}

interface Signed {
  accessToken: string;
  user: { id: string };
}
interface Exchanged extends Signed {
  __typename: string;
  reason?: string;
  refreshToken?: string;
}
interface Linked {
  __typename: string;
  reason?: string;
  identities?: { provider: string; email: string | null }[];
}
