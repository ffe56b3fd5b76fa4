import { createLogger } from '@chorus/kit/logger';
import { createSubgraphClient } from '@chorus/kit/testing';
import { type Viewer, VIEWER_HEADER } from '@chorus/kit/viewer';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startUsers } from '../src/context.ts';
import { type Fixture, importer, password, startFixture, stranger } from './fixture.ts';

let users: Fixture;
let other: Awaited<ReturnType<typeof startUsers>>;
beforeAll(async () => {
  users = await startFixture();
  other = await startUsers(users.config, createLogger({ service: 'users', level: 'error' }));
});
afterAll(async () => {
  await other.stop();
  await users.stop();
});

const SIGN_UP = 'mutation ($input: SignUpInput!) { field: signUp(input: $input) { __typename } }';
const LOG_IN =
  'mutation ($input: LogInInput!) { field: logIn(input: $input) { __typename ... on InvalidCredentials { message } } }';
const FOLLOW = 'mutation ($userId: ID!) { field: follow(userId: $userId) { __typename } }';

interface Answer {
  headers: Headers;
  data?: { field: { __typename: string; message?: string } | null };
  errors?: { message: string; extensions: { code: string; retryAfter: number } }[];
}
/** Asks one of the two servers. */
async function ask(url: string, viewer: Viewer, query: string, variables: object, more: object = {}): Promise<Answer> {
  const token = await createSubgraphClient(url).token(viewer);
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', [VIEWER_HEADER]: token },
    body: JSON.stringify({ query, variables, ...more }),
  });
  return { headers: response.headers, ...((await response.json()) as Pick<Answer, 'data' | 'errors'>) };
}
const either = (index: number) => (index % 2 === 0 ? users.url : other.url);
const logIn = (viewer: Viewer, identifier: string, secret = 'not the password', url = users.url) =>
  ask(url, viewer, LOG_IN, { input: { identifier, password: secret } });
/** `signUp` and so on, or the code of the one error, each with how often it came. */
function outcomes(answers: Answer[]): Record<string, number> {
  const found = answers.map(({ data, errors }) => errors?.[0]?.extensions.code ?? data?.field?.__typename ?? 'nothing');
  return Object.fromEntries([...Map.groupBy(found, (one) => one)].map(([one, all]) => [one, all.length]));
}
const times = <T>(count: number, run: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => run(index)));

const signUp = (viewer: Viewer, handle: string, url = users.url) => {
  const input = { handle, name: handle, email: `${handle}@example.org`, password };
  return ask(url, viewer, SIGN_UP, { input });
};

test('ten people an hour sign up from one address, whichever process they meet; other addresses have their own', async () => {
  const viewer = stranger();
  expect(outcomes(await times(16, (index) => signUp(viewer, `crowd_${index}`, either(index))))).toEqual({
    Session: 10,
    RATE_LIMITED: 6,
  });
  expect(await users.db.user.count({ where: { handle: { startsWith: 'crowd_' } } })).toBe(10);
  expect(outcomes([await signUp(stranger(), 'elsewhere')])).toEqual({ Session: 1 });
  const neighbour = { ...viewer, address: viewer.address.replace(/1$/, '2') };
  expect(outcomes([await signUp(neighbour, 'neighbour')])).toEqual({ RATE_LIMITED: 1 });
});

test('what is not even an attempt takes nothing', async () => {
  const viewer = stranger();
  const input = { handle: 'no', name: 'No', email: 'no', password: 'no' };
  const answers = await times(12, () => ask(users.url, viewer, SIGN_UP, { input }));
  expect(outcomes(answers)).toEqual({ BAD_USER_INPUT: 12 });
  expect(outcomes([await signUp(viewer, 'corrected')])).toEqual({ Session: 1 });
});

test('an account is logged into five times a minute, in any spelling, from any address, in any process', async () => {
  await signUp(stranger(), 'target');
  const spellings = ['target', '@target', 'Target', ' TARGET '];
  const answers = await times(12, (index) =>
    logIn(stranger(), spellings[index % 4] ?? '', 'not the password', either(index)),
  );
  expect(outcomes(answers)).toEqual({ InvalidCredentials: 5, RATE_LIMITED: 7 });
  // The right password opens nothing either, and takes no hashing.
  const refused = await logIn(stranger(), 'target', password);
  expect(outcomes([refused])).toEqual({ RATE_LIMITED: 1 });
  const retryAfter = refused.errors?.[0]?.extensions.retryAfter ?? 0;
  expect(retryAfter).toBeGreaterThan(0);
  expect(retryAfter).toBeLessThanOrEqual(60);
  expect(refused.headers.get('retry-after')).toBe(String(retryAfter));
});

