/** Verifying an address: by the code of a letter, or by its link. */
import { isId } from '@chorus/kit/ids';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accountsOf, type Person, wrong } from './accounts.ts';
import { type Fixture, importer, startFixture, stranger } from './fixture.ts';

let users: Fixture;
let accounts: ReturnType<typeof accountsOf>;
beforeAll(async () => {
  users = await startFixture();
  accounts = accountsOf(users);
});
afterAll(() => users.stop());

const VERIFY = /* GraphQL */ `
  mutation ($code: String!) {
    verifyEmail(code: $code) {
      __typename
      ... on EmailVerified {
        accessToken
        account {
          email
          emailVerified
        }
      }
      ... on CodeRefused {
        message
      }
    }
  }
`;
const RESEND = 'mutation { resendVerification { account { emailVerified } } }';
const REFRESH = `mutation ($token: String) {
  refreshSession(refreshToken: $token) { ... on Session { accessToken refreshToken } } }`;
const ACCOUNT = '{ account { user { handle } email emailVerified pendingEmail hasPassword stepUpMethods } }';

interface Verified {
  __typename: string;
  accessToken: string;
  account: { email: string; emailVerified: boolean };
}
const verify = async ({ viewer }: Person, code: string) =>
  (await users.ask<{ verifyEmail: Verified }>(viewer, VERIFY, { code })).verifyEmail;
const isVerified = async ({ viewer: { userId } }: Person) =>
  (await users.db.credential.findUniqueOrThrow({ where: { userId } })).emailVerifiedAt !== null;
const claimOf = (accessToken: string) => decodeJwt(accessToken)['email_verified'];

describe('the code of a letter', () => {
  test('verifies the address, in the letter’s words or with spaces, and answers a token of the same session that says so', async () => {
    const person = await accounts.signUp();
    expect(claimOf(person.accessToken)).toBe(false);
    const code = await users.code(person.email);
    const verified = await verify(person, ` ${code.slice(0, 3)} ${code.slice(3)} `);
    expect(verified).toMatchObject({
      __typename: 'EmailVerified',
      account: { email: person.email, emailVerified: true },
    });
    expect(decodeJwt(verified.accessToken)).toMatchObject({
      email_verified: true,
      sid: person.viewer.sessionId,
      sub: person.viewer.userId,
    });
    expect(await isVerified(person)).toBe(true);
    // Sent again, as when its answer was lost, it changes nothing.
    expect(await verify(person, code)).toMatchObject({ __typename: 'EmailVerified' });
  });

  test('is stored only as a hash', async () => {
    const person = await accounts.signUp();
    const code = await users.code(person.email);
    const rows = await users.db.code.findMany({ where: { userId: person.viewer.userId } });
    expect(rows).toHaveLength(1);
    for (const { codeHash, linkHash } of rows) expect(`${codeHash} ${linkHash}`).not.toContain(code);
    const [letter] = await users.letters(person.email);
    expect(isId('ltr', letter?.id ?? '')).toBe(true);
    const token = /token=([\w-]+)/.exec(letter?.text ?? '')?.[1] ?? 'no link';
    expect(JSON.stringify(rows)).not.toContain(token);
    expect(await users.db.letter.count({ where: { recipient: person.email } })).toBe(0);
  });

  test('is a session’s next token after a refresh, too', async () => {
    const person = await accounts.signUp();
    await verify(person, await users.code(person.email));
    const { refreshSession } = await users.ask<{ refreshSession: { accessToken: string } }>(stranger(), REFRESH, {
      token: person.refreshToken,
    });
    expect(claimOf(refreshSession.accessToken)).toBe(true);
  });

  test('is good for five tries, of which many at once count each', async () => {
    const person = await accounts.signUp();
    const code = await users.code(person.email);
    const tries = await Promise.all([1, 2, 3, 4, 5].map((by) => verify(person, wrong(code, by))));
    for (const { __typename } of tries) expect(__typename).toBe('CodeRefused');
    expect(await verify(person, code)).toMatchObject({ __typename: 'CodeRefused' });
    expect(await isVerified(person)).toBe(false);
    await users.ask(person.viewer, RESEND);
    const next = await users.code(person.email, code);
    expect(await verify(person, next)).toMatchObject({ __typename: 'EmailVerified' });
  });

  test('the fifth try may be the right one', async () => {
    const person = await accounts.signUp();
    const code = await users.code(person.email);
    for (const by of [1, 2, 3, 4]) await verify(person, wrong(code, by));
    expect(await verify(person, code)).toMatchObject({ __typename: 'EmailVerified' });
  });

  test('is good for a day, for its person alone, and until the next', async () => {
    const [ann, ben] = [await accounts.signUp(), await accounts.signUp()];
    const code = await users.code(ann.email);
    expect(await verify(ben, code)).toMatchObject({ __typename: 'CodeRefused' });
    await users.ask(ann.viewer, RESEND);
    const next = await users.code(ann.email, code);
    expect(await verify(ann, code)).toMatchObject({ __typename: 'CodeRefused' });
    await users.db.$executeRaw`
      update code set expires_at = expires_at - interval '86401 seconds' where user_id = ${ann.viewer.userId}`;
    expect(await verify(ann, next)).toMatchObject({ __typename: 'CodeRefused' });
    expect(await isVerified(ann)).toBe(false);
  });

  test('is sent three times an hour, also when many ask at once', async () => {
    const person = await accounts.signUp();
    const first = await users.code(person.email);
    const answers = await Promise.allSettled(Array.from({ length: 6 }, () => users.ask(person.viewer, RESEND)));
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
    expect(await users.refusal(person.viewer, RESEND)).toMatchObject({ code: 'RATE_LIMITED' });
    await users.code(person.email, first);
    await accounts.anHourLater(person);
    await users.ask(person.viewer, RESEND);
  });

  test.each(['12345', '1234567', 'abcdef', ''])('%j is none', async (code) => {
    const { viewer } = await accounts.signUp();
    expect(await users.refusal(viewer, VERIFY, { code })).toMatchObject({ code: 'BAD_USER_INPUT', field: 'code' });
  });

  test('is for the person alone: not for a stranger, nor a service account that acts for one', async () => {
    const person = await accounts.signUp();
    const code = await users.code(person.email);
    for (const viewer of [stranger(), { ...person.viewer, sessionId: null, service: importer.service }]) {
      expect(await users.refusal(viewer, VERIFY, { code })).toMatchObject({ code: 'UNAUTHENTICATED' });
      expect(await users.refusal(viewer, RESEND)).toMatchObject({ code: 'UNAUTHENTICATED' });
    }
    // An ended session gets no new token.
    await users.db.session.delete({ where: { id: person.viewer.sessionId } });
    expect(await users.refusal(person.viewer, VERIFY, { code })).toMatchObject({ code: 'UNAUTHENTICATED' });
  });
});

