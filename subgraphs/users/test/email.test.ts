/** Another address, and letters that tell of what happened to an account. */
import { decodeJwt } from 'jose';
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

const CHANGE = 'mutation ($input: ChangeEmailInput!) { changeEmail(input: $input) { account { email pendingEmail } } }';
const CONFIRM = /* GraphQL */ `
  mutation ($code: String!) {
    confirmEmailChange(code: $code) {
      __typename
      ... on EmailVerified {
        accessToken
        account {
          email
          emailVerified
          pendingEmail
        }
      }
      ... on CodeRefused {
        message
      }
      ... on EmailTaken {
        message
      }
    }
  }
`;
interface Confirmed {
  __typename: string;
  accessToken: string;
}

let addresses = 0;
const newAddress = () => `moved_${++addresses}@example.net`;
/** Somebody with a verified address, who has stepped up. */
async function settled(): Promise<Person> {
  const person = await accounts.signUp();
  await accounts.verified(person);
  await accounts.stepUp(person.viewer);
  return person;
}
const change = ({ viewer }: Person, email: string) => users.ask(viewer, CHANGE, { input: { email } });
const confirm = async ({ viewer }: Person, code: string) =>
  (await users.ask<{ confirmEmailChange: Confirmed }>(viewer, CONFIRM, { code })).confirmEmailChange;
const emailOf = async ({ viewer: { userId } }: Person) =>
  (await users.db.credential.findUniqueOrThrow({ where: { userId } })).email;
const subjects = async (address: string) => (await users.letters(address)).map(({ subject }) => subject);

