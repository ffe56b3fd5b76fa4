/** Sign-in by Google and GitHub, by servers that speak as they do. */
import { createLogger } from '@chorus/kit/logger';
import { settle } from '@chorus/kit/testing';
import { anonymous } from '@chorus/kit/viewer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startOAuthPurge } from '../../src/oauth/attempt.ts';
import { importer, password, stranger } from '../fixture.ts';
import { app, startOAuthFixture } from './fixture.ts';

let oauth: Awaited<ReturnType<typeof startOAuthFixture>>;
beforeAll(async () => {
  oauth = await startOAuthFixture();
});
afterAll(() => oauth.stop());

const identitiesOf = (userId: string) => oauth.users.db.identity.findMany({ where: { userId } });

describe('somebody new', () => {
  test('by OpenID Connect gets an account, a session as a cookie, and leaves no secret in the address', async () => {
    const person = { ...oauth.person(), name: '  Ada   Lovelace, Übermut ' };
    oauth.google.signInAs(person);
    const browser = oauth.browser();
    const start = await browser.visit('/auth/oauth/google/start?returnTo=/home?tab=1');
    expect(start).toMatchObject({ status: 303 });
    expect(start.headers.get('cache-control')).toBe('no-store');
    expect(start.headers.getSetCookie()).toEqual([
      expect.stringMatching(/^chorus_oauth=[\w-]{43}; Max-Age=600; Path=\/auth\/oauth; HttpOnly; SameSite=Lax$/),
    ]);
    expect(Object.fromEntries(start.to?.searchParams ?? [])).toMatchObject({
      response_type: 'code',
      scope: 'openid email profile',
      code_challenge_method: 'S256',
      redirect_uri: 'http://chorus.test/auth/oauth/google/callback',
      nonce: expect.stringMatching(/^[\w-]{43}$/),
    });
    const end = await browser.visit(await browser.led(browser.visit(start.to ?? '')));
    expect(end.to?.href).toBe('http://chorus.test/home?tab=1');
    expect(end.headers.getSetCookie()).toEqual([
      expect.stringMatching(/^chorus_oauth=; Max-Age=0; /),
      expect.stringMatching(/^chorus_refresh=chr_.+; Path=\/graphql; HttpOnly; SameSite=Strict$/),
    ]);
    const { address } = browser.viewer;
    expect(await oauth.users.db.session.count({ where: { address, device: 'a browser' } })).toBe(1);
    const me = await browser.me();
    expect(me?.user).toMatchObject({ handle: 'ada_lovelace_ubermut', name: 'Ada Lovelace, Übermut' });
    expect(await oauth.users.db.credential.findUnique({ where: { userId: me?.user.id ?? '' } })).toMatchObject({
      email: person.email,
      emailVerifiedAt: expect.any(Date),
      passwordHash: null,
    });
    expect(await oauth.users.db.oAuthAttempt.count()).toBe(0);
  });

  test('by GitHub gets an account by the primary address that is verified, not by the one that they show', async () => {
    oauth.github.signInAs({ sub: '4711', login: 'octo-cat' }, [
      { email: 'other@example.org', primary: false, verified: true },
      { email: 'Octo@Example.org', primary: true, verified: true },
    ]);
    const browser = oauth.browser();
    expect((await browser.signIn('github')).href).toBe('http://chorus.test/home');
    const me = await browser.me();
    expect(me?.user).toMatchObject({ handle: 'octo_cat', name: 'octo-cat' });
    const credential = await oauth.users.db.credential.findUnique({ where: { userId: me?.user.id ?? '' } });
    expect(credential?.email).toBe('octo@example.org');
    expect(await identitiesOf(me?.user.id ?? '')).toMatchObject([{ provider: 'github', subject: '4711' }]);
  });

  test.each([
    ['a handle that is taken', 'Taken Already', /^taken_already_\d{4}$/],
    ['a reserved one', 'Admin', /^admin_\d{4}$/],
    ['a name without a letter of the alphabet', '王小明', /^user_\d{4}$/],
    ['a name that is an address', 'someone@example.com', /^user_\d{4}$/],
    ['no name', '', /^user_\d{4}$/],
  ])('gets a handle in spite of %s', async (_, name, handle) => {
    await oauth.users.people('taken_already');
    oauth.google.signInAs({ ...oauth.person(), name });
    const browser = oauth.browser();
    await browser.signIn('google');
    const me = await browser.me();
    expect(me?.user.handle).toMatch(handle);
    expect(me?.user.name).not.toBe('');
  });

  test('who comes twenty times at once gets one account', async () => {
    const person = oauth.person();
    oauth.google.signInAs(person);
    const browsers = Array.from({ length: 20 }, () => oauth.browser());
    const callbacks = await Promise.all(browsers.map((browser) => browser.approve('google')));
    const ends = await Promise.all(browsers.map((browser, index) => browser.visit(callbacks[index] ?? '')));
    expect(ends.map(({ to }) => to?.href)).toEqual(browsers.map(() => 'http://chorus.test/home'));
    const ids = await Promise.all(browsers.map(async (browser) => (await browser.me())?.user.id));
    expect(new Set(ids).size).toBe(1);
    expect(await oauth.users.db.user.count({ where: { name: person.name } })).toBe(1);
  });
});

