/** The walk of a browser that signs in by the mock provider: through the public address alone, with cookies of its own. */

interface Page {
  status: number;
  /** Where it leads. */
  to: URL | null;
  /** The cookies that it sets, as they are written. */
  cookies: string[];
  headers: Headers;
  body: string;
}

export type Browser = ReturnType<typeof openBrowser>;

/** @param publicUrl of the router */
export function openBrowser(publicUrl: string) {
  const jar = new Map<string, { value: string; path: string }>();

  const visit = async (to: URL | string, init: RequestInit = {}): Promise<Page> => {
    const url = new URL(to, publicUrl);
    const cookie = [...jar]
      .filter(([, { path }]) => url.pathname.startsWith(path))
      .map(([name, { value }]) => `${name}=${value}`)
      .join('; ');
    const headers = { ...(init.headers as Record<string, string> | undefined), cookie };
    const response = await fetch(url, { ...init, redirect: 'manual', headers });
    const cookies = response.headers.getSetCookie();
    for (const line of cookies) {
      const [, name = '', value = '', path = '/'] = /^([^=]+)=([^;]*);.*\bPath=([^;]+)/.exec(line) ?? [];
      if (line.includes('Max-Age=0;')) jar.delete(name);
      else jar.set(name, { value, path });
    }
    const location = response.headers.get('location');
    const target = location === null ? null : new URL(location, url);
    return { status: response.status, to: target, cookies, headers: response.headers, body: await response.text() };
  };

  return {
    jar,
    visit,
    /** Begins. */
    start: (query: Record<string, string> = {}) =>
      visit(`/auth/oauth/mock/start?${new URLSearchParams({ returnTo: '/home', ...query })}`),
    /** Says at the provider who one is. @param page of the provider, where `start` leads */
    async approve(page: URL, person: { name: string; email: string }): Promise<Page> {
      const { body } = await visit(page);
      const hidden = [...body.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)" \/>/g)];
      const fields = hidden.map(([, name = '', value = '']) => [name, value.replaceAll('&#38;', '&')]);
      const form = new URLSearchParams([
        ...fields,
        ...Object.entries({ ...person, decision: 'allow', verified: 'on' }),
      ]);
      return visit(new URL('authorize', page), { method: 'POST', body: form });
    },
  };
}

/** Where a page leads. */
export function led({ to, status, body }: Page): URL {
  if (to === null) throw new Error(`led nowhere: ${status} ${body}`);
  return to;
}

/** All the way. @returns where it ends */
export async function signInByMock(
  browser: Browser,
  person: { name: string; email: string },
  query: Record<string, string> = {},
): Promise<URL> {
  const callback = led(await browser.approve(led(await browser.start(query)), person));
  return led(await browser.visit(callback));
}
