/** Every mutation by whoever must not: anonymous, a service account that acts for nobody, and another person. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { anonymous } from '@chorus/kit/viewer';
import { Kind, parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accountsOf, type Person } from './accounts.ts';
import { type Fixture, importer, password, startFixture, stranger } from './fixture.ts';

const sdl = readFileSync(path.join(import.meta.dirname, '../../../schema/users.graphql'), 'utf8');
const mutations = parse(sdl).definitions.flatMap((definition) =>
  definition.kind === Kind.OBJECT_TYPE_DEFINITION && definition.name.value === 'Mutation'
    ? (definition.fields ?? []).map(({ name }) => name.value)
    : [],
);

/** For a person who is signed in, for service accounts, or for everybody: then it has its proof in its arguments. */
type For = 'person' | 'service' | 'everybody';
interface Victim extends Person {
  /** Who asks to follow them, and whom they follow. */
  requester: string;
  followee: string;
}
const of = (mutation: string, pick: (victim: Victim) => string = ({ viewer }) => viewer.userId) =>
  ['person', (victim: Victim) => `${mutation}(userId: "${pick(victim)}") { user { id } }`] as const;

/** How somebody else would use it against the victim. A new mutation needs a line here. */
const cases: Record<string, readonly [For, (victim: Victim) => string]> = {
  signUp: [
    'everybody',
    ({ handle, email }) =>
      `signUp(input: { handle: "${handle}", name: "Mallory", email: "${email}", password: "mallory is the one" }) { __typename }`,
  ],
  logIn: ['everybody', ({ handle }) => `logIn(input: { identifier: "${handle}", password: "mallory" }) { __typename }`],
  refreshSession: [
    'everybody',
    ({ viewer }) => `refreshSession(refreshToken: "chr_${viewer.sessionId}") { __typename }`,
  ],
  exchangeOAuthCode: ['everybody', () => 'exchangeOAuthCode(code: "guess", verifier: "guess") { __typename }'],
  linkIdentity: ['person', () => 'linkIdentity(code: "guess", verifier: "guess") { __typename }'],
  unlinkIdentity: ['person', () => 'unlinkIdentity(provider: "google") { __typename }'],
  logOut: ['everybody', ({ viewer }) => `logOut(refreshToken: "chr_${viewer.sessionId}") { count }`],
  revokeSession: ['person', ({ viewer }) => `revokeSession(id: "${viewer.sessionId}") { count }`],
  revokeOtherSessions: ['person', () => 'revokeOtherSessions { count }'],
  revokeAllSessions: ['person', () => 'revokeAllSessions { count }'],
  verifyEmail: ['person', () => 'verifyEmail(code: "123456") { __typename }'],
  resendVerification: ['person', () => 'resendVerification { __typename }'],
  requestPasswordReset: [
    'everybody',
    ({ handle }) => `requestPasswordReset(input: { identifier: "${handle}" }) { __typename }`,
  ],
  resetPassword: [
    'everybody',
    ({ handle }) =>
      `resetPassword(input: { identifier: "${handle}", code: "123456", newPassword: "mallory is the one" }) { __typename }`,
  ],
  stepUp: ['person', () => `stepUp(input: { secret: "${password}" }) { __typename }`],
  markNotificationsSeen: ['person', () => 'markNotificationsSeen(until: "guess") { __typename }'],
  markNotificationsRead: ['person', () => 'markNotificationsRead(ids: ["ntf_guess"]) { __typename }'],
  markAllNotificationsRead: ['person', () => 'markAllNotificationsRead(until: "guess") { __typename }'],
  setNotifications: ['person', () => 'setNotifications(type: LIKE, enabled: false) { __typename }'],
  requestStepUpCode: ['person', () => 'requestStepUpCode { __typename }'],
  changePassword: ['person', () => 'changePassword(input: { newPassword: "mallory is the one" }) { __typename }'],
  changeEmail: ['person', ({ email }) => `changeEmail(input: { email: "${email}" }) { __typename }`],
  confirmEmailChange: ['person', () => 'confirmEmailChange(code: "123456") { __typename }'],
  undoEmailChange: ['everybody', () => 'undoEmailChange(token: "made up") { __typename }'],
  deactivateAccount: ['person', () => 'deactivateAccount { state }'],
  deleteAccount: ['person', () => 'deleteAccount { state }'],
  importCredentials: [
    'service',
    ({ handle }) =>
      `importCredentials(input: [{ handle: "${handle}", email: "mallory@example.org", passwordHash: "$2b$04$" }]) { handles }`,
  ],
  updateProfile: ['person', () => 'updateProfile(input: { name: "Mallory", isPrivate: false }) { user { id } }'],
  follow: of('follow'),
  unfollow: of('unfollow', ({ followee }) => followee),
  removeFollower: of('removeFollower', ({ followee }) => followee),
  acceptFollowRequest: of('acceptFollowRequest', ({ requester }) => requester),
  rejectFollowRequest: of('rejectFollowRequest', ({ requester }) => requester),
  cancelFollowRequest: of('cancelFollowRequest'),
  block: of('block'),
  unblock: of('unblock'),
  mute: of('mute'),
  unmute: of('unmute'),
  provisionUsers: [
    'service',
    ({ handle }) => `provisionUsers(input: [{ handle: "${handle}", name: "Mallory" }]) { users { id } }`,
  ],
};