describe('another address', () => {
  test('takes effect once its code comes back; the former one hears of both, and not what the new one is', async () => {
    const person = await settled();
    const address = newAddress();
    expect(await change(person, ` ${address.toUpperCase()} `)).toEqual({
      changeEmail: { account: { email: person.email, pendingEmail: address } },
    });
    expect(await emailOf(person)).toBe(person.email);
    const code = await users.code(address);
    expect(await confirm(person, wrong(code))).toMatchObject({ __typename: 'CodeRefused' });
    const confirmed = await confirm(person, code);
    expect(confirmed).toMatchObject({
      __typename: 'EmailVerified',
      account: { email: address, emailVerified: true, pendingEmail: null },
    });
    expect(decodeJwt(confirmed.accessToken)).toMatchObject({ email_verified: true, sid: person.viewer.sessionId });
    await expect
      .poll(() => subjects(person.email))
      .toEqual(expect.arrayContaining(['Your account has another address', 'Your account is to have another address']));
    for (const { text } of await users.letters(person.email)) expect(text).not.toContain(address);
    expect(await confirm(person, code)).toMatchObject({ __typename: 'CodeRefused' });
    expect(await accounts.logIn(address)).not.toBeNull();
    expect(await accounts.logIn(person.email)).toBeNull();
  });

  test('needs a step-up, and one’s own session', async () => {
    const person = await accounts.signUp();
    const input = { email: newAddress() };
    expect(await users.refusal(person.viewer, CHANGE, { input })).toMatchObject({ reason: 'STEP_UP_REQUIRED' });
    expect(await users.refusal(stranger(), CHANGE, { input })).toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(await users.refusal(stranger(), CONFIRM, { code: '123456' })).toMatchObject({ code: 'UNAUTHENTICATED' });
    const [ann, ben] = [await settled(), await settled()];
    await change(ann, input.email);
    expect(await confirm(ben, await users.code(input.email))).toMatchObject({ __typename: 'CodeRefused' });
    expect(await emailOf(ben)).toBe(ben.email);
  });

  test('that another account has is not told of to who asks, but to who reads it', async () => {
    const [person, owner] = [await settled(), await accounts.signUp()];
    const free = newAddress();
    const ofFree = await change(person, free);
    const ofTaken = await change(person, owner.email);
    expect(ofTaken).toEqual({ changeEmail: { account: { email: person.email, pendingEmail: owner.email } } });
    expect(Object.keys(ofTaken)).toEqual(Object.keys(ofFree));
    await expect.poll(() => subjects(owner.email)).toContain('This address has an account on Chorus already');
    expect((await subjects(owner.email)).filter((subject) => /^\d{6}/.test(subject))).toHaveLength(1);
  });

  test('confirmed by two at once becomes one’s; signed up with at the same moment as well', async () => {
    const [ann, ben] = [await settled(), await settled()];
    const address = newAddress();
    await change(ann, address);
    const first = await users.code(address);
    await change(ben, address);
    const second = await users.code(address, first);
    const query = 'mutation ($input: SignUpInput!) { field: signUp(input: $input) { __typename } }';
    const input = { handle: 'third_of_them', name: 'Third', email: address, password };
    const outcomes = await Promise.all([
      confirm(ann, first),
      confirm(ben, second),
      users.ask<{ field: { __typename: string } }>(stranger(), query, { input }).then(({ field }) => field),
    ]);
    const names = outcomes.map(({ __typename }) => __typename);
    expect(names.filter((name) => name === 'EmailTaken')).toHaveLength(2);
    expect(names.filter((name) => name === 'EmailVerified' || name === 'Session')).toHaveLength(1);
    expect(await users.db.credential.count({ where: { email: address } })).toBe(1);
  });

  test('makes worth nothing what went to the former one', async () => {
    const person = await settled();
    const request = 'mutation ($input: RequestPasswordResetInput!) { requestPasswordReset(input: $input) { message } }';
    const before = await users.code(person.email);
    await users.ask(stranger(), request, { input: { identifier: person.handle } });
    const reset = await users.code(person.email, before);
    const address = newAddress();
    await change(person, address);
    await confirm(person, await users.code(address));
    const { userId } = person.viewer;
    expect(await users.db.code.count({ where: { userId, codeHash: { not: null } } })).toBe(0);
    const use = 'mutation ($input: ResetPasswordInput!) { resetPassword(input: $input) { __typename } }';
    const input = { identifier: person.handle, code: reset, newPassword: 'another horse battery' };
    expect(await users.ask(stranger(), use, { input })).toEqual({ resetPassword: { __typename: 'CodeRefused' } });
  });

  test.each([['nobody'], [''], ['a@b']])('%j is none, nor is the present one another', async (email) => {
    const person = await settled();
    for (const bad of [email, person.email]) {
      expect(await users.refusal(person.viewer, CHANGE, { input: { email: bad } })).toMatchObject({
        code: 'BAD_USER_INPUT',
        field: 'input.email',
      });
    }
    const extra = { email: newAddress(), emailVerified: true };
    expect(await users.refusal(person.viewer, CHANGE, { input: extra })).toMatchObject({ code: 'BAD_USER_INPUT' });
  });
});

describe('a log-in', () => {
  const NEWS = 'A new log-in to your account';
  test('from another device is told by a letter, and one that fails is not', async () => {
    const person = await accounts.signUp();
    await accounts.verified(person);
    await accounts.logIn(person.handle, password, { ...stranger(), device: 'A new telephone' });
    await expect.poll(() => subjects(person.email)).toContain(NEWS);
    expect((await users.letters(person.email))[0]?.text).toContain('with A new telephone');
    await accounts.logIn(person.handle, password, { ...stranger(), device: 'A new telephone' });
    await accounts.logIn(person.handle, 'not the password', { ...stranger(), device: 'Another telephone' });
    expect(await users.db.letter.count({ where: { userId: person.viewer.userId } })).toBe(0);
    expect((await subjects(person.email)).filter((subject) => subject === NEWS)).toHaveLength(1);
  });

  test('sends nothing to an address that nobody verified', async () => {
    const person = await accounts.signUp();
    await users.code(person.email);
    await accounts.logIn(person.handle, password, { ...stranger(), device: 'A new telephone' });
    expect(await users.db.letter.count({ where: { userId: person.viewer.userId } })).toBe(0);
    expect(await subjects(person.email)).not.toContain(NEWS);
  });
});
