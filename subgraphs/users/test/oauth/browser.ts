import { createHash, randomBytes } from 'node:crypto';
import { type Fixture, issuer, stranger } from '../fixture.ts';

const REFRESH = 'mutation { refreshSession { __typename ... on Session { accessToken user { id handle name } } } }';

/** A page as a browser sees it before it follows where it leads. */
export interface Page {
  status: number;
  /** Where it leads. */
  to: URL | null;
  headers: Headers;
  body: string;
}

export type Browser = ReturnType<typeof openBrowser>;

/**
 * A browser with cookies of its own, from an address of its own. What it asks of our public address goes to the fixture,
 * as by the router.
 */
export function openBrowser(users: Fixture) {
  const viewer = stranger();
  const jar = new Map<string, { value: string; path: string }>();
  const cookiesFor = (path: string) =>
    [...jar].flatMap(([name, cookie]) => (path.startsWith(cookie.path) ? [`${name}=${cookie.value}`] : [])).join('; ');

  const visit = async (url: URL | string, init: RequestInit = {}): Promise<Page> => {
    const wanted = new URL(url, issuer);
    const isOurs = wanted.origin === new URL(issuer).origin;
    const response = await fetch(isOurs ? new URL(wanted.pathname + wanted.search, users.url) : wanted, {
      ...init,
      redirect: 'manual',
      headers: {
        ...(init.headers as Record<string, string> | undefined),
        'user-agent': 'a browser',
        'x-forwarded-for': viewer.address,
        ...(isOurs && { cookie: cookiesFor(wanted.pathname) }),
      },
    });
    for (const line of isOurs ? response.headers.getSetCookie() : []) {
      const [, name = '', value = '', path = ''] = /^([^=]+)=([^;]*);.*\bPath=([^;]+)/.exec(line) ?? [];
      if (line.includes('Max-Age=0')) jar.delete(name);
      else jar.set(name, { value, path });
    }
    const location = response.headers.get('location');
    const to = location === null ? null : new URL(location, wanted);
    return { status: response.status, to, headers: response.headers, body: await response.text() };
  };
  const led = async (page: Promise<Page>): Promise<URL> => {
    const { to, status, body } = await page;
    if (to === null) throw new Error(`led nowhere: ${status} ${body}`);
    return to;
  };
  /** Begins, and says yes at the provider. @returns the callback */
  const approve = async (provider: string, query: Record<string, string> = {}): Promise<URL> => {
    const parameters = new URLSearchParams({ returnTo: '/home', ...query });
    return led(visit(await led(visit(`/auth/oauth/${provider}/start?${parameters}`))));
  };

  return {
    viewer,
    jar,
    visit,
    led,
    approve,
    /** All the way. @returns where it ends */
    signIn: async (provider: string, query?: Record<string, string>) => led(visit(await approve(provider, query))),
    /** Whom the session is of that a page gets by the cookie; null when there is none. */
    async me() {
      const response = await fetch(users.url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'chorus-viewer': await users.viewerToken(viewer),
          cookie: cookiesFor('/graphql'),
        },
        body: JSON.stringify({ query: REFRESH }),
      });
      for (const line of response.headers.getSetCookie()) {
        const [, name = '', value = '', path = ''] = /^([^=]+)=([^;]*);.*\bPath=([^;]+)/.exec(line) ?? [];
        jar.set(name, { value, path });
      }
      const { data } = (await response.json()) as { data: { refreshSession: Me | { __typename: 'SessionEnded' } } };
      return 'user' in data.refreshSession ? data.refreshSession : null;
    },
  };
}

export interface Me {
  accessToken: string;
  user: { id: string; handle: string; name: string };
}

/** What a client makes for PKCE. */
export function newVerifier() {
  const verifier = randomBytes(32).toString('base64url');
  return { verifier, codeChallenge: createHash('sha256').update(verifier).digest('base64url') };
}