let users: Fixture;
let accounts: ReturnType<typeof accountsOf>;
let victim: Victim;
beforeAll(async () => {
  users = await startFixture({ logLevel: 'silent' });
  accounts = accountsOf(users);
  const person = await accounts.signUp();
  const [requester, followee] = await users.people('requester', 'followee');
  if (requester === undefined || followee === undefined) throw new Error('nobody was made');
  victim = { ...person, requester: requester.userId, followee: followee.userId };
  await users.ask(person.viewer, 'mutation { updateProfile(input: { isPrivate: true }) { user { id } } }');
  await users.follow(person.viewer, followee.userId);
  await users.follow(requester, person.viewer.userId);
  const enemy = (await users.people('enemy'))[0];
  await users.relate(person.viewer, 'block', enemy?.userId ?? '');
  await users.relate(person.viewer, 'mute', followee.userId);
});
afterAll(() => users.stop());

/** All that is the victim's to decide. */
async function belongings() {
  const { userId } = victim.viewer;
  const { version: _, ...profile } = await users.db.user.findUniqueOrThrow({ where: { id: userId } });
  return {
    profile,
    credential: await users.db.credential.findUnique({ where: { userId } }),
    sessions: await users.db.session.findMany({ where: { userId } }),
    identities: await users.db.identity.findMany({ where: { userId } }),
    following: await users.db.follow.findMany({ where: { OR: [{ followerId: userId }, { followeeId: userId }] } }),
    asked: await users.db.followRequest.findMany({ where: { targetId: userId, requesterId: victim.requester } }),
    blocks: await users.db.block.findMany({ where: { blockerId: userId } }),
    mutes: await users.db.mute.findMany({ where: { muterId: userId } }),
  };
}

test('each has a case', () => {
  expect(Object.keys(cases).toSorted()).toEqual(mutations.toSorted());
});

describe.each(Object.entries(cases))('%s', (_, [who, write]) => {
  const document = () => `mutation { ${write(victim)} }`;

  test.runIf(who !== 'everybody')('is refused to nobody in particular', async () => {
    const code = who === 'person' ? 'UNAUTHENTICATED' : 'FORBIDDEN';
    const nobodies = [{ ...anonymous, address: '192.0.2.7' }, ...(who === 'person' ? [importer] : [])];
    for (const nobody of nobodies) expect(await users.refusal(nobody, document())).toMatchObject({ code });
  });

  test('by somebody else leaves the victim all that is theirs', async () => {
    const before = await belongings();
    const mallory = (await accounts.signUp()).viewer;
    const viewer = who === 'everybody' ? stranger() : mallory;
    const { errors } = await users.answer(viewer, document());
    const codes = errors?.map(({ extensions }) => extensions?.['code']) ?? [];
    expect(codes).toEqual(who === 'service' ? ['FORBIDDEN'] : codes.filter((code) => code !== 'INTERNAL'));
    expect(await belongings()).toEqual(before);
  });
});