describe('somebody who was here before', () => {
  test('comes back by the subject, whatever the address and the name are by then', async () => {
    const person = oauth.person();
    oauth.google.signInAs(person);
    const first = oauth.browser();
    await first.signIn('google');
    oauth.google.signInAs({ sub: person.sub, name: 'Renamed', email: 'new@example.org', email_verified: false });
    const second = oauth.browser();
    await second.signIn('google');
    expect((await second.me())?.user).toEqual((await first.me())?.user);
  });

  test('with a password, and an address that both sides have verified, finds the same account', async () => {
    const person = oauth.person();
    const account = await oauth.account(person.email, { verified: true });
    oauth.google.signInAs({ ...person, email: person.email.toUpperCase() });
    const browser = oauth.browser();
    await browser.signIn('google');
    expect((await browser.me())?.user.id).toBe(account.userId);
    expect(await identitiesOf(account.userId)).toMatchObject([{ provider: 'google', subject: person.sub }]);
  });
});

describe('a client that exchanges a code', () => {
  test('gets its session by the verifier, once', async () => {
    oauth.google.signInAs(oauth.person());
    const browser = oauth.browser();
    const { code, verifier, to } = await oauth.code('google', browser);
    expect(to.href).toBe(`${app}/done?code=${code}`);
    expect(await browser.me()).toBeNull();
    expect(await oauth.users.db.oAuthCode.findMany({ select: { codeHash: true } })).not.toContainEqual({
      codeHash: code,
    });
    const session = await oauth.exchange({ code, verifier });
    expect(session).toMatchObject({ __typename: 'Session', refreshToken: expect.stringMatching(/^chr_/) });
    expect(await oauth.exchange({ code, verifier })).toMatchObject({ reason: 'CODE_INVALID' });
  });

  test('must be a page or app that the configuration names, and an app needs a challenge', async () => {
    const browser = oauth.browser();
    const codeChallenge = 'c'.repeat(43);
    const start = async (query: Record<string, string>) =>
      browser.visit(`/auth/oauth/google/start?${new URLSearchParams(query)}`);
    expect(await start({ returnTo: `${app}/x`, codeChallenge })).toMatchObject({ status: 303 });
    expect(await start({ returnTo: 'https://app.example.org/x' })).toMatchObject({ status: 303 });
    for (const refused of [
      await start({ returnTo: `${app}/x` }),
      await start({ returnTo: '/', codeChallenge: 'short' }),
    ]) {
      expect(refused.status).toBe(400);
      expect(JSON.parse(refused.body)).toMatchObject({
        errors: [{ extensions: { code: 'BAD_USER_INPUT', field: 'codeChallenge' } }],
      });
    }
  });
});