test('thirty log-ins a minute from one address', async () => {
  const viewer = stranger();
  expect(outcomes(await times(40, (index) => logIn(viewer, `guess_${index}`, undefined, either(index))))).toEqual({
    InvalidCredentials: 30,
    RATE_LIMITED: 10,
  });
});

test('limits do not tell whether an account exists, nor which address is of which handle', async () => {
  await signUp(stranger(), 'present');
  const told = async (identifier: string) => {
    const viewer = stranger();
    const answers = [];
    for (let attempt = 0; attempt < 7; attempt++) {
      const { data, errors, headers } = await logIn(viewer, identifier);
      answers.push({
        data,
        code: errors?.[0]?.extensions.code,
        message: errors?.[0]?.message.replace(/\d+/, 'n'),
        names: [...headers.keys()].sort(),
        policy: headers.get('ratelimit-policy'),
        left: headers.get('ratelimit')?.replaceAll(/t=\d+/g, 't'),
      });
    }
    return answers;
  };
  const present = await told('present');
  expect(present.map(({ code }) => code ?? 'tried')).toEqual([
    ...Array<string>(5).fill('tried'),
    'RATE_LIMITED',
    'RATE_LIMITED',
  ]);
  expect(await told('absent')).toEqual(present);
  expect(await told('absent@example.org')).toEqual(present);
  // The handle's attempts are used up; were its address counted together with it, that would give it away.
  expect(await told('present@example.org')).toEqual(present);
});

test('sixty follows a minute, and a service account has its own measure', async () => {
  const [ada, ...others] = await users.people(...Array.from({ length: 71 }, (_, index) => `measured_${index}`));
  if (ada === undefined) throw new Error('nobody');
  const follow = (viewer: Viewer) => (index: number) =>
    ask(either(index), viewer, FOLLOW, { userId: others[index]?.userId });
  expect(outcomes(await times(70, follow(ada)))).toEqual({ FollowPayload: 60, RATE_LIMITED: 10 });
  expect(await users.db.follow.count({ where: { followerId: ada.userId } })).toBe(60);
  expect(outcomes(await times(70, follow({ ...ada, service: importer.service })))).toEqual({ FollowPayload: 70 });
});

test('headers tell what is left, on both ways to an answer', async () => {
  for (const more of [{}, { extensions: {} }]) {
    const viewer = stranger();
    const read = async () => {
      const { headers } = await ask(
        users.url,
        viewer,
        LOG_IN,
        { input: { identifier: viewer.address, password } },
        more,
      );
      return [headers.get('ratelimit-policy'), headers.get('ratelimit'), headers.get('retry-after')];
    };
    const policy = '"logIn.address";q=30;w=60, "logIn.account";q=5;w=60';
    expect(await read()).toEqual([policy, '"logIn.address";r=29;t=60, "logIn.account";r=4;t=60', null]);
    expect(await read()).toEqual([policy, expect.stringMatching(/r=28;t=\d+, .*r=3;t=\d+$/), null]);
  }
});

test.each([
  ['relate', 120, 'mutation { block(userId: "usr_x") { user { id } } unfollow(userId: "usr_x") { user { id } } }', 2],
  ['updateProfile', 30, 'mutation { updateProfile(input: { pronouns: "she" }) { user { id } } }', 1],
  ['searchUsers', 120, '{ searchUsers(query: "nobody") { edges { cursor } } suggestedUsers { followedByCount } }', 2],
] as const)('%s: %i a minute for each viewer, in all processes together', async (_, count, query, takes) => {
  const [ann, ben] = await users.people(`often_${takes}${count}_ann`, `often_${takes}${count}_ben`);
  if (ann === undefined || ben === undefined) throw new Error('nobody there');
  const codes = async (viewer: Viewer, turn: number) =>
    ((await ask(either(turn), viewer, query, {})).errors ?? []).map(({ extensions }) => extensions.code);
  for (let turn = 0; turn < count / takes; turn++) expect(await codes(ann, turn)).not.toContain('RATE_LIMITED');
  expect(await codes(ann, 0)).toEqual(Array.from({ length: takes }, () => 'RATE_LIMITED'));
  expect(await codes(ben, 0)).not.toContain('RATE_LIMITED');
});

test('refreshSession: three hundred a minute from one address', async () => {
  const [here, there] = [stranger(), stranger()];
  const REFRESH = 'mutation { field: refreshSession(refreshToken: "chr_nothing") { __typename } }';
  const codes = async (viewer: Viewer) =>
    (await ask(users.url, viewer, REFRESH, {})).errors?.map(({ extensions }) => extensions.code);
  const all = await Promise.all(Array.from({ length: 300 }, () => codes(here)));
  expect(all.filter((code) => code !== undefined)).toEqual([]);
  expect(await codes(here)).toEqual(['RATE_LIMITED']);
  expect(await codes(there)).toBeUndefined();
});
