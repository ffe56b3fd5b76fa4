/** A new password for who forgot it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accountsOf, type Person, wrong } from './accounts.ts';
import { type Fixture, password, startFixture, stranger } from './fixture.ts';

let users: Fixture;
let accounts: ReturnType<typeof accountsOf>;
beforeAll(async () => {
  users = await startFixture();
  accounts = accountsOf(users);
});
afterAll(() => users.stop());

const REQUEST = 'mutation ($input: RequestPasswordResetInput!) { requestPasswordReset(input: $input) { message } }';
const RESET = /* GraphQL */ `
  mutation ($input: ResetPasswordInput!) {
    resetPassword(input: $input) {
      __typename
      ... on PasswordReset {
        count
      }
      ... on CodeRefused {
        message
      }
    }
  }
`;
const next = 'another horse battery';
const SUBJECT = /code for a new password/;

const request = (identifier: string, viewer = stranger()) => users.ask(viewer, REQUEST, { input: { identifier } });
const reset = async (identifier: string, code: string, newPassword = next) =>
  (
    await users.ask<{ resetPassword: { __typename: string; count?: number } }>(stranger(), RESET, {
      input: { identifier, code, newPassword },
    })
  ).resetPassword;
/** The code of a new letter. */
async function codeFor(person: Person, identifier = person.handle): Promise<string> {
  const before = await users.code(person.email);
  await request(identifier);
  return users.code(person.email, before);
}

test('by handle or address: a code sets a new password, ends all sessions, verifies the address, and is told', async () => {
  const person = await accounts.signUp();
  const { handle, email } = person;
  await accounts.logIn(handle);
  const code = await codeFor(person, ` @${handle.toUpperCase()}`);
  expect((await users.letters(email)).filter(({ subject }) => SUBJECT.test(subject))).toHaveLength(1);
  expect(await reset(email.toUpperCase(), code)).toEqual({ __typename: 'PasswordReset', count: 2 });
  expect(await accounts.sessionsOf(person)).toEqual([]);
  const ended = await users.db.outboxEvent.findMany({ where: { name: 'session.revoked' } });
  expect(ended.map(({ aggregate }) => aggregate)).toContain(person.viewer.sessionId);
  expect(await accounts.logIn(handle)).toBeNull();
  expect(await accounts.logIn(handle, next)).toMatchObject({ emailVerified: true });
  await expect
    .poll(async () => (await users.letters(email)).map(({ subject }) => subject))
    .toContain('Your password was changed');
  expect(await reset(email, code)).toMatchObject({ __typename: 'CodeRefused' });
});

test('sets the first password of an account that has none', async () => {
  const person = await accounts.signUp();
  await users.db.credential.update({ where: { email: person.email }, data: { passwordHash: null } });
  expect(await reset(person.handle, await codeFor(person))).toMatchObject({ __typename: 'PasswordReset' });
  expect(await accounts.logIn(person.handle, next)).not.toBeNull();
});

