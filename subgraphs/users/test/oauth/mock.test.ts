/** The mock provider: a provider as others are, but that it believes everybody, and so is for development alone. */
import { ConfigError } from '@chorus/kit/config';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { type Fixture, newSigningKey, startFixture } from '../fixture.ts';
import { newVerifier, openBrowser } from './browser.ts';

let users: Fixture;
beforeAll(async () => {
  users = await startFixture({ settings: { OAUTH_MOCK: true } });
});
afterAll(() => users.stop());

/** Fills in the form as it stands. */
const fill = (html: string, fields: Record<string, string>) => {
  const hidden = [...html.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)" \/>/g)];
  const entries = hidden.map(([, name = '', value = '']) => [name, value.replaceAll('&#38;', '&')]);
  return { method: 'POST', body: new URLSearchParams([...entries, ...Object.entries(fields)]) };
};
const yes = { decision: 'allow', name: 'Mock Person', email: 'mock@example.org', verified: 'on' };

async function atMock(fields: Record<string, string>, query = 'returnTo=/home') {
  const browser = openBrowser(users);
  const page = await browser.led(browser.visit(`/auth/oauth/mock/start?${query}`));
  const form = await browser.visit(page);
  const callback = await browser.led(browser.visit(new URL('authorize', page), fill(form.body, fields)));
  return { browser, form, end: await browser.led(browser.visit(callback)) };
}

describe('the mock', () => {
  test('says what it is and signs in whoever one says to be, the same person each time', async () => {
    const { browser, form, end } = await atMock(yes);
    expect(form.body).toContain('This is a mock');
    expect(form.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(end.href).toBe('http://chorus.test/home');
    const me = await browser.me();
    expect(me?.user).toMatchObject({ handle: 'mock_person', name: 'Mock Person' });
    const again = await atMock({ ...yes, name: 'Another Name', email: 'MOCK@example.org' });
    expect((await again.browser.me())?.user).toEqual(me?.user);
  });

  test('can say no, and that an address is not verified', async () => {
    expect((await atMock({ ...yes, decision: 'deny' })).end.search).toBe('?error=DENIED');
    const { verified: _, ...unverified } = { ...yes, email: 'unverified@example.org' };
    expect((await atMock(unverified)).end.search).toBe('?error=EMAIL_UNVERIFIED');
  });

  test('is listed, and as what it is', async () => {
    const { body } = await openBrowser(users).visit('/auth/oauth');
    expect(JSON.parse(body)).toEqual({
      providers: [{ name: 'mock', title: 'Mock (for development)', start: '/auth/oauth/mock/start' }],
    });
  });

  test('is found as any provider is', async () => {
    const browser = openBrowser(users);
    const read = async (path: string) => JSON.parse((await browser.visit(`/auth/mock/${path}`)).body) as unknown;
    expect(await read('.well-known/openid-configuration')).toMatchObject({
      issuer: 'http://chorus.test/auth/mock',
      token_endpoint: 'http://chorus.test/auth/mock/token',
    });
    expect(await read('jwks')).toEqual({ keys: [expect.not.objectContaining({ d: expect.anything() })] });
  });

  test('holds to the protocol: its own client and callback, a code once and with its verifier', async () => {
    const browser = openBrowser(users);
    const page = await browser.led(browser.visit('/auth/oauth/mock/start?returnTo=/home'));
    for (const [name, value] of [
      ['redirect_uri', 'https://evil.example/'],
      ['client_id', 'another'],
      ['code_challenge_method', 'plain'],
    ] as const) {
      const asked = new URL(page);
      asked.searchParams.set(name, value);
      expect(await browser.visit(asked)).toMatchObject({ status: 400 });
      const form = await browser.visit(page);
      const filled = fill(form.body, yes);
      filled.body.set(name, value);
      expect(await browser.visit(new URL('authorize', page), filled)).toMatchObject({ status: 400, to: null });
    }
    const token = (form: Record<string, string>) =>
      browser.visit('/auth/mock/token', { method: 'POST', body: new URLSearchParams(form) });
    expect((await token({ grant_type: 'authorization_code' })).status).toBe(400);
    const guess = { client_id: 'chorus', client_secret: 'guess', code: 'code', code_verifier: newVerifier().verifier };
    const redirect_uri = 'http://chorus.test/auth/oauth/mock/callback';
    expect((await token({ grant_type: 'authorization_code', redirect_uri, ...guess })).status).toBe(401);
    expect((await browser.visit('/auth/mock/userinfo', { headers: { authorization: 'Bearer guess' } })).status).toBe(
      401,
    );
    expect((await browser.visit('/auth/mock/elsewhere')).status).toBe(404);
    const large = await browser.visit('/auth/mock/token', { method: 'POST', body: 'x'.repeat(70_000) });
    expect(large.status).toBe(413);
  });

  test('writes nothing of a request into its page as it came', async () => {
    const browser = openBrowser(users);
    const page = await browser.led(browser.visit('/auth/oauth/mock/start?returnTo=/home'));
    page.searchParams.set('state', '"><script>alert(1)</script>');
    const { body, status } = await browser.visit(page);
    expect(status).toBe(200);
    expect(body).not.toContain('<script>');
  });
});

describe('configuration', () => {
  const env = {
    PORT: '0',
    DATABASE_URL: 'postgresql://users@127.0.0.1/users',
    REDIS_URL: 'redis://127.0.0.1',
    VIEWER_KEY: 'v'.repeat(32),
    ATTACHMENT_KEY: 'a'.repeat(32),
    TOKEN_ISSUER: 'https://chorus.test',
    SIGNING_KEY: newSigningKey(),
  };
  const production = { ...env, NODE_ENV: 'production', SMTP_URL: 'smtps://mail.chorus.test' };

  test('has no mock unless it is asked for, and never in production', () => {
    expect(loadConfig(env).OAUTH_MOCK).toBe(false);
    expect(loadConfig({ ...env, OAUTH_MOCK: 'true' }).OAUTH_MOCK).toBe(true);
    expect(loadConfig(production).OAUTH_MOCK).toBe(false);
    expect(() => loadConfig({ ...production, OAUTH_MOCK: 'true' })).toThrow(/OAUTH_MOCK .* not in production/);
  });

  test('has each provider whole, and by TLS in production', () => {
    expect(() => loadConfig({ ...env, OAUTH_GOOGLE_CLIENT_ID: 'id' })).toThrow(/OAUTH_GOOGLE_CLIENT_SECRET/);
    expect(() => loadConfig({ ...env, OAUTH_GITHUB_CLIENT_SECRET: 's' })).toThrow(/OAUTH_GITHUB_CLIENT_ID/);
    expect(() => loadConfig({ ...production, OAUTH_GOOGLE_ISSUER: 'http://google.test' })).toThrow(/https/);
    expect(loadConfig(production).OAUTH_GOOGLE_ISSUER).toBe('https://accounts.google.com');
  });

  test.each(['javascript:', 'data:', 'https://app.example.org/path', '*', 'app.example.org'])(
    'lets no sign-in lead to %s',
    (entry) => expect(() => loadConfig({ ...env, OAUTH_RETURN_TO: entry })).toThrow(ConfigError),
  );
});
