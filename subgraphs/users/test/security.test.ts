/** What the owner of an account is told about its security. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { settle, viewerOf } from '@chorus/kit/testing';
import { accountsOf, type Person } from './accounts.ts';
import { type Fixture, password, startFixture, stranger } from './fixture.ts';
import { notificationsOf } from './notification.fixture.ts';

let users: Fixture;
let told: ReturnType<typeof notificationsOf>;
let accounts: ReturnType<typeof accountsOf>;
beforeAll(async () => {
  users = await startFixture();
  told = notificationsOf(users);
  accounts = accountsOf(users);
});
afterAll(() => users.stop());

const session = 'refreshToken user { id }';
interface Opened {
  refreshToken: string;
  user: { id: string };
}
const signUp = async (handle: string, device: string | null) => {
  const input = { handle, name: 'Name', email: `${handle}@example.test`, password };
  const query = `mutation ($input: SignUpInput!) { signUp(input: $input) { ... on Session { ${session} } } }`;
  return (await users.ask<{ signUp: Opened }>({ ...stranger(), device }, query, { input })).signUp;
};
const logIn = async (identifier: string, device: string | null) => {
  const query = `mutation ($input: LogInInput!) { logIn(input: $input) { ... on Session { ${session} } } }`;
  const viewer = { ...stranger(), device };
  await users.ask(viewer, query, { input: { identifier, password } });
  return viewer;
};

/** Letters about log-ins that were written to somebody: those that wait, and those sent. */
const lettersOf = async (handle: string) => {
  await settle(async () => (await users.db.letter.count({ where: { kind: 'NEW_LOG_IN' } })) === 0);
  return (await users.letters(`${handle}@example.test`)).filter(({ subject }) => subject.includes('log-in'));
};

test('a log-in from a device not seen before, and from no other: by a notification and by a letter', async () => {
  const { user } = await signUp('secure_one', 'Firefox/120.0 on Linux');
  await users.db.credential.update({ where: { userId: user.id }, data: { emailVerifiedAt: new Date() } });
  await logIn('secure_one', 'Firefox/121.0 on Linux');
  const owner = viewerOf(user.id);
  expect(await told.shown(owner)).toEqual([]);
  expect(await lettersOf('secure_one')).toEqual([]);
  const { address } = await logIn('secure_one', 'Safari on a telephone');
  const expected = {
    type: 'NEW_LOGIN',
    actors: [],
    actorCount: 0,
    device: 'Safari on a telephone',
    address,
    post: null,
  };
  expect(await told.shown(owner)).toMatchObject([expected]);
  expect(await lettersOf('secure_one')).toMatchObject([
    { text: expect.stringContaining(`from ${address} with Safari on a telephone`) },
  ]);
  // The same device is known also when no session of it is left.
  await users.db.session.deleteMany({ where: { userId: user.id } });
  await logIn('secure_one', 'Safari on a telephone');
  expect(await told.shown(owner)).toHaveLength(1);
  expect(await lettersOf('secure_one')).toHaveLength(1);
  await logIn('secure_one', null);
  expect(await told.shown(owner)).toHaveLength(2);
  expect(await lettersOf('secure_one')).toHaveLength(2);
});

test('a refresh token that comes again when its time is over', async () => {
  const { user, refreshToken } = await signUp('secure_two', 'A browser');
  const REFRESH = `mutation ($t: String) { refreshSession(refreshToken: $t) { __typename } }`;
  await users.ask(stranger(), REFRESH, { t: refreshToken });
  await users.db.session.updateMany({ where: { userId: user.id }, data: { rotatedAt: new Date(Date.now() - 60_000) } });
  const thief = { ...stranger(), device: 'curl' };
  expect(await users.ask(thief, REFRESH, { t: refreshToken })).toEqual({
    refreshSession: { __typename: 'SessionEnded' },
  });
  expect(await told.shown(viewerOf(user.id))).toMatchObject([
    { type: 'TOKEN_REUSED', device: 'curl', address: thief.address },
  ]);
});