describe('a code', () => {
  test('used by ten at once is used once', async () => {
    const person = await accounts.signUp();
    const code = await codeFor(person);
    const ten = Array.from({ length: 10 }, (_, index) => `${next} ${index}`);
    const answers = await Promise.all(ten.map((chosen) => reset(person.handle, code, chosen)));
    expect(answers.filter(({ __typename }) => __typename === 'PasswordReset')).toHaveLength(1);
    const chosen = ten[answers.findIndex(({ __typename }) => __typename === 'PasswordReset')];
    expect(await accounts.logIn(person.email, chosen)).not.toBeNull();
  });

  test('is one at a time: of two that are asked for at once the last letter’s is good', async () => {
    const person = await accounts.signUp();
    const first = await users.code(person.email);
    await Promise.all([request(person.handle), request(person.email)]);
    await users.code(person.email, first);
    expect(await users.db.code.count({ where: { userId: person.viewer.userId, purpose: 'RESET_PASSWORD' } })).toBe(1);
    const hash = async () => (await users.db.code.findMany({ where: { userId: person.viewer.userId } }))[1]?.codeHash;
    const before = await hash();
    const third = await codeFor(person, `@${person.handle} `);
    expect(await hash()).not.toBe(before);
    expect(await reset(person.handle, third)).toMatchObject({ __typename: 'PasswordReset' });
  });

  test('is good for ten minutes and five tries', async () => {
    const late = await accounts.signUp();
    const lateCode = await codeFor(late);
    await users.db.$executeRaw`
      update code set expires_at = expires_at - interval '601 seconds' where user_id = ${late.viewer.userId}`;
    expect(await reset(late.handle, lateCode)).toMatchObject({ __typename: 'CodeRefused' });

    const guessed = await accounts.signUp();
    const code = await codeFor(guessed);
    const guesses = await Promise.all([1, 2, 3, 4, 5].map((by) => reset(guessed.handle, wrong(code, by))));
    for (const { __typename } of guesses) expect(__typename).toBe('CodeRefused');
    expect(await reset(guessed.handle, code)).toMatchObject({ __typename: 'CodeRefused' });
    expect(await accounts.logIn(guessed.handle)).not.toBeNull();
  });

  test('is of its account and its purpose', async () => {
    const [ann, ben] = [await accounts.signUp(), await accounts.signUp()];
    const verification = await users.code(ann.email);
    expect(await reset(ann.handle, verification)).toMatchObject({ __typename: 'CodeRefused' });
    const code = await codeFor(ann);
    expect(await reset(ben.handle, code)).toMatchObject({ __typename: 'CodeRefused' });
    const verify = 'mutation ($code: String!) { verifyEmail(code: $code) { __typename } }';
    expect(await users.ask(ann.viewer, verify, { code })).toEqual({ verifyEmail: { __typename: 'CodeRefused' } });
  });

  test('is made three times an hour for one account, by whatever name and from wherever it is asked for', async () => {
    const person = await accounts.signUp();
    const names = [person.handle, person.email, person.handle, person.email, person.handle, person.email];
    for (const name of names) await request(name);
    const { issued } = await users.db.code.findUniqueOrThrow({
      where: { userId_purpose: { userId: person.viewer.userId, purpose: 'RESET_PASSWORD' } },
    });
    expect(issued).toBe(3);
    expect(await users.refusal(stranger(), REQUEST, { input: { identifier: person.handle } })).toMatchObject({
      code: 'RATE_LIMITED',
    });
  });

  test('is spared by a new password that is refused', async () => {
    const person = await accounts.signUp();
    const code = await codeFor(person);
    for (const bad of ['short', 'password123', person.handle]) {
      expect(
        await users.refusal(stranger(), RESET, { input: { identifier: person.handle, code, newPassword: bad } }),
      ).toMatchObject({ code: 'BAD_USER_INPUT', field: 'input.newPassword' });
    }
    // What the person is called shows only to who has the code.
    expect(await reset(person.handle, wrong(code), person.handle)).toMatchObject({ __typename: 'CodeRefused' });
    expect(await reset(person.handle, code)).toMatchObject({ __typename: 'PasswordReset' });
  });
});

test('neither words nor time tell whether there is an account', async () => {
  const person = await accounts.signUp();
  const verification = await users.code(person.email);
  const timed = async (run: () => Promise<unknown>) => {
    const started = performance.now();
    return { answer: await run(), ms: performance.now() - started };
  };
  const there = await timed(() => request(person.handle));
  const nowhere = await timed(() => request('nobody_at_all'));
  expect(nowhere.answer).toEqual(there.answer);
  const code = await users.code(person.email, verification);
  const attempts = [
    await timed(() => reset(person.handle, wrong(code))),
    await timed(() => reset('nobody_at_all', wrong(code))),
    await timed(() => reset('nobody@example.org', wrong(code))),
  ];
  const [first] = attempts;
  for (const { answer } of attempts) expect(answer).toEqual(first?.answer);
  // Each waits for the second to be over: what is done within it does not show.
  for (const { ms } of [there, nowhere, ...attempts]) expect(ms).toBeGreaterThanOrEqual(995);
});

test('input is read, and no field beyond the schema', async () => {
  const { handle } = await accounts.signUp();
  const good = { identifier: handle, code: '123456', newPassword: next };
  for (const [field, bad] of [
    ['identifier', { identifier: ' ' }],
    ['identifier', { identifier: 'x'.repeat(300) }],
    ['code', { code: '12345' }],
    ['newPassword', { newPassword: password.slice(0, 5) }],
  ] as const) {
    expect(await users.refusal(stranger(), RESET, { input: { ...good, ...bad } })).toMatchObject({
      code: 'BAD_USER_INPUT',
      field: `input.${field}`,
    });
  }
  for (const extra of [{ userId: 'usr_0' }, { email: 'eve@example.org' }]) {
    const input = { identifier: handle, ...extra };
    expect(await users.refusal(stranger(), REQUEST, { input })).toMatchObject({ code: 'BAD_USER_INPUT' });
    expect(await users.refusal(stranger(), RESET, { input: { ...good, ...extra } })).toMatchObject({
      code: 'BAD_USER_INPUT',
    });
  }
});
