import { isId } from '@chorus/kit/ids';
import { anonymous } from '@chorus/kit/viewer';
import { parseOptions } from '@node-rs/argon2';
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { COST, DECOY } from '../src/account/password.ts';
import { type Fixture, importer, issuer, password, startFixture, stranger } from './fixture.ts';

let users: Fixture;
beforeAll(async () => {
  users = await startFixture();
});
afterAll(() => users.stop());

const SIGN_UP = /* GraphQL */ `
  mutation ($input: SignUpInput!) {
    signUp(input: $input) {
      __typename
      ... on Session {
        accessToken
        expiresAt
        user {
          id
          nodeId
          handle
          name
          followerCount
        }
      }
      ... on HandleTaken {
        handle
        message
      }
      ... on EmailTaken {
        message
      }
    }
  }
`;
const LOG_IN = /* GraphQL */ `
  mutation ($input: LogInInput!) {
    logIn(input: $input) {
      __typename
      ... on Session {
        accessToken
        user {
          handle
        }
      }
      ... on InvalidCredentials {
        message
      }
    }
  }
`;
interface Result {
  __typename: string;
  accessToken: string;
  expiresAt: string;
  message: string;
  handle: string;
  user: { id: string; nodeId: string; handle: string; name: string };
}

const person = (handle: string) => ({ handle, name: 'Somebody', email: `${handle}@example.org`, password });
const signUp = async (input: object, viewer = stranger()) =>
  (await users.ask<{ signUp: Result }>(viewer, SIGN_UP, { input })).signUp;
const logIn = async (identifier: string, secret = password) =>
  (await users.ask<{ logIn: Result }>(stranger(), LOG_IN, { input: { identifier, password: secret } })).logIn;
const stored = async () => ({
  users: await users.db.user.count(),
  credentials: await users.db.credential.count(),
  sessions: await users.db.session.count(),
});

describe('signing up', () => {
  test('creates an account and a session, and stores neither password nor token', async () => {
    const viewer = { ...anonymous, address: '192.0.2.7', device: 'a test' };
    const input = { handle: ' Ada.L_1 ', name: ' Ada Lovelace ', email: ' Ada@Example.ORG ', password };
    const session = await signUp(input, viewer);
    expect(session.user).toMatchObject({ handle: 'ada.l_1', name: 'Ada Lovelace', followerCount: 0 });
    expect(isId('usr', session.user.id)).toBe(true);
    expect(session.user.nodeId).toBe(session.user.id);

    const credential = await users.db.credential.findUniqueOrThrow({ where: { email: 'ada@example.org' } });
    expect(parseOptions(credential.passwordHash ?? '')).toMatchObject(COST);
    expect(await users.db.session.findFirst({ where: { userId: session.user.id } })).toMatchObject({
      id: decodeJwt(session.accessToken)['sid'],
      address: '192.0.2.7',
      device: 'a test',
    });
  });

  test('the access token verifies through the published keys', async () => {
    const { accessToken, expiresAt, user } = await signUp(person('token'));
    const keys = createRemoteJWKSet(new URL('/.well-known/jwks.json', users.url));
    const { payload, protectedHeader } = await jwtVerify(accessToken, keys, {
      issuer,
      audience: 'chorus',
      typ: 'at+jwt',
      algorithms: ['RS256'],
      subject: user.id,
    });
    expect(payload).toMatchObject({ roles: [], email_verified: false, sid: expect.stringMatching(/^ses_/) });
    expect(Number(payload.exp) - Number(payload.iat)).toBe(600);
    expect(new Date(expiresAt).getTime()).toBe(Number(payload.exp) * 1000);

    const response = await fetch(new URL('/.well-known/jwks.json', users.url));
    expect(response.headers.get('cache-control')).toBe('public, max-age=300');
    const { keys: published } = (await response.json()) as { keys: Record<string, string>[] };
    expect(published).toEqual([
      { kty: 'RSA', n: expect.any(String), e: 'AQAB', alg: 'RS256', use: 'sig', kid: protectedHeader.kid },
    ]);
    expect((await fetch(response.url, { method: 'POST' })).status).toBe(405);
    expect(await (await fetch(response.url, { method: 'HEAD' })).text()).toBe('');
  });

  test('a service account answers for the address of whom it signs up', async () => {
    const vouched = await signUp(person('vouched'), importer);
    expect(decodeJwt(vouched.accessToken)).toMatchObject({ email_verified: true });
    expect(decodeJwt((await logIn('vouched')).accessToken)).toMatchObject({ email_verified: true });
  });

  test('a handle and an address are given once, without regard to case', async () => {
    await signUp(person('first'));
    const before = await stored();
    expect(await signUp({ ...person('FIRST'), email: 'other@example.org' })).toMatchObject({
      __typename: 'HandleTaken',
      handle: 'first',
    });
    expect(await signUp({ ...person('second'), email: 'First@Example.org' })).toMatchObject({
      __typename: 'EmailTaken',
    });
    expect(await stored()).toEqual(before);
    // What failed for the address left its handle free.
    expect(await signUp(person('second'))).toMatchObject({ __typename: 'Session' });
  });

  test('of ten at once one gets the handle, and of ten at once one gets the address', async () => {
    const before = await stored();
    const ten = Array.from({ length: 10 }, (_, index) => index);
    const handles = await Promise.all(ten.map((n) => signUp({ ...person('race'), email: `race${n}@example.org` })));
    const emails = await Promise.all(ten.map((n) => signUp({ ...person(`rival${n}`), email: 'rival@example.org' })));
    const outcomes = (results: Result[]) => results.map(({ __typename }) => __typename).sort();
    expect(outcomes(handles)).toEqual([...Array.from({ length: 9 }, () => 'HandleTaken'), 'Session']);
    expect(outcomes(emails)).toEqual([...Array.from({ length: 9 }, () => 'EmailTaken'), 'Session']);
    expect(await stored()).toEqual({
      users: before.users + 2,
      credentials: before.credentials + 2,
      sessions: before.sessions + 2,
    });
  });

  test.each([
    ['handle', { handle: '' }],
    ['handle', { handle: 'ab' }],
    ['handle', { handle: 'a'.repeat(31) }],
    ['handle', { handle: 'with space' }],
    ['handle', { handle: 'näme' }],
    ['handle', { handle: 'nul\0' }],
    ['handle', { handle: 'Admin' }],
    ['handle', { handle: 'chorus' }],
    ['name', { name: '   ' }],
    ['name', { name: 'n'.repeat(81) }],
    ['name', { name: 'two\nlines' }],
    ['name', { name: 'nul\0' }],
    ['name', { name: '\u{200b}\u{200b}' }],
    ['email', { email: '' }],
    ['email', { email: 'nobody' }],
    ['email', { email: 'a@b' }],
    ['email', { email: 'a b@example.org' }],
    ['email', { email: 'a@example..org' }],
    ['email', { email: 'nul\0@example.org' }],
    ['email', { email: `${'a'.repeat(250)}@example.org` }],
    ['password', { password: '' }],
    ['password', { password: 'short' }],
    ['password', { password: '😀'.repeat(9) }],
    ['password', { password: 'p'.repeat(201) }],
    ['password', { password: '\ud800'.repeat(12) }],
  ])('refuses a bad %s: %j', async (field, bad) => {
    const before = await stored();
    expect(await users.refusal(anonymous, SIGN_UP, { input: { ...person('refused'), ...bad } })).toMatchObject({
      code: 'BAD_USER_INPUT',
      field: `input.${field}`,
    });
    expect(await stored()).toEqual(before);
  });

  test.each([
    { ...person('typed'), handle: 7 },
    { handle: 'typed', name: 'n', password },
    { ...person('typed'), admin: true },
    null,
  ])('refuses what is not its type: %j', async (input) => {
    expect((await users.refusal(anonymous, SIGN_UP, { input })).code).toBe('BAD_USER_INPUT');
  });

  test('a password is counted in characters and may be of any script', async () => {
    const secret = '😀'.repeat(200);
    expect(await signUp({ ...person('emoji'), password: secret })).toMatchObject({ __typename: 'Session' });
    expect(await logIn('emoji', secret)).toMatchObject({ __typename: 'Session' });
    expect(await logIn('emoji', '😀'.repeat(199))).toMatchObject({ __typename: 'InvalidCredentials' });
  });
});

