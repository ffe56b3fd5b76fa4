/** Accounts that are deactivated or deleted: who may do it, what ends, and that nothing shows them any more. */
import { newId } from '@chorus/kit/ids';
import { settle, viewerOf } from '@chorus/kit/testing';
import { anonymous, type Viewer } from '@chorus/kit/viewer';
import { hash } from '@node-rs/bcrypt';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDatabase } from '../src/database.ts';
import { eraseNotices } from '../src/erasure/erase-user.ts';
import { type Fixture, importer, password, startFixture, stranger } from './fixture.ts';
import { newPost, notificationsOf } from './notification.fixture.ts';

let users: Fixture;
beforeAll(async () => {
  users = await startFixture({ logLevel: 'silent' });
});
afterAll(() => users.stop());

type Person = Viewer & { userId: string; handle: string; refreshToken: string };
interface Session {
  __typename: string;
  accessToken: string;
  refreshToken: string;
  user: { id: string; handle: string };
}
const SESSION = '... on Session { accessToken refreshToken user { id handle } }';

let people = 0;
async function signUp(): Promise<Person> {
  const handle = `closing_${++people}`;
  const input = { handle, name: `Person ${people}`, email: `${handle}@example.org`, password };
  const { signUp: session } = await users.ask<{ signUp: Session }>(
    stranger(),
    `mutation ($input: SignUpInput!) { signUp(input: $input) { __typename ${SESSION} } }`,
    { input },
  );
  const sessionId = String(decodeJwt(session.accessToken)['sid']);
  return {
    ...viewerOf(session.user.id, { sessionId }),
    userId: session.user.id,
    handle,
    refreshToken: session.refreshToken,
  };
}
const logIn = async (identifier: string): Promise<Session> => {
  const { logIn: session } = await users.ask<{ logIn: Session }>(
    stranger(),
    `mutation ($input: LogInInput!) { logIn(input: $input) { __typename ${SESSION} } }`,
    { input: { identifier, password } },
  );
  return session;
};
const CLOSE = (mutation: string) => `mutation { closed: ${mutation} { state } }`;
const stepUp = (person: Viewer, secret = password) =>
  users.ask<{ stepUp: { __typename: string } }>(
    person,
    'mutation ($secret: String!) { stepUp(input: { method: PASSWORD, secret: $secret }) { __typename } }',
    { secret },
  );
const close = async (person: Viewer, mutation: 'deactivateAccount' | 'deleteAccount') => {
  await stepUp(person);
  return (await users.ask<{ closed: object }>(person, CLOSE(mutation))).closed;
};
const events = async ({ userId }: Person) => {
  const rows = await users.db.outboxEvent.findMany({
    where: { payload: { path: ['userId'], equals: userId } },
    orderBy: { id: 'asc' },
  });
  return rows.map(({ name, payload }) => ({ name, payload }));
};

const ways = ['deactivateAccount', 'deleteAccount'] as const;
const states = { deactivateAccount: 'DEACTIVATED', deleteAccount: 'DELETED' };

