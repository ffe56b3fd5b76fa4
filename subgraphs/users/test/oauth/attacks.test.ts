/** What a sign-in by another provider must not fall for. */
import type { JWTPayload } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { stranger } from '../fixture.ts';
import { type Browser, newVerifier } from './browser.ts';
import { startOAuthFixture } from './fixture.ts';
import type { Misdeeds } from './servers.ts';

let oauth: Awaited<ReturnType<typeof startOAuthFixture>>;
beforeAll(async () => {
  oauth = await startOAuthFixture();
});
afterAll(() => oauth.stop());
beforeEach(() => {
  for (const provider of [oauth.google, oauth.github]) provider.misbehave({});
  oauth.google.signInAs(oauth.person());
});

const counts = async () => {
  const { db } = oauth.users;
  return Promise.all([db.user.count(), db.session.count(), db.identity.count(), db.oAuthCode.count()]);
};
/** Whatever a test does here lets nobody in. */
const lettingNobodyIn = async (attack: () => Promise<unknown>) => {
  const before = await counts();
  await attack();
  expect(await counts()).toEqual(before);
};
const answerTo = async (browser: Browser, callback: URL) => {
  const { status, body, headers } = await browser.visit(callback);
  return { status, body: JSON.parse(body) as unknown, cookies: headers.getSetCookie() };
};
const REFUSED = { status: 400, body: { errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] }, cookies: [] };
const changed = (url: URL, name: string, value: string) => {
  const copy = new URL(url);
  copy.searchParams.set(name, value);
  return copy;
};

describe('a callback', () => {
  test('with another state, or none, is refused, and does not end the attempt', async () => {
    const browser = oauth.browser();
    const callback = await browser.approve('google');
    await lettingNobodyIn(async () => {
      expect(await answerTo(browser, changed(callback, 'state', 's'.repeat(43)))).toMatchObject(REFUSED);
      expect(await answerTo(browser, changed(callback, 'state', ''))).toMatchObject(REFUSED);
      const without = new URL(callback);
      without.searchParams.delete('state');
      expect(await answerTo(browser, without)).toMatchObject(REFUSED);
    });
    expect((await browser.led(browser.visit(callback))).pathname).toBe('/home');
    expect(await browser.me()).not.toBeNull();
  });

  test('that comes again is refused', async () => {
    const browser = oauth.browser();
    const callback = await browser.approve('google');
    const cookies = new Map(browser.jar);
    await browser.visit(callback);
    await lettingNobodyIn(async () => {
      expect(await answerTo(browser, callback)).toMatchObject(REFUSED);
      for (const [name, cookie] of cookies) browser.jar.set(name, cookie);
      expect(await answerTo(browser, callback)).toMatchObject(REFUSED);
    });
  });

  test('sent twice at once is good once', async () => {
    const browser = oauth.browser();
    const callback = await browser.approve('google');
    const pages = await Promise.all([browser.visit(callback), browser.visit(callback)]);
    expect(new Set(pages.map(({ status }) => status))).toEqual(new Set([303, 400]));
  });

  test("in another browser is refused: nobody is signed in to an attacker's account", async () => {
    const attacker = oauth.browser();
    const callback = await attacker.approve('google');
    await lettingNobodyIn(async () => {
      expect(await answerTo(oauth.browser(), callback)).toMatchObject(REFUSED);
      // Also in one that has begun by itself.
      const victim = oauth.browser();
      await victim.approve('google');
      expect(await answerTo(victim, callback)).toMatchObject(REFUSED);
    });
  });

  test("with a code of another attempt fails at the provider: codes are bound to the browser's verifier", async () => {
    const attacker = oauth.browser();
    const stolen = (await attacker.approve('google')).searchParams.get('code') ?? '';
    const victim = oauth.browser();
    const callback = await victim.approve('google');
    await lettingNobodyIn(async () => {
      const end = await victim.led(victim.visit(changed(callback, 'code', stolen)));
      expect(end.search).toBe('?error=PROVIDER_ANSWER_INVALID');
    });
  });

  test('of one provider is not taken at the path of another', async () => {
    const browser = oauth.browser();
    const callback = await browser.approve('google');
    callback.pathname = callback.pathname.replace('google', 'github');
    await lettingNobodyIn(async () => expect(await answerTo(browser, callback)).toMatchObject(REFUSED));
  });

  test('after its time is refused', async () => {
    const browser = oauth.browser();
    const callback = await browser.approve('google');
    await oauth.users.db.oAuthAttempt.updateMany({ data: { expiresAt: new Date(Date.now() - 1) } });
    await lettingNobodyIn(async () => expect(await answerTo(browser, callback)).toMatchObject(REFUSED));
  });

  test('that names another issuer is refused (mix-up)', async () => {
    const browser = oauth.browser();
    const callback = await browser.approve('google');
    await lettingNobodyIn(async () => {
      const end = await browser.led(browser.visit(changed(callback, 'iss', 'https://evil.example')));
      expect(end.search).toBe('?error=PROVIDER_ANSWER_INVALID');
    });
  });

  test('by which the person says no leads back with that', async () => {
    const browser = oauth.browser();
    const callback = await browser.approve('google');
    callback.searchParams.delete('code');
    callback.searchParams.set('error', 'access_denied');
    await lettingNobodyIn(async () => {
      expect((await browser.led(browser.visit(callback))).href).toBe('http://chorus.test/home?error=DENIED');
    });
  });
});

