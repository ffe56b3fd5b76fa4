import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Viewer } from '@chorus/kit/viewer';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Fixture, startFixture } from './fixture.ts';

type Person = Viewer & { userId: string };

let users: Fixture;
beforeAll(async () => {
  users = await startFixture();
});
afterAll(() => users.stop());

const COMMAND = fileURLToPath(new URL('../src/commands/reconcile-counters.ts', import.meta.url));

/** The command, as a process of its own. */
const reconcile = (args: string[] = [], env: NodeJS.ProcessEnv = { DATABASE_URL: users.config.DATABASE_URL }) =>
  new Promise<{ status: number; output: string }>((resolve) => {
    execFile(process.execPath, [COMMAND, ...args], { env, timeout: 60_000 }, (error, stdout, stderr) =>
      resolve({ status: error === null ? 0 : Number(error.code), output: stdout + stderr }),
    );
  });

let made = 0;
const strangers = (count: number): Promise<Person[]> =>
  users.people(...Array.from({ length: count }, () => `person_${made++}`));

/** Everybody follows, unfollows and blocks everybody at once; what a block refuses is refused. */
async function turmoil(people: Person[]): Promise<void> {
  const changes = people.flatMap((one, index) =>
    people
      .filter((other) => other !== one)
      .flatMap((other, turn) => [
        () => users.follow(one, other.userId),
        ...((index + turn) % 3 === 0 ? [() => users.unfollow(one, other.userId)] : []),
        ...((index + turn) % 7 === 0 ? [() => users.relate(one, 'block', other.userId)] : []),
        ...((index + turn) % 5 === 0 ? [() => users.relate(one, 'removeFollower', other.userId)] : []),
      ]),
  );
  const settled = await Promise.allSettled(changes.map((change) => change()));
  for (const result of settled) {
    if (result.status === 'rejected' && !String(result.reason).includes('NOT_FOUND')) throw result.reason;
  }
}

test('after follows, unfollows and blocks at once there is no drift', async () => {
  await turmoil(await strangers(12));
  expect(await users.db.follow.count()).toBeGreaterThan(0);
  expect(await users.db.block.count()).toBeGreaterThan(0);
  expect(await reconcile()).toEqual({ status: 0, output: '0 drifted\n' });
});

test('what drifted is told, and repaired when asked for, while people go on following', async () => {
  const [ann, ben, ...others] = (await strangers(10)) as [Person, Person, ...Person[]];
  await users.follow(ann, ben.userId);
  await users.db.followCounter.updateMany({ where: { userId: ben.userId }, data: { followers: { increment: 6 } } });
  await users.db.followCounter.deleteMany({ where: { userId: ann.userId } });
  const told = [
    `${ann.userId} followers 0 of 0, following 0 of 1`,
    `${ben.userId} followers 7 of 1, following 0 of 0`,
  ].toSorted();
  const output = [...told, '2 drifted'].join('\n');
  expect(await reconcile()).toEqual({ status: 1, output: `${output}\n` });
  expect(await reconcile()).toEqual({ status: 1, output: `${output}\n` });
  const [repaired] = await Promise.all([reconcile(['--repair']), turmoil([ben, ...others])]);
  expect(repaired).toMatchObject({ status: 0, output: expect.stringContaining('2 drifted, repaired') });
  expect(await reconcile(['--repair'])).toEqual({ status: 0, output: '0 drifted\n' });
  const { user } = await users.ask<{ user: object }>(
    ann,
    'query ($id: ID!) { user(id: $id) { followerCount followingCount } }',
    { id: ann.userId },
  );
  expect(user).toEqual({ followerCount: 0, followingCount: 1 });
});

test('says how it is called', async () => {
  expect(await reconcile(['--mend'])).toMatchObject({ status: 2, output: expect.stringContaining('Usage') });
  expect(await reconcile([], {})).toMatchObject({ status: 2, output: expect.stringContaining('DATABASE_URL') });
});
