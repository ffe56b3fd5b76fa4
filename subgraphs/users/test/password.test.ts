/** Passwords: which may be chosen, what is stored, and what a log-in tells. */
import { readdirSync, readFileSync } from 'node:fs';
import os from 'node:os';
import { anonymous, type Viewer } from '@chorus/kit/viewer';
import { hash as bcrypt } from '@node-rs/bcrypt';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isCommonPassword } from '../src/account/common-password.ts';
import { Hashers } from '../src/account/hashing/hashers.ts';
import { COST, createPasswords, DECOY } from '../src/account/password.ts';
import { type Fixture, importer, password, startFixture, stranger } from './fixture.ts';

let users: Fixture;
beforeAll(async () => {
  users = await startFixture();
});
afterAll(() => users.stop());

const IMPORT = 'mutation ($input: [ImportCredentialInput!]!) { importCredentials(input: $input) { handles } }';
const LOG_IN = `mutation ($input: LogInInput!) { logIn(input: $input) { __typename ... on InvalidCredentials { message } } }`;
const SIGN_UP = `mutation ($input: SignUpInput!) { signUp(input: $input) { __typename } }`;

const logIn = async (identifier: string, secret: string) =>
  (await users.ask<{ logIn: { __typename: string } }>(stranger(), LOG_IN, { input: { identifier, password: secret } }))
    .logIn;
const bring = async (input: object[], viewer: Viewer = importer) =>
  (await users.ask<{ importCredentials: { handles: string[] } }>(viewer, IMPORT, { input })).importCredentials.handles;
const signUp = (handle: string, secret = password) => {
  const input = { handle, name: 'Grace Hopper', email: `${handle}.mail@example.org`, password: secret };
  return users.ask(stranger(), SIGN_UP, { input });
};
const storedHash = async (email: string) =>
  (await users.db.credential.findUniqueOrThrow({ where: { email } })).passwordHash;

describe('a password that others would try first', () => {
  test.each([
    'password12',
    'Password1234!',
    'p@$$w0rd2024',
    '1234567890',
    '12345678901',
    '0000000000',
    '!!!!!!!!!!',
    '01.01.1990',
    'a1234567890',
    'qwertyuiop',
    'qwerty12345',
    'asdfghjkl;',
    'iloveyou11',
    'ILoveYou!!!',
    'abcabcabcabc',
    'aaaaaaaaaa',
    '1q2w3e4r5t',
    '1qaz2wsx3edc',
    'abcdefghij',
    'zyxwvutsrq',
    'dragonmaster',
    'monkey.dragon1',
    'letmein123',
    'trustno1trustno1',
    'princess2010',
    'passwordpassword',
    '  sunshine  ',
  ])('%j is refused', (common) => expect(isCommonPassword(common)).toBe(true));

  test.each([
    'correct horse battery',
    'chorus-demo',
    'monkey sells nine lamps',
    'gwbnxkqzpt',
    '7391 8264 5502 9917',
    'пароль корова',
    '😀'.repeat(20),
    'qwbty uiop zebra',
    'dragon fruit on ice',
  ])('%j is not', (fine) => expect(isCommonPassword(fine)).toBe(false));

  test('nor may it be what the person is called', async () => {
    for (const secret of ['grace_h_1906', 'GraceHopper', 'Grace Hopper 99', 'grace.h.mail', 'password1234']) {
      const input = { handle: 'grace.h', name: 'Grace Hopper', email: 'grace.h.mail@example.org', password: secret };
      expect(await users.refusal(stranger(), SIGN_UP, { input }), secret).toMatchObject({
        code: 'BAD_USER_INPUT',
        field: 'input.password',
      });
    }
    expect(await users.db.credential.count({ where: { email: 'grace.h.mail@example.org' } })).toBe(0);
  });
});

describe('hashes of an import', () => {
  test('sign in with the password they were made of, and are replaced by ours then', async () => {
    await users.people('moved', 'moved2');
    const [made, other] = await Promise.all([
      bcrypt('short', { cost: 4 }),
      bcrypt('Pa\u0308ss', { cost: 4, version: '2a' }),
    ]);
    const input = [
      { handle: 'moved', email: 'Moved@example.org', passwordHash: made.replace('$2b$', '$2y$') },
      { handle: '@Moved2', email: 'moved2@example.org', passwordHash: other },
    ];
    expect(await bring(input)).toEqual(['moved', 'moved2']);
    expect(await bring(input)).toEqual(['moved', 'moved2']);

    expect(await logIn('moved', 'wrong')).toMatchObject({ __typename: 'InvalidCredentials' });
    expect(await storedHash('moved@example.org')).toMatch(/^\$2y\$/);
    expect(await logIn('moved@example.org', 'short')).toMatchObject({ __typename: 'Session' });
    const replaced = await storedHash('moved@example.org');
    expect(replaced).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await logIn('moved', 'short')).toMatchObject({ __typename: 'Session' });
    expect(await storedHash('moved@example.org')).toBe(replaced);

    // As it was written: so it was hashed there, whatever way its letters are composed.
    expect(await logIn('moved2', 'P\u00e4ss')).toMatchObject({ __typename: 'InvalidCredentials' });
    expect(await logIn('moved2', 'Pa\u0308ss')).toMatchObject({ __typename: 'Session' });
    expect(await logIn('moved2', 'P\u00e4ss')).toMatchObject({ __typename: 'Session' });
    // Who can sign in already stays as they are.
    expect(await bring(input)).toEqual(['moved', 'moved2']);
    expect(await storedHash('moved@example.org')).toBe(replaced);
  });

  test('never take over an account or an address', async () => {
    await signUp('holder');
    await users.people('thief');
    const passwordHash = await bcrypt('mine now', { cost: 4 });
    const input = [
      { handle: 'holder', email: 'thief@example.org', passwordHash },
      { handle: 'thief', email: 'holder.mail@example.org', passwordHash },
      { handle: 'nobody_here', email: 'nobody@example.org', passwordHash },
    ];
    expect(await bring(input)).toEqual([]);
    expect(await logIn('holder', 'mine now')).toMatchObject({ __typename: 'InvalidCredentials' });
    expect(await logIn('holder', password)).toMatchObject({ __typename: 'Session' });
    expect(
      await users.db.credential.count({ where: { email: { in: ['thief@example.org', 'nobody@example.org'] } } }),
    ).toBe(0);
  });

  test('are for service accounts, and of bcrypt at a cost that does not hold others up', async () => {
    const [person] = await users.people('plain');
    const one = { handle: 'plain', email: 'plain@example.org', passwordHash: await bcrypt('x', { cost: 4 }) };
    for (const viewer of [anonymous, ...(person === undefined ? [] : [person])]) {
      expect(await users.refusal(viewer, IMPORT, { input: [one] })).toMatchObject({ code: 'FORBIDDEN' });
    }
    for (const passwordHash of [
      '',
      'plain text',
      DECOY,
      one.passwordHash.replace('$04$', '$13$'),
      one.passwordHash.slice(0, -1),
      `${one.passwordHash}\n`,
    ]) {
      expect(await users.refusal(importer, IMPORT, { input: [{ ...one, passwordHash }] })).toMatchObject({
        code: 'BAD_USER_INPUT',
        field: 'input.0.passwordHash',
      });
    }
    const many = Array.from({ length: 101 }, () => one);
    expect(await users.refusal(importer, IMPORT, { input: many })).toMatchObject({
      code: 'BAD_USER_INPUT',
      field: 'input',
    });
    expect(await users.db.credential.count({ where: { email: 'plain@example.org' } })).toBe(0);
  });
});