describe('linked identities', () => {
  const LIST = '{ linkedIdentities { provider email linkedAt lastUsedAt } }';
  const UNLINK = `mutation ($provider: String!) { unlinkIdentity(provider: $provider) {
    __typename ... on LinkedIdentitiesPayload { identities { provider } } ... on LastWayIn { message } } }`;
  const list = async (viewer: Parameters<typeof oauth.users.ask>[0]) =>
    (await oauth.users.ask<{ linkedIdentities: { provider: string }[] }>(viewer, LIST)).linkedIdentities;
  const unlink = async (viewer: Parameters<typeof oauth.users.ask>[0], provider: string) =>
    (
      await oauth.users.ask<{ unlinkIdentity: { __typename: string; identities?: { provider: string }[] } }>(
        viewer,
        UNLINK,
        { provider },
      )
    ).unlinkIdentity;

  test('are added while signed in, whatever their address, and then sign in', async () => {
    const account = await oauth.account('has.password@example.org', { verified: false });
    const person = { ...oauth.person(), email_verified: false };
    oauth.google.signInAs(person);
    expect(await list(account)).toEqual([]);
    const code = await oauth.code('google');
    expect(await oauth.link(account, code)).toMatchObject({ identities: [{ provider: 'google', email: null }] });
    const browser = oauth.browser();
    await browser.signIn('google');
    expect((await browser.me())?.user.id).toBe(account.userId);
    // Again is no fault.
    expect(await oauth.link(account, await oauth.code('google'))).toMatchObject({ identities: [{}] });
  });

  test('change only for who has just proved who they are, and cost no code before', async () => {
    const account = await oauth.account('step.up@example.org', { verified: true });
    const { sessionId: id } = account;
    await oauth.users.db.session.update({ where: { id }, data: { steppedUpAt: null } });
    oauth.google.signInAs(oauth.person());
    const { code, verifier } = await oauth.code('google');
    const LINK =
      'mutation ($code: String!, $verifier: String!) { linkIdentity(code: $code, verifier: $verifier) { __typename } }';
    expect(await oauth.users.refusal(account, LINK, { code, verifier })).toMatchObject({ code: 'FORBIDDEN' });
    expect(await oauth.users.refusal(account, UNLINK, { provider: 'google' })).toMatchObject({ code: 'FORBIDDEN' });
    await oauth.users.db.session.update({ where: { id }, data: { steppedUpAt: new Date() } });
    expect(await oauth.link(account, { code, verifier })).toMatchObject({ identities: [{}] });
  });

  test('are told to their owner by a letter, also one that an address led to', async () => {
    const person = oauth.person();
    const account = await oauth.account(person.email, { verified: true });
    oauth.google.signInAs(person);
    await oauth.browser().signIn('google');
    oauth.github.signInAs({ sub: person.sub }, []);
    await oauth.link(account, await oauth.code('github'));
    const { handle } = await oauth.users.db.user.findUniqueOrThrow({ where: { id: account.userId } });
    const letters = async () => {
      const { body } = await oauth.browser().visit('/auth/mail');
      return ['google', 'github'].map((name) =>
        body.includes(`@${handle} on Chorus can now be logged in to by ${name}`),
      );
    };
    await settle(async () => (await letters()).every(Boolean));
    expect(await letters()).toEqual([true, true]);
  });

  test("of somebody else, or a second one at the same provider, aren't", async () => {
    const [one, other] = [
      await oauth.account('one@example.org', { verified: true }),
      await oauth.account('other@example.org', { verified: true }),
    ];
    oauth.google.signInAs(oauth.person());
    await oauth.link(one, await oauth.code('google'));
    expect(await oauth.link(other, await oauth.code('google'))).toMatchObject({ reason: 'IDENTITY_TAKEN' });
    oauth.google.signInAs(oauth.person());
    expect(await oauth.link(one, await oauth.code('google'))).toMatchObject({ reason: 'PROVIDER_LINKED' });
    expect(await list(other)).toEqual([]);
  });

  test('are taken away but for the last way in, also by two at once', async () => {
    const { sub, name, email } = oauth.person();
    oauth.google.signInAs({ sub, name, email, email_verified: true });
    const viewer = await oauth.provenIn(await oauth.exchange(await oauth.code('google')));
    expect(await unlink(viewer, 'google')).toMatchObject({ __typename: 'LastWayIn' });
    oauth.github.signInAs({ sub }, []);
    expect(await oauth.link(viewer, await oauth.code('github'))).toMatchObject({ identities: [{}, {}] });
    const answers = await Promise.all([unlink(viewer, 'google'), unlink(viewer, 'github')]);
    expect(answers.map(({ __typename }) => __typename).sort()).toEqual(['LastWayIn', 'LinkedIdentitiesPayload']);
    expect(await list(viewer)).toHaveLength(1);
    expect(await unlink(viewer, 'nobody')).toMatchObject({ identities: [{}] });

    // One by whom nobody can sign in here is no way in.
    await oauth.users.db.identity.updateMany({ where: { userId: viewer.userId }, data: { provider: 'mock' } });
    oauth.github.signInAs({ sub: `${sub}1` }, []);
    await oauth.link(viewer, await oauth.code('github'));
    expect(await unlink(viewer, 'github')).toMatchObject({ __typename: 'LastWayIn' });

    const account = await oauth.account('with.password@example.org', { verified: true });
    oauth.google.signInAs(oauth.person());
    await oauth.link(account, await oauth.code('google'));
    expect(await unlink(account, 'google')).toMatchObject({ identities: [] });
  });

  test('are for whoever signed in, and not for a service that acts for them', async () => {
    const [ada] = await oauth.users.people('linked_ada');
    for (const viewer of [anonymous, importer, { ...importer, userId: ada?.userId ?? '' }]) {
      expect(await oauth.users.refusal(viewer, LIST)).toMatchObject({ code: 'UNAUTHENTICATED' });
      expect(await oauth.users.refusal(viewer, UNLINK, { provider: 'google' })).toMatchObject({
        code: 'UNAUTHENTICATED',
      });
    }
  });
});