describe('an id token', () => {
  const omit = (claims: JWTPayload, name: string): JWTPayload =>
    Object.fromEntries(Object.entries(claims).filter(([key]) => key !== name));
  const past = () => Math.floor(Date.now() / 1000) - 3600;
  test.each<[string, Misdeeds]>([
    ['of another nonce', { claims: (claims) => ({ ...claims, nonce: 'n'.repeat(43) }) }],
    ['without a nonce', { claims: (claims) => omit(claims, 'nonce') }],
    ['for another audience', { claims: (claims) => ({ ...claims, aud: 'another client' }) }],
    ['of another issuer', { claims: (claims) => ({ ...claims, iss: 'https://evil.example' }) }],
    ['that has expired', { claims: (claims): JWTPayload => ({ ...claims, iat: past(), exp: past() + 300 }) }],
    ['signed by another key', { foreignKey: true }],
    ['without a subject', { claims: (claims) => omit(claims, 'sub') }],
  ])('%s is refused', async (_, misdeeds) => {
    oauth.google.misbehave(misdeeds);
    const browser = oauth.browser();
    await lettingNobodyIn(async () => {
      expect((await browser.signIn('google')).search).toBe('?error=PROVIDER_ANSWER_INVALID');
    });
    expect(await browser.me()).toBeNull();
  });
});