test('a refusal tells neither by its words nor by its time whether there is an account, and of which kind', async () => {
  await signUp('timed');
  await users.people('timed_import', 'timed_none');
  await bring([
    { handle: 'timed_import', email: 'timed_import@example.org', passwordHash: await bcrypt('x y z', { cost: 10 }) },
  ]);
  const kinds = ['timed', 'timed_import', 'timed_none', 'timed_nobody', 'timed@example.net', 'no handle at all'];
  const times = new Map<string, number[]>(kinds.map((kind) => [kind, []]));
  const answers = new Set<string>();
  for (let round = 0; round < 5; round++) {
    await Promise.all(
      kinds.map(async (kind) => {
        const started = performance.now();
        answers.add(JSON.stringify(await logIn(kind, 'not the password')));
        times.get(kind)?.push(performance.now() - started);
      }),
    );
  }
  expect(answers.size).toBe(1);
  // The shortest of each: what else the machine does only adds.
  const shortest = [...times.values()].map((list) => Math.min(...list));
  // Without the pause they are some 50 ms for argon2id, and bcrypt's own time for an import.
  expect(Math.max(...shortest) - Math.min(...shortest)).toBeLessThan(60);
});

/** Ended with the test. */
function hashing(options: { concurrency: number }) {
  const passwords = createPasswords(options);
  return { passwords, [Symbol.asyncDispose]: () => passwords.stop() };
}

/** The priorities of this process's threads, as Linux has them. */
const niceness = () =>
  readdirSync('/proc/self/task').map((id) => {
    const stat = readFileSync(`/proc/self/task/${id}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16]);
  });

test.runIf(process.platform === 'linux')('what hashes has lower priority than all else of the process', async () => {
  const own = os.getPriority();
  const lowered = () => niceness().filter((nice) => nice === own + os.constants.priority.PRIORITY_BELOW_NORMAL).length;
  const before = lowered();
  await using started = hashing({ concurrency: 2 });
  const { passwords } = started;
  expect(lowered()).toBe(before);
  await Promise.all(Array.from({ length: 6 }, () => passwords.check('x', null)));
  expect(lowered()).toBe(before + 2);
  expect(os.getPriority()).toBe(own);
  await passwords.stop();
  expect(lowered()).toBe(before);
});

test('a hashing thread that dies fails what it was at, and nothing else', async () => {
  const hashers = new Hashers(1);
  try {
    const job = { kind: 'hash', password, cost: COST } as const;
    // More than the heap of a thread may hold.
    const deadly = { ...job, password: Array.from({ length: 1_000_000 }, () => ({})) as never };
    const results = await Promise.allSettled([hashers.run(job), hashers.run(deadly), hashers.run(job)]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(results[1]).toMatchObject({ reason: { message: 'A hashing thread ended before it had hashed.' } });
    const hashes = await Promise.all([hashers.run(job), hashers.run(job), hashers.run(job)]);
    expect(await hashers.run({ kind: 'argon2', password, stored: String(hashes[0]) })).toBe(true);
  } finally {
    await hashers.stop();
  }
});

test('a stored hash that is none fails the comparison, and the thread goes on', async () => {
  await using started = hashing({ concurrency: 1 });
  const { passwords } = started;
  await expect(passwords.check('x', 'no hash')).rejects.toThrow('could not be hashed or compared');
  expect(await passwords.check('x', null)).toEqual({ matches: false, replacement: null });
});

test('more than 2 s of queued hashing is RATE_LIMITED, with the time to wait', async () => {
  await using started = hashing({ concurrency: 1 });
  const { passwords } = started;
  const results = await Promise.allSettled(Array.from({ length: 80 }, () => passwords.check('x', null)));
  const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
  expect(refused.length).toBeGreaterThan(0);
  for (const error of refused) expect(error).toMatchObject({ extensions: { code: 'RATE_LIMITED', retryAfter: 3 } });
});