describe('logging in', () => {
  beforeAll(() => signUp(person('regular')));

  test.each(['regular', 'Regular', '@regular', ' regular ', 'regular@example.org', 'REGULAR@Example.org'])(
    'as %j',
    async (name) => {
      const session = await logIn(name);
      expect(session).toMatchObject({ __typename: 'Session', user: { handle: 'regular' } });
    },
  );

  test('each log-in is a session of its own', async () => {
    await signUp(person('frequent'));
    const [one, two] = await Promise.all([logIn('frequent'), logIn('frequent')]);
    expect(decodeJwt(one.accessToken)['sid']).not.toBe(decodeJwt(two.accessToken)['sid']);
  });

  test('a wrong password, an unknown handle or address and an account without password get the same answer', async () => {
    const [, elsewhere] = await users.people('nopassword', 'elsewhere');
    // Signs in by other means alone.
    const userId = elsewhere?.userId ?? '';
    await users.db.credential.create({ data: { userId, email: 'elsewhere@example.org', emailVerifiedAt: new Date() } });
    await signUp(person('guarded'));
    const before = await stored();
    const answers = await Promise.all([
      logIn('guarded', 'wrong password'),
      logIn('guarded@example.org', 'wrong password'),
      logIn('nobody'),
      logIn('nobody@example.org'),
      logIn('nopassword'),
      logIn('elsewhere@example.org'),
      logIn('not a handle'),
      logIn('nul\0nul'),
      logIn("' or 1=1 --"),
    ]);
    const [first] = answers;
    expect(first).toEqual({ __typename: 'InvalidCredentials', message: expect.any(String) });
    for (const answer of answers) expect(answer).toEqual(first);
    expect(await stored()).toEqual(before);
  });

  test('what nobody has is compared at the same cost', () => {
    expect(parseOptions(DECOY)).toMatchObject({ ...COST, algorithm: 2, outputLen: 32, saltLen: 16 });
  });

  test.each([
    ['identifier', { identifier: '', password }],
    ['identifier', { identifier: 'x'.repeat(300), password }],
    ['password', { identifier: 'regular', password: '' }],
    ['password', { identifier: 'regular', password: 'p'.repeat(1000) }],
  ])('refuses a bad %s', async (field, input) => {
    expect(await users.refusal(anonymous, LOG_IN, { input })).toMatchObject({
      code: 'BAD_USER_INPUT',
      field: `input.${field}`,
    });
  });
});

test('a request without a viewer token is UNAUTHENTICATED, whatever it asks', async () => {
  const attempts: Record<string, string>[] = [{}, { 'chorus-viewer': 'forged' }, { authorization: 'Bearer anything' }];
  for (const headers of attempts) {
    const before = await stored();
    const response = await fetch(users.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query: SIGN_UP, variables: { input: person('intruder') } }),
    });
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
    expect(await stored()).toEqual(before);
  }
});
