/** A change of address that whoever reads the former one undoes. */
import { viewerOf } from '@chorus/kit/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { accountsOf, type Person } from './accounts.ts';
import { type Fixture, password, startFixture, stranger } from './fixture.ts';
import { notificationsOf } from './notification.fixture.ts';

let users: Fixture;
let accounts: ReturnType<typeof accountsOf>;
beforeAll(async () => {
  users = await startFixture();
  accounts = accountsOf(users);
});
afterAll(() => users.stop());

const CHANGE = 'mutation ($input: ChangeEmailInput!) { changeEmail(input: $input) { __typename } }';
const CONFIRM = 'mutation ($code: String!) { field: confirmEmailChange(code: $code) { __typename } }';
const UNDO = `mutation ($token: String!) { field: undoEmailChange(token: $token) {
  __typename ... on EmailChangeUndone { email ended } } }`;
interface Answer {
  field: { __typename: string };
}
const REFUSED = { __typename: 'CodeRefused' };
const CHANGED = 'Your account has another address';

let addresses = 0;
const newAddress = () => `undone_${++addresses}@example.net`;
/** Somebody with a verified address, who has stepped up. */
async function settled(): Promise<Person> {
  const person = await accounts.signUp();
  await accounts.verified(person);
  await accounts.stepUp(person.viewer);
  return person;
}
async function change({ viewer }: Person, email = newAddress()): Promise<string> {
  const [last] = (await users.letters(email)).flatMap(({ subject }) => /^\d{6}\b/.exec(subject) ?? []);
  await users.ask(viewer, CHANGE, { input: { email } });
  const { field } = await users.ask<Answer>(viewer, CONFIRM, { code: await users.code(email, last) });
  expect(field.__typename).toBe('EmailVerified');
  return email;
}
/** What the letter to a former address leads to. */
const linkTo = async (former: string): Promise<URL> => {
  await expect.poll(async () => (await users.letters(former)).map(({ subject }) => subject)).toContain(CHANGED);
  const letter = (await users.letters(former)).find(({ subject }) => subject === CHANGED);
  const link = new URL(/^http\S+$/m.exec(letter?.text ?? '')?.[0] ?? '');
  expect(link.origin).toBe(users.config.TOKEN_ISSUER);
  return new URL(`${link.pathname}${link.search}`, users.url);
};
const tokenTo = async (former: string) => (await linkTo(former)).searchParams.get('token') ?? '';
const undo = async (token: string, viewer = stranger()) => (await users.ask<Answer>(viewer, UNDO, { token })).field;
const emailOf = async ({ viewer: { userId } }: Person) =>
  (await users.db.credential.findUniqueOrThrow({ where: { userId } })).email;

test('gives the address back without a session, ends all sessions, and tells the other address', async () => {
  const person = await settled();
  const address = await change(person);
  const token = await tokenTo(person.email);
  const forgot = 'mutation ($input: RequestPasswordResetInput!) { requestPasswordReset(input: $input) { __typename } }';
  const before = await users.code(address);
  await users.ask(stranger(), forgot, { input: { identifier: address } });
  const reset = await users.code(address, before);
  await accounts.logIn(person.handle, password);

  const from = { ...stranger(), device: 'The owner’s browser' };
  expect(await undo(token, from)).toEqual({ __typename: 'EmailChangeUndone', email: person.email, ended: 2 });
  const { userId } = person.viewer;
  expect(await users.db.credential.findUnique({ where: { userId } })).toMatchObject({
    email: person.email,
    emailVerifiedAt: expect.any(Date),
  });
  expect(await accounts.sessionsOf(person)).toEqual([]);
  const ends = await users.db.outboxEvent.count({
    where: { name: 'session.revoked', payload: { path: ['userId'], equals: userId } },
  });
  expect(ends).toBe(2);
  await expect
    .poll(async () => (await users.letters(address)).map(({ subject }) => subject))
    .toContain('Your account has its former address again');
  for (const { text } of await users.letters(address)) expect(text).not.toContain(person.email);
  const [told] = await notificationsOf(users).shown(viewerOf(userId));
  expect(told).toMatchObject({ type: 'EMAIL_CHANGED', device: from.device, address: from.address });
  // What was sent to the other address is of no use any more, and that is no name of the account.
  const use = 'mutation ($input: ResetPasswordInput!) { field: resetPassword(input: $input) { __typename } }';
  const input = { identifier: person.handle, code: reset, newPassword: 'another horse battery' };
  expect(await users.ask(stranger(), use, { input })).toEqual({ field: REFUSED });
  expect(await accounts.logIn(address)).toBeNull();
  expect(await accounts.logIn(person.email)).not.toBeNull();
});