test('of a hundred and one devices the one unused for longest is forgotten', async () => {
  const { user } = await signUp('secure_three', 'The first');
  await users.db.knownDevice.createMany({
    data: Array.from({ length: 99 }, (_, n) => ({ userId: user.id, hash: `hash ${n}` })),
  });
  await users.db.knownDevice.updateMany({
    where: { userId: user.id, hash: 'hash 7' },
    data: { lastUsedAt: new Date(0) },
  });
  await logIn('secure_three', 'One more');
  const hashes = (await users.db.knownDevice.findMany({ where: { userId: user.id } })).map(({ hash }) => hash);
  expect(hashes).toHaveLength(100);
  expect(hashes).not.toContain('hash 7');
});

describe('a change of what signs in', () => {
  const CHANGE_PASSWORD = 'mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { __typename } }';
  const CHANGE_EMAIL = 'mutation ($input: ChangeEmailInput!) { changeEmail(input: $input) { __typename } }';
  const CONFIRM = 'mutation ($code: String!) { confirmEmailChange(code: $code) { __typename } }';
  const FORGOT = 'mutation ($input: RequestPasswordResetInput!) { requestPasswordReset(input: $input) { __typename } }';
  const RESET = 'mutation ($input: ResetPasswordInput!) { resetPassword(input: $input) { __typename } }';
  const OFF = 'mutation ($type: NotificationType!) { setNotifications(type: $type, enabled: false) { __typename } }';
  const types = ['NEW_LOGIN', 'PASSWORD_CHANGED', 'EMAIL_CHANGED', 'TOKEN_REUSED'];

  /** Somebody with a verified address who has stepped up, at a device of theirs. */
  async function ready(): Promise<Person> {
    const person = await accounts.signUp();
    await accounts.verified(person);
    await accounts.stepUp(person.viewer);
    return { ...person, viewer: { ...person.viewer, device: 'A browser', address: stranger().address } };
  }
  const reset = async ({ handle, email }: Person, viewer = stranger()) => {
    const last = (await users.letters(email)).flatMap(({ subject }) => /^\d{6}\b/.exec(subject) ?? [])[0];
    await users.ask(viewer, FORGOT, { input: { identifier: handle } });
    const input = { identifier: handle, code: await users.code(email, last), newPassword: 'a third horse battery' };
    expect(await users.ask(viewer, RESET, { input })).toMatchObject({ resetPassword: { __typename: 'PasswordReset' } });
  };

  test('is told where it was made: of the password, by either way, and of the address', async () => {
    const person = await ready();
    const { viewer } = person;
    const owner = viewerOf(viewer.userId);
    const from = ({ device, address }: typeof viewer) => ({ device, address, actors: [], post: null });
    await users.ask(viewer, CHANGE_PASSWORD, { input: { newPassword: 'another horse battery' } });
    expect(await told.shown(owner)).toMatchObject([{ type: 'PASSWORD_CHANGED', ...from(viewer) }]);

    const email = 'elsewhere@example.net';
    await users.ask(viewer, CHANGE_EMAIL, { input: { email } });
    expect(await told.shown(owner)).toHaveLength(1);
    await users.ask(viewer, CONFIRM, { code: await users.code(email) });
    expect(await told.shown(owner)).toMatchObject([{ type: 'EMAIL_CHANGED', ...from(viewer) }, {}]);

    const elsewhere = { ...stranger(), device: 'Another browser' };
    await reset({ ...person, email }, elsewhere);
    const { unseenCount, edges } = await told.list(owner);
    expect(unseenCount).toBe(3);
    expect(edges[0]?.node).toMatchObject({
      type: 'PASSWORD_CHANGED',
      device: 'Another browser',
      address: elsewhere.address,
    });
  });

  test('that is refused is not told', async () => {
    const { viewer } = await ready();
    await users.refusal(viewer, CHANGE_PASSWORD, { input: { newPassword: 'short' } });
    await users.ask(viewer, CHANGE_EMAIL, { input: { email: 'never@example.net' } });
    await users.ask(viewer, CONFIRM, { code: '000000' });
    expect(await told.shown(viewerOf(viewer.userId))).toEqual([]);
  });

  test.each(types)('%s cannot be turned off', async (type) => {
    const { viewer } = await accounts.signUp();
    expect(await users.refusal(viewer, OFF, { type })).toMatchObject({ code: 'BAD_USER_INPUT', field: 'type' });
    expect(await users.db.notificationSetting.count({ where: { userId: viewer.userId } })).toBe(0);
  });
});