describe.each(ways)('%s', (way) => {
  test('takes a step-up, hides the account, ends all sessions and tells the others', async () => {
    const person = await signUp();
    const other = await logIn(person.handle);
    await stepUp(person, 'wrong horse battery');
    expect(await users.refusal(person, CLOSE(way))).toMatchObject({ code: 'FORBIDDEN' });
    expect(await users.ask(person, '{ me { id } }')).toEqual({ me: { id: person.userId } });
    expect(await close(person, way)).toEqual({ state: states[way] });

    expect(await users.ask(person, '{ me { id } }')).toEqual({ me: null });
    expect(await users.db.session.count({ where: { userId: person.userId } })).toBe(0);
    const changed = { userId: person.userId, state: states[way], changedAt: expect.any(String) };
    const ended = [person.sessionId, decodeJwt(other.accessToken)['sid']].map((sessionId) =>
      expect.objectContaining({ payload: { userId: person.userId, sessionId, revokedAt: expect.any(String) } }),
    );
    const told = await events(person);
    expect(told).toHaveLength(3);
    expect(told).toEqual(expect.arrayContaining([{ name: 'account.changed', payload: changed }, ...ended]));
    const REFRESH = 'mutation ($t: String!) { refreshSession(refreshToken: $t) { __typename } }';
    expect(await users.ask(stranger(), REFRESH, { t: person.refreshToken })).toEqual({
      refreshSession: { __typename: 'SessionEnded' },
    });
  });

  test('is for the person alone, who is signed in still', async () => {
    const person = await signUp();
    const actingFor = { ...viewerOf(person.userId), service: 'importer', sessionId: null };
    const gone = viewerOf(person.userId, { sessionId: newId('ses') });
    for (const viewer of [stranger(), actingFor, gone]) {
      expect(await users.refusal(viewer, CLOSE(way))).toMatchObject({ code: 'UNAUTHENTICATED' });
    }
    expect(await users.ask(person, '{ me { id } }')).toEqual({ me: { id: person.userId } });
  });

  test('leaves nothing to see of the account, for anybody', async () => {
    const person = await signUp();
    const friend = await signUp();
    const blocker = await signUp();
    const reader = await signUp();
    await users.follow(reader, friend.userId);
    await users.follow(friend, person.userId);
    await users.follow(person, friend.userId);
    await users.follow(person, reader.userId);
    await users.relate(friend, 'mute', person.userId);
    await users.relate(blocker, 'block', person.userId);
    const PRIVATE = 'mutation ($p: Boolean!) { updateProfile(input: { isPrivate: $p }) { user { id } } }';
    const [asks, asked] = [await signUp(), await signUp()];
    for (const closed of [person, asked]) await users.ask(closed, PRIVATE, { p: true });
    await users.follow(asks, person.userId);
    await users.follow(person, asked.userId);
    await users.ask(person, PRIVATE, { p: false });

    const variables = { id: person.userId, handle: person.handle, friend: friend.userId };
    const page = '{ edges { node { id } } }';
    const reads: [Viewer, string][] = [anonymous, friend, reader].flatMap((viewer): [Viewer, string][] => [
      [viewer, '($id: ID!) { user(id: $id) { id } }'],
      [viewer, '($handle: String!) { user(handle: $handle) { id } }'],
      [viewer, '($id: ID!) { node(id: $id) { ... on User { id } } }'],
      [viewer, '($id: ID!) { nodes(ids: [$id]) { ... on User { id } } }'],
      [
        viewer,
        '($id: ID!) { _entities(representations: [{ __typename: "User", id: $id }]) { ... on User { handle } } }',
      ],
      [viewer, `($handle: String!) { searchUsers(query: $handle) ${page} }`],
      [viewer, `{ searchUsers(query: "Person ${person.handle.split('_')[1]}") ${page} }`],
      [viewer, `($friend: ID!) { user(id: $friend) { followers ${page} following ${page} } }`],
    ]);
    reads.push(
      [friend, `{ mutedUsers ${page} }`],
      [blocker, `{ blockedUsers ${page} }`],
      [asked, `{ followRequests ${page} }`],
      [asks, `{ sentFollowRequests ${page} }`],
      [reader, '{ suggestedUsers { user { id } } }'],
    );
    const answers = () =>
      Promise.all(
        reads.map(async ([viewer, document]) => {
          const names = [...document.matchAll(/\$(\w+):/g)].map(([, name = '']) => name);
          const given = Object.fromEntries(names.map((name) => [name, variables[name as keyof typeof variables]]));
          return JSON.stringify(await users.ask(viewer, `query ${document}`, given));
        }),
      );
    for (const answer of await answers()) expect(answer).toMatch(new RegExp(`${person.userId}|${person.handle}`));
    await close(person, way);
    for (const answer of await answers()) {
      expect(answer).not.toContain(person.userId);
      expect(answer).not.toContain(person.handle);
    }
    const provision = 'mutation ($h: String!) { provisionUsers(input: [{ handle: $h, name: "n" }]) { users { id } } }';
    expect(await users.ask(importer, provision, { h: person.handle })).toEqual({ provisionUsers: { users: [] } });
  });

  test('lets nobody do anything with the account, nor the account anything', async () => {
    const [person, other, third] = [await signUp(), await signUp(), await signUp()];
    await close(person, way);
    for (const mutation of ['follow', 'unfollow', 'removeFollower', 'block', 'mute', 'acceptFollowRequest']) {
      const document = `mutation ($userId: ID!) { ${mutation}(userId: $userId) { user { id } } }`;
      expect(await users.refusal(other, document, { userId: person.userId })).toMatchObject({ code: 'NOT_FOUND' });
      expect(await users.refusal(person, document, { userId: third.userId })).toMatchObject({
        code: 'UNAUTHENTICATED',
      });
    }
    const update = 'mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) { user { id } } }';
    for (const input of [{}, { name: 'Again' }, { isPrivate: true }]) {
      expect(await users.refusal(person, update, { input })).toMatchObject({ code: 'UNAUTHENTICATED' });
    }
    expect(await users.refusal(person, CLOSE(way))).toMatchObject({ code: 'UNAUTHENTICATED' });
    const input = { handle: person.handle, name: 'n', email: 'impostor@example.org', password };
    const SIGN_UP = 'mutation ($input: SignUpInput!) { signUp(input: $input) { __typename } }';
    expect(await users.ask(stranger(), SIGN_UP, { input })).toEqual({ signUp: { __typename: 'HandleTaken' } });
  });

  test('at the same moment as log-ins leaves a deleted account without a session', async () => {
    const person = await signUp();
    const racing = Array.from({ length: 4 }, () => logIn(person.handle).catch(() => null));
    await Promise.all([close(person, way), ...racing]);
    const { state } = await users.db.user.findUniqueOrThrow({ where: { id: person.userId } });
    const sessions = await users.db.session.count({ where: { userId: person.userId } });
    // A log-in that came after a deactivation opened the account again.
    expect(['ACTIVE', states[way]]).toContain(state);
    expect([state === 'ACTIVE', sessions > 0]).toEqual(Array(2).fill(way === 'deactivateAccount' && sessions > 0));
  });
});

