/** What the owner of an account is told about its security. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { viewerOf } from '@chorus/kit/testing';
import { type Fixture, password, startFixture, stranger } from './fixture.ts';
import { notificationsOf } from './notification.fixture.ts';

let users: Fixture;
let told: ReturnType<typeof notificationsOf>;
beforeAll(async () => {
  users = await startFixture();
  told = notificationsOf(users);
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

test('a log-in from a device not seen before, and from no other', async () => {
  const { user } = await signUp('secure_one', 'Firefox/120.0 on Linux');
  await logIn('secure_one', 'Firefox/121.0 on Linux');
  const owner = viewerOf(user.id);
  expect(await told.shown(owner)).toEqual([]);
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
  await logIn('secure_one', 'Safari on a telephone');
  expect(await told.shown(owner)).toHaveLength(1);
  await logIn('secure_one', null);
  expect(await told.shown(owner)).toHaveLength(2);
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