describe('the link of a letter', () => {
  const linkOf = async (person: Person) => {
    await users.code(person.email);
    const [letter] = await users.letters(person.email);
    const link = new URL(/http\S+/.exec(letter?.text ?? '')?.[0] ?? '');
    expect(link.origin).toBe(users.config.TOKEN_ISSUER);
    return new URL(`${link.pathname}${link.search}`, users.url);
  };
  const press = (link: URL) => fetch(new URL('/auth/verify', link), { method: 'POST', body: link.searchParams });

  test('leads to a page whose button verifies the address, once; to look at it does nothing', async () => {
    const person = await accounts.signUp();
    const link = await linkOf(person);
    const page = await fetch(link);
    const text = await page.text();
    expect(text).toContain(`value="${link.searchParams.get('token')}"`);
    expect(text).toContain('<form method="post" action="/auth/verify">');
    expect(page.headers.get('content-security-policy')).toMatch(
      /default-src 'none'.*form-action 'self'.*frame-ancestors 'none'/,
    );
    expect(page.headers.get('referrer-policy')).toBe('no-referrer');
    expect(await isVerified(person)).toBe(false);
    const pressed = await Promise.all([press(link), press(link), press(link)]);
    expect(pressed.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 400, 400]);
    expect(await isVerified(person)).toBe(true);
    expect((await press(link)).status).toBe(400);
  });

  test('is escaped, of the right length, and good for the last letter alone', async () => {
    const person = await accounts.signUp();
    const link = await linkOf(person);
    const evil = await fetch(new URL(`/auth/verify?token=${encodeURIComponent('"><script>')}`, users.url));
    expect(await evil.text()).not.toContain('<script>');
    for (const token of ['', 'x', 'y'.repeat(10_000)]) {
      const body = new URLSearchParams({ token });
      expect((await fetch(new URL('/auth/verify', users.url), { method: 'POST', body })).status).toBe(400);
    }
    const code = await users.code(person.email);
    await users.ask(person.viewer, RESEND);
    await users.code(person.email, code);
    expect((await press(link)).status).toBe(400);
    expect(await isVerified(person)).toBe(false);
    expect((await fetch(new URL('/auth/verify', users.url), { method: 'PUT' })).status).toBe(405);
  });
});

describe('one’s own account', () => {
  test('is told to its person alone', async () => {
    const person = await accounts.signUp();
    expect(await users.ask(person.viewer, ACCOUNT)).toEqual({
      account: {
        user: { handle: person.handle },
        email: person.email,
        emailVerified: false,
        pendingEmail: null,
        hasPassword: true,
        stepUpMethods: ['PASSWORD'],
      },
    });
    for (const viewer of [stranger(), importer, { ...person.viewer, sessionId: null, service: importer.service }]) {
      expect(await users.ask(viewer, ACCOUNT)).toEqual({ account: null });
    }
  });

  test('without a password steps up by a code to its verified address, and can set one', async () => {
    const person = await accounts.signUp();
    const { viewer, email, handle } = person;
    const methods = async () =>
      (await users.ask<{ account: { stepUpMethods: string[] } }>(viewer, ACCOUNT)).account.stepUpMethods;
    const request = 'mutation { requestStepUpCode { expiresAt } }';
    expect(await users.refusal(viewer, request)).toMatchObject({ code: 'FORBIDDEN' });
    await users.db.credential.update({ where: { email }, data: { passwordHash: null } });
    expect(await methods()).toEqual([]);
    expect(await users.refusal(viewer, request)).toMatchObject({ code: 'FORBIDDEN' });
    await accounts.verified(person);
    expect(await methods()).toEqual(['EMAIL_CODE']);

    const before = await users.code(email);
    await users.ask(viewer, request);
    const code = await users.code(email, before);
    const stepUp = 'mutation ($input: StepUpInput!) { stepUp(input: $input) { __typename } }';
    const by = async (secret: string, method = 'EMAIL_CODE') =>
      (await users.ask<{ stepUp: { __typename: string } }>(viewer, stepUp, { input: { method, secret } })).stepUp
        .__typename;
    expect(await by('any password at all', 'PASSWORD')).toBe('StepUpRefused');
    expect(await by(wrong(code))).toBe('StepUpRefused');
    expect(await by(code)).toBe('SteppedUp');
    expect(await by(code)).toBe('StepUpRefused');
    const change = 'mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { count } }';
    await users.ask(viewer, change, { input: { newPassword: 'the first of my passwords' } });
    expect(await methods()).toEqual(['PASSWORD']);
    expect(await accounts.logIn(handle, 'the first of my passwords')).not.toBeNull();
  });
});