describe('an e-mail address', () => {
  const email = (name: string) => `${name}@attacks.example.org`;

  test.each([
    ['not verified', false],
    ['verified as a text and not as a truth', 'true' as unknown as boolean],
    ['of which nothing is said', undefined],
  ])('%s by the provider leads into no account', async (_, verified) => {
    const address = email(`unverified${String(verified)}`);
    const account = await oauth.account(address, { verified: true });
    for (const claimed of [address, email('of.nobody')]) {
      oauth.google.signInAs({ ...oauth.person(), email: claimed, email_verified: verified });
      await lettingNobodyIn(async () => {
        expect((await oauth.browser().signIn('google')).search).toBe('?error=EMAIL_UNVERIFIED');
      });
    }
    expect(await oauth.users.db.identity.count({ where: { userId: account.userId } })).toBe(0);
  });

  test('at GitHub counts only as primary and verified', async () => {
    const victim = email('github.victim');
    await oauth.account(victim, { verified: true });
    oauth.github.signInAs({ sub: '666', login: 'mallory' }, [
      { email: victim, primary: true, verified: false },
      { email: email('mallory'), primary: false, verified: true },
    ]);
    await lettingNobodyIn(async () => {
      expect((await oauth.browser().signIn('github')).search).toBe('?error=EMAIL_UNVERIFIED');
    });
  });

  test('with which somebody signed up who never verified it does not let its owner into their account', async () => {
    // The attacker is there first, with a password, and waits for the victim to come by Google.
    const planted = await oauth.account(email('prehijacked'), { verified: false });
    oauth.google.signInAs({ ...oauth.person(), email: email('prehijacked') });
    await lettingNobodyIn(async () => {
      expect((await oauth.browser().signIn('google')).search).toBe('?error=EMAIL_TAKEN');
    });
    expect(await oauth.users.db.identity.count({ where: { userId: planted.userId } })).toBe(0);
  });

  test('that is kept for an account whose change of address can be undone makes no other account', async () => {
    const { userId } = await oauth.account(email('moved'), { verified: true });
    const expiresAt = new Date(Date.now() + 60_000);
    await oauth.users.db.emailUndo.create({ data: { tokenHash: 'a hash', userId, email: email('former'), expiresAt } });
    oauth.google.signInAs({ ...oauth.person(), email: email('former') });
    await lettingNobodyIn(async () => {
      expect((await oauth.browser().signIn('google')).search).toBe('?error=EMAIL_TAKEN');
    });
  });

  test('of an account that is linked at this provider already does not let a second identity in', async () => {
    const account = await oauth.account(email('linked'), { verified: true });
    oauth.google.signInAs({ ...oauth.person(), email: email('linked') });
    await oauth.browser().signIn('google');
    oauth.google.signInAs({ ...oauth.person(), email: email('linked') });
    await lettingNobodyIn(async () => {
      expect((await oauth.browser().signIn('google')).search).toBe('?error=EMAIL_TAKEN');
    });
    expect(await oauth.users.db.identity.count({ where: { userId: account.userId } })).toBe(1);
  });
});

describe('a code for a client', () => {
  test("with another verifier is refused and used up: a stolen one is of no use, nor an attacker's to a victim", async () => {
    const { code, verifier } = await oauth.code('google');
    const before = await oauth.users.db.session.count();
    expect(await oauth.exchange({ code, verifier: newVerifier().verifier })).toMatchObject({ reason: 'CODE_INVALID' });
    expect(await oauth.exchange({ code, verifier })).toMatchObject({ reason: 'CODE_INVALID' });
    expect(await oauth.users.db.session.count()).toBe(before);
  });

  test('is refused after its time, and made up', async () => {
    const { code, verifier } = await oauth.code('google');
    await oauth.users.db.oAuthCode.updateMany({ data: { expiresAt: new Date(Date.now() - 1) } });
    expect(await oauth.exchange({ code, verifier })).toMatchObject({ reason: 'CODE_INVALID' });
    expect(await oauth.exchange({ code: 'made up', verifier })).toMatchObject({ reason: 'CODE_INVALID' });
  });

  test("does not link an attacker's identity to a victim's account", async () => {
    const victim = await oauth.account('link.victim@example.org', { verified: true });
    const { code } = await oauth.code('google');
    expect(await oauth.link(victim, { code, verifier: newVerifier().verifier })).toMatchObject({
      reason: 'CODE_INVALID',
    });
    expect(await oauth.users.db.identity.count({ where: { userId: victim.userId } })).toBe(0);
  });

  test('sent twice at once opens one session', async () => {
    const input = await oauth.code('google');
    const answers = await Promise.all([oauth.exchange(input), oauth.exchange(input)]);
    expect(answers.map(({ __typename }) => __typename).sort()).toEqual(['OAuthRefused', 'Session']);
  });
});