test('by the page of the letter: to look at it does nothing, the button works once', async () => {
  const person = await settled();
  const address = await change(person);
  const link = await linkTo(person.email);
  expect(await (await fetch(link)).text()).toContain('<form method="post" action="/auth/undo-email">');
  expect(await emailOf(person)).toBe(address);
  const press = () => fetch(new URL('/auth/undo-email', link), { method: 'POST', body: link.searchParams });
  const pressed = await Promise.all([press(), press(), press()]);
  expect(pressed.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 400, 400]);
  expect(await emailOf(person)).toBe(person.email);
});

test('is good once, for seven days, for its own account alone, and only as it was sent', async () => {
  const [ann, ben, cyd] = [await settled(), await settled(), await settled()];
  await change(ann);
  const [ofBen, ofCyd] = [await change(ben), await change(cyd)];
  const token = await tokenTo(ann.email);
  for (const wrong of ['', 'made up', token.toUpperCase(), `${token}A`]) expect(await undo(wrong)).toEqual(REFUSED);
  // Whoever is signed in as somebody else gives Ann hers, and not themselves.
  expect(await undo(token, ben.viewer)).toMatchObject({ __typename: 'EmailChangeUndone', email: ann.email });
  expect([await emailOf(ben), await accounts.sessionsOf(ben)]).toEqual([ofBen, [ben.viewer.sessionId]]);
  expect(await undo(token)).toEqual(REFUSED);

  const { userId } = cyd.viewer;
  const { expiresAt } = await users.db.emailUndo.findFirstOrThrow({ where: { userId } });
  expect(Math.round((expiresAt.getTime() - Date.now()) / 3_600_000)).toBe(7 * 24);
  await users.db.emailUndo.updateMany({ where: { userId }, data: { expiresAt: new Date(Date.now() - 1) } });
  expect(await undo(await tokenTo(cyd.email))).toEqual(REFUSED);
  expect(await emailOf(cyd)).toBe(ofCyd);
});

test('of two changes gives back the first address after the second as well, and that ends the way back to the second', async () => {
  const [person, other] = [await settled(), await settled()];
  const second = await change(person);
  await change(person);
  const [toFirst, toSecond] = [await tokenTo(person.email), await tokenTo(second)];
  expect(await undo(toFirst)).toMatchObject({ email: person.email });
  expect(await undo(toSecond)).toEqual(REFUSED);
  expect(await emailOf(person)).toBe(person.email);

  // The other way about each goes one step back.
  const between = await change(other);
  await change(other);
  expect(await undo(await tokenTo(between))).toMatchObject({ email: between });
  expect(await undo(await tokenTo(other.email))).toMatchObject({ email: other.email });
});

test('keeps the address meanwhile: nobody signs up with it, or takes it', async () => {
  const [person, thief] = [await settled(), await settled()];
  const address = await change(person);
  const SIGN_UP = 'mutation ($input: SignUpInput!) { field: signUp(input: $input) { __typename } }';
  const signUp = async (handle: string) =>
    (
      await users.ask<Answer>(stranger(), SIGN_UP, {
        input: { handle, name: 'Squatter', email: person.email, password },
      })
    ).field.__typename;
  expect(await signUp('squatter')).toBe('EmailTaken');
  await users.ask(thief.viewer, CHANGE, { input: { email: person.email } });
  await expect
    .poll(async () => (await users.letters(person.email)).map(({ subject }) => subject))
    .toContain('This address has an account on Chorus already');
  // Nor with a code that was sent while it was anybody's.
  const free = newAddress();
  await users.ask(thief.viewer, CHANGE, { input: { email: free } });
  const code = await users.code(free);
  const owner = await settled();
  await users.ask(owner.viewer, CHANGE, { input: { email: free } });
  await users.ask(owner.viewer, CONFIRM, { code: await users.code(free, code) });
  await change(owner);
  expect(await users.ask(thief.viewer, CONFIRM, { code })).toEqual({ field: { __typename: 'EmailTaken' } });
  expect(await emailOf(thief)).toBe(thief.email);
  // Its own person may have it again by a change as well; and once its time is over it is anybody's.
  await change(person, person.email);
  await users.db.emailUndo.updateMany({ data: { expiresAt: new Date(Date.now() - 1) } });
  await users.db.credential.update({ where: { userId: person.viewer.userId }, data: { email: address } });
  expect(await signUp('squatter')).toBe('Session');
});

test('is not offered where nobody verified the former address, nor for an account that is deleted', async () => {
  const person = await accounts.signUp();
  await accounts.stepUp(person.viewer);
  await change(person);
  expect(await users.db.emailUndo.count({ where: { userId: person.viewer.userId } })).toBe(0);

  const gone = await settled();
  await change(gone);
  await users.ask(gone.viewer, 'mutation { deleteAccount { state } }');
  expect(await undo(await tokenTo(gone.email))).toEqual(REFUSED);
});