test('who has no password cannot log in by one', async () => {
  const person = oauth.person();
  oauth.google.signInAs(person);
  await oauth.browser().signIn('google');
  const LOG_IN = 'mutation ($input: LogInInput!) { logIn(input: $input) { __typename } }';
  const input = { identifier: person.email, password };
  expect(await oauth.users.ask(stranger(), LOG_IN, { input })).toEqual({
    logIn: { __typename: 'InvalidCredentials' },
  });
});

test('what nobody ended is purged', async () => {
  const { db } = oauth.users;
  const in10 = new Date(Date.now() + 600_000);
  const attempt = { provider: 'google', returnTo: '/', expiresAt: new Date(Date.now() - 1000) };
  await db.oAuthAttempt.createMany({
    data: [
      { secretHash: 'old', ...attempt },
      { secretHash: 'new', ...attempt, expiresAt: in10 },
    ],
  });
  const code = { codeChallenge: '', provider: 'google', subject: '1', name: '', expiresAt: attempt.expiresAt };
  await db.oAuthCode.createMany({
    data: [
      { codeHash: 'old', ...code },
      { codeHash: 'new', ...code, expiresAt: in10 },
    ],
  });
  const purge = startOAuthPurge({ db, logger: createLogger({ service: 'users', level: 'silent' }) });
  try {
    await settle(async () => (await db.oAuthAttempt.count({ where: { secretHash: 'old' } })) === 0);
    await settle(async () => (await db.oAuthCode.count({ where: { codeHash: 'old' } })) === 0);
    expect(await db.oAuthAttempt.count({ where: { secretHash: 'new' } })).toBe(1);
    expect(await db.oAuthCode.count({ where: { codeHash: 'new' } })).toBe(1);
  } finally {
    await purge.stop();
  }
});

test('the providers are listed, for people and for programs', async () => {
  const browser = oauth.browser();
  const list = await browser.visit('/auth/oauth');
  expect(JSON.parse(list.body)).toEqual({
    providers: [
      { name: 'google', title: 'Google', start: '/auth/oauth/google/start' },
      { name: 'github', title: 'GitHub', start: '/auth/oauth/github/start' },
    ],
  });
  const page = await browser.visit('/auth/oauth', { headers: { accept: 'text/html,*/*' } });
  expect(page.body).toContain('<a href="/auth/oauth/google/start">Google</a>');
});