test('whoever signs in to a deactivated account has it again, as it was', async () => {
  const [person, friend] = [await signUp(), await signUp()];
  await users.follow(friend, person.userId);
  await close(person, 'deactivateAccount');
  const both = await Promise.all([logIn(person.handle), logIn(`${person.handle}@example.org`)]);
  expect(both.map((session) => session.user)).toEqual([1, 2].map(() => ({ id: person.userId, handle: person.handle })));
  const document = '($id: ID!) { user(id: $id) { followerCount followers { edges { node { id } } } } }';
  expect(await users.ask(stranger(), `query ${document}`, { id: person.userId })).toEqual({
    user: { followerCount: 1, followers: { edges: [{ node: { id: friend.userId } }] } },
  });
  const told = (await events(person)).filter(({ name }) => name === 'account.changed');
  expect(told.map(({ payload }) => payload)).toMatchObject([{ state: 'DEACTIVATED' }, { state: 'ACTIVE' }]);
});

test('nobody signs in to a deleted account, and is told what is told of a wrong password', async () => {
  const person = await signUp();
  await close(person, 'deleteAccount');
  for (const identifier of [person.handle, `${person.handle}@example.org`]) {
    expect(await logIn(identifier)).toEqual({ __typename: 'InvalidCredentials' });
  }
  const passwordHash = await hash(password, { cost: 4 });
  const input = [{ handle: person.handle, email: 'else@example.org', passwordHash }];
  const IMPORT = 'mutation ($input: [ImportCredentialInput!]!) { importCredentials(input: $input) { handles } }';
  expect(await users.ask(importer, IMPORT, { input })).toEqual({ importCredentials: { handles: [] } });
});

test('what others said to each other under a post goes with its author', async () => {
  const [author, ben, cyd] = [await signUp(), await signUp(), await signUp()];
  const told = notificationsOf(users);
  const [post, other] = [newPost(author), newPost(cyd)];
  const by = (person: Person) => ({ id: newId('cmt'), author: person });
  await told.comment(post, cyd, { to: by(ben) });
  await told.comment(post, cyd, { mentioned: [ben] });
  await told.comment(other, cyd, { to: by(ben) });
  await told.settled(ben, 3);
  const OFF = 'mutation { setNotifications(type: REPLY, enabled: false) { __typename } }';
  await users.ask(cyd, OFF);
  await told.comment(post, ben, { to: by(cyd) });
  await told.applied();
  const left = () => users.db.notificationActor.count({ where: { authorId: author.userId } });
  expect(await left()).toBe(3);

  await close(author, 'deleteAccount');
  const { id: erasureId } = await users.db.deletion.update({
    where: { userId: author.userId },
    data: { dueAt: new Date(0) },
  });
  for (const source of ['posts', 'chat', 'media'] as const) {
    await told.publish(`${source}.account.erased`, erasureId, { erasureId });
  }
  await settle(async () => (await users.db.deletion.count({ where: { id: erasureId } })) === 0, {
    what: 'the end of the deletion',
  });
  expect(await left()).toBe(0);
  expect((await told.shown(ben)).map((notification) => notification.post)).toEqual([{ nodeId: other.id }]);
  expect(await users.db.notification.count({ where: { postId: post.id } })).toBe(0);
});

test('an erasure reads no table of notifications to its end', async () => {
  const statements: string[] = [];
  const db = openDatabase({ url: users.config.DATABASE_URL, size: 1 }, (statement) => statements.push(statement));
  await eraseNotices(db, newId('usr'));
  await db.$disconnect();
  const [erasing = ''] = statements.filter((statement) => statement.includes('delete from notification_actor'));
  const plan = await users.db.$transaction(async (tx) => {
    // However few there are: whether indexes can serve is asked, not whether they are worth it.
    await tx.$executeRawUnsafe('set local enable_seqscan = off');
    return JSON.stringify(await tx.$queryRawUnsafe(`explain (format json) ${erasing.replaceAll(/\$\d+/g, "'1'")}`));
  });
  for (const index of ['pkey', 'recipient_id_idx', 'author_id_idx'])
    expect(plan).toContain(`notification_actor_${index}`);
  expect(plan).not.toContain('Seq Scan');
});
