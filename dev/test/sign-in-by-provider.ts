/** Signing in by another provider (the mock) as a browser does it, through the router alone; for a file with a stack. */
import { createHash } from 'node:crypto';
import { createChorus, ExchangeOAuthCodeDocument } from '@chorus/sdk';
import { expect, test } from 'vitest';
import { type Browser, led, openBrowser, signInByMock } from './mock-sign-in.ts';
import type { Stack } from '../src/stack.ts';

const REFRESH = 'mutation { refreshSession { __typename ... on Session { refreshToken user { handle } } } }';

export function signInByProvider(system: { readonly stack: Stack }): void {
  const browser = () => openBrowser(system.stack.urls.public);
  const at = (path: string) => new URL(path, system.stack.urls.public).href;
  /** What a page of ours does first: a session by the cookie. */
  async function refresh(by: Browser) {
    const headers = { 'content-type': 'application/json' };
    const { body, cookies } = await by.visit(system.stack.urls.graphql, {
      method: 'POST',
      headers,
      body: JSON.stringify({ query: REFRESH }),
    });
    return { session: (JSON.parse(body) as { data: { refreshSession: object } }).data.refreshSession, cookies };
  }

  test('leads there and back by our own address, and leaves a session in a cookie that no script reads', async () => {
    const ann = browser();
    const start = await ann.start({ returnTo: '/home?tab=1' });
    expect(start.status).toBe(303);
    expect(start.cookies).toEqual([
      expect.stringMatching(/^chorus_oauth=[\w-]{43}; Max-Age=600; Path=\/auth\/oauth; HttpOnly; SameSite=Lax$/),
    ]);
    expect(start.headers.get('cache-control')).toBe('no-store');
    const page = led(start);
    expect(page.href.split('?')[0]).toBe(at('/auth/mock/authorize'));
    expect(page.searchParams.get('redirect_uri')).toBe(at('/auth/oauth/mock/callback'));

    const callback = led(await ann.approve(page, { name: 'Ann Walker', email: 'ann.walker@example.org' }));
    expect(callback.href.split('?')[0]).toBe(at('/auth/oauth/mock/callback'));
    const end = await ann.visit(callback);
    expect({ status: end.status, to: end.to?.href }).toEqual({ status: 303, to: at('/home?tab=1') });
    expect(end.cookies).toEqual([
      'chorus_oauth=; Max-Age=0; Path=/auth/oauth; HttpOnly; SameSite=Lax',
      expect.stringMatching(/^chorus_refresh=chr_[^;]+; Max-Age=\d+; Path=\/graphql; HttpOnly; SameSite=Strict$/),
    ]);

    const user = { handle: expect.stringMatching(/^ann_walker/) };
    const first = await refresh(ann);
    expect(first).toEqual({
      session: { __typename: 'Session', refreshToken: null, user },
      cookies: [expect.stringContaining('chorus_refresh=chr_')],
    });
    expect(await refresh(ann)).toMatchObject({ session: { __typename: 'Session', user } });
    // Once is all that the callback is good for.
    expect(await ann.visit(callback)).toMatchObject({ status: 400, to: null, cookies: [] });
  });

  test('is finished by the browser that began it, and by no other', async () => {
    const [ann, thief] = [browser(), browser()];
    const callback = led(await ann.approve(led(await ann.start()), { name: 'Ben', email: 'ben@example.org' }));
    const refused = { status: 400, to: null, cookies: [] };
    expect(await thief.visit(callback)).toMatchObject(refused);
    // Nor with the cookie of an attempt of their own, which that does not end.
    const own = led(await thief.approve(led(await thief.start()), { name: 'Thief', email: 'thief@example.org' }));
    expect(await thief.visit(callback)).toMatchObject(refused);
    expect((await refresh(thief)).session).toEqual({ __typename: 'SessionEnded' });
    expect(led(await thief.visit(own)).pathname).toBe('/home');
    expect(led(await ann.visit(callback)).href).toBe(at('/home'));
    expect((await refresh(ann)).session).toMatchObject({ user: { handle: expect.stringMatching(/^ben/) } });
  });

  test('gives an app a code, good once and with its verifier', async () => {
    const verifier = 'a verifier that only the app knows, of forty three or more';
    const codeChallenge = createHash('sha256').update(verifier).digest('base64url');
    const to = await signInByMock(browser(), { name: 'Cem', email: 'cem@example.org' }, { codeChallenge });
    const code = to.searchParams.get('code') ?? '';
    const app = createChorus({ url: system.stack.urls.graphql });
    const { exchangeOAuthCode } = await app.request(ExchangeOAuthCodeDocument, { code, verifier });
    expect(exchangeOAuthCode).toMatchObject({ __typename: 'Session', refreshToken: expect.stringMatching(/^chr_/) });
    const again = await app.request(ExchangeOAuthCodeDocument, { code, verifier });
    expect(again.exchangeOAuthCode).toMatchObject({ __typename: 'OAuthRefused', reason: 'CODE_INVALID' });
    await app.close();
  });
}