test.each([
  'https://evil.example/',
  '//evil.example/',
  '/\\evil.example',
  '\\\\evil.example',
  '/\t/evil.example',
  'https://app.example.org.evil.example/',
  'https://app.example.org@evil.example/',
  'https://user@app.example.org/',
  'http://app.example.org/',
  'javascript:alert(1)',
  'org.example.apple:/x',
  'home',
  `/${'a'.repeat(3000)}`,
])('a sign-in leads to no trap: returnTo=%s', async (returnTo) => {
  const page = await oauth.browser().visit(`/auth/oauth/google/start?${new URLSearchParams({ returnTo })}`);
  expect(page.status).toBe(400);
  expect(JSON.parse(page.body)).toMatchObject({
    errors: [{ extensions: { code: 'BAD_USER_INPUT', field: 'returnTo' } }],
  });
});

describe('a provider', () => {
  const broken = { status: 503, body: '<h1>Back soon</h1>' };
  const knownPerson = () => {
    oauth.github.signInAs({ sub: '1' }, [{ email: 'known@example.org', primary: true, verified: true }]);
  };

  test.each<[string, 'google' | 'github', Misdeeds, string]>([
    ['that is broken', 'google', { at: { '/token': broken } }, 'PROVIDER_UNAVAILABLE'],
    ['whose API is broken', 'github', { at: { '/api/user/emails': broken } }, 'PROVIDER_UNAVAILABLE'],
    [
      'whose API answers something else',
      'github',
      { at: { '/api/user': { status: 200, body: '{}' } } },
      'PROVIDER_ANSWER_INVALID',
    ],
  ])('%s leads back with a code, and works again when it does', async (_, provider, misdeeds, error) => {
    knownPerson();
    oauth[provider].misbehave(misdeeds);
    const browser = oauth.browser();
    expect((await browser.signIn(provider)).href).toBe(`http://chorus.test/home?error=${error}`);
    oauth[provider].misbehave({});
    expect((await browser.signIn(provider)).href).toBe('http://chorus.test/home');
  });

  test.each<[string, 'google' | 'github', string]>([
    ['for a token', 'google', '/token'],
    ['for its keys', 'google', '/jwks'],
    ['by its API', 'github', '/api/user'],
  ])('that does not answer %s is waited for no longer than OAUTH_TIMEOUT', async (_, provider, path) => {
    const impatient = await startOAuthFixture({ timeoutMs: 700 });
    try {
      impatient.google.signInAs(impatient.person());
      impatient[provider].misbehave({ at: { [path]: 'silence' } });
      const end = await impatient.browser().signIn(provider);
      expect(end.href).toBe('http://chorus.test/home?error=PROVIDER_TIMEOUT');
    } finally {
      await impatient.stop();
    }
  });

  test('that is dead is waited for by a few, and by no more; others sign people in meanwhile', async () => {
    const impatient = await startOAuthFixture({ timeoutMs: 700 });
    const { google, github } = impatient;
    try {
      google.signInAs(impatient.person());
      const waiting = Array.from({ length: 6 }, () => impatient.browser());
      const callbacks: URL[] = [];
      for (const browser of waiting) callbacks.push(await browser.approve('google'));
      google.misbehave({ at: { '/token': 'silence' } });
      const come = (index: number) => {
        const [browser, callback] = [waiting[index], callbacks[index]];
        if (browser === undefined || callback === undefined) throw new Error('nobody waits');
        return browser.led(browser.visit(callback));
      };
      const ends = await Promise.all([0, 1, 2, 3, 4].map(come));
      expect(new Set(ends.map(({ search }) => search))).toEqual(new Set(['?error=PROVIDER_TIMEOUT']));

      const asked = google.asked.length;
      const attempts = await impatient.users.db.oAuthAttempt.count();
      expect((await come(5)).search).toBe('?error=PROVIDER_UNAVAILABLE');
      const next = await impatient.browser().visit('/auth/oauth/google/start?returnTo=/home');
      expect(next.to?.href).toBe('http://chorus.test/home?error=PROVIDER_UNAVAILABLE');
      expect(google.asked).toHaveLength(asked);
      // One that was under way has ended, and none was begun.
      expect(await impatient.users.db.oAuthAttempt.count()).toBe(attempts - 1);
      github.signInAs({ sub: '7', login: 'octo' }, [{ email: 'octo@example.org', primary: true, verified: true }]);
      expect((await impatient.browser().signIn('github')).href).toBe('http://chorus.test/home');
    } finally {
      await impatient.stop();
    }
  });

  test('that is broken, silent or gone when a sign-in begins is asked again by the next', async () => {
    const fresh = await startOAuthFixture();
    const discovery = '/.well-known/openid-configuration';
    const start = async () => (await fresh.browser().visit('/auth/oauth/google/start?returnTo=/home')).to;
    try {
      fresh.google.misbehave({ at: { [discovery]: broken } });
      expect((await start())?.search).toBe('?error=PROVIDER_UNAVAILABLE');
      expect(await fresh.users.db.oAuthAttempt.count()).toBe(0);
      fresh.google.misbehave({});
      expect((await start())?.pathname).toBe('/authorize');
      // What it said of itself is remembered.
      await start();
      expect(fresh.google.asked.filter((path) => path === discovery)).toHaveLength(2);
      const browser = fresh.browser();
      const callback = await browser.approve('google');
      await fresh.google.stop();
      expect((await browser.led(browser.visit(callback))).search).toBe('?error=PROVIDER_UNAVAILABLE');
    } finally {
      await fresh.stop();
    }
  });
});

test('both ways of a browser are limited by address, and the answer says when to come again', async () => {
  const browser = oauth.browser();
  const start = () => browser.visit('/auth/oauth/google/start?returnTo=/');
  const pages = await Promise.all(Array.from({ length: 61 }, start));
  const limited = pages.filter(({ status }) => status === 429);
  expect(limited).toHaveLength(1);
  expect(limited[0]?.headers.get('retry-after')).toMatch(/^\d+$/);
  expect(JSON.parse(limited[0]?.body ?? '')).toMatchObject({ errors: [{ extensions: { code: 'RATE_LIMITED' } }] });
  const callback = await browser.visit('/auth/oauth/google/callback?state=x&code=y');
  expect(callback.status).toBe(429);
});

test('accounts by providers count as sign-ups: 10 an hour from one address', async () => {
  const viewer = { ...stranger() };
  const EXCHANGE = `mutation ($code: String!, $verifier: String!) { exchangeOAuthCode(code: $code, verifier: $verifier) {
    __typename } }`;
  for (let number = 1; number <= 10; number++) {
    oauth.google.signInAs(oauth.person());
    await oauth.users.ask(viewer, EXCHANGE, await codeOnly());
  }
  oauth.google.signInAs(oauth.person());
  expect(await oauth.users.refusal(viewer, EXCHANGE, await codeOnly())).toMatchObject({ code: 'RATE_LIMITED' });

  async function codeOnly() {
    const { code, verifier } = await oauth.code('google');
    return { code, verifier };
  }
});

test('an account that is gone links nothing', async () => {
  const gone = await oauth.account('gone@example.org', { verified: true });
  await oauth.users.db.user.delete({ where: { id: gone.userId } });
  const { code, verifier } = await oauth.code('google');
  const LINK =
    'mutation ($code: String!, $verifier: String!) { linkIdentity(code: $code, verifier: $verifier) { __typename } }';
  expect(await oauth.users.refusal(gone, LINK, { code, verifier })).toMatchObject({ code: 'UNAUTHENTICATED' });
});

test('other paths and methods are refused', async () => {
  const browser = oauth.browser();
  expect(await browser.visit('/auth/oauth/nobody/start')).toMatchObject({ status: 404 });
  expect(await browser.visit('/auth/oauth/google/')).toMatchObject({ status: 404 });
  expect(await browser.visit('/auth/oauth/google/start', { method: 'POST' })).toMatchObject({ status: 405 });
  // There is no mock unless it is configured.
  expect(await browser.visit('/auth/mock/authorize')).toMatchObject({ status: 404 });
  expect(await browser.visit('/auth/oauth/mock/start')).toMatchObject({ status: 404 });
});
