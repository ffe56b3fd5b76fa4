import { createServer } from 'node:net';
import { transact } from '@chorus/kit/database';
import { createSubgraphClient, viewerOf } from '@chorus/kit/testing';
import { LIMITS } from '@chorus/schema/limits';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDatabase } from '../src/database.ts';
import { type Fixture, password, startFixture, stranger } from './fixture.ts';

describe('a transaction', () => {
  let users: Fixture;
  beforeAll(async () => {
    users = await startFixture();
  });
  afterAll(() => users.stop());

  test('that Postgres breaks off for a deadlock is run again', async () => {
    await users.people('left', 'right');
    let runs = 0;
    const met = Promise.withResolvers<void>();
    let waiting = 0;
    const rename = (first: string, second: string) =>
      transact(users.db, async (tx) => {
        runs++;
        await tx.user.update({ where: { handle: first }, data: { name: first } });
        // The first time each has one row before either asks for the other's.
        if (++waiting === 2) met.resolve();
        await met.promise;
        await tx.user.update({ where: { handle: second }, data: { bio: first } });
      });
    await Promise.all([rename('left', 'right'), rename('right', 'left')]);
    expect(runs).toBe(3);
    expect(await users.db.user.findMany({ where: { handle: { in: ['left', 'right'] } } })).toHaveLength(2);
  });

  test('so too when a raw statement was broken off', async () => {
    let runs = 0;
    const result = await transact(users.db, async (tx) => {
      runs++;
      if (runs === 1) await tx.$executeRaw`do $$ begin raise exception using errcode = '40001'; end $$`;
      return 'done';
    });
    expect([result, runs]).toEqual(['done', 2]);
  });

  test('that fails for any other reason is not', async () => {
    let runs = 0;
    const failing = transact(users.db, async (tx) => {
      runs++;
      await tx.$executeRaw`select 1 / 0`;
    });
    await expect(failing).rejects.toThrow(/division by zero/);
    expect(runs).toBe(1);
  });

  test('and every instant is right whatever time zone the server is in', async () => {
    const [{ name }] = (await users.db.$queryRaw`select current_database() as name`) as [{ name: string }];
    await users.db.$executeRawUnsafe(`alter database ${name} set timezone = 'America/New_York'`);
    // Settings of a database hold for the connections that come after.
    const db = openDatabase({ url: users.config.DATABASE_URL, size: users.config.DATABASE_POOL });
    try {
      const written = new Date('2026-07-01T12:34:56.789Z');
      const [{ read, same }] = await db.$queryRaw<[{ read: Date; same: boolean }]>`
        select ${written}::timestamptz as read, ${written}::timestamptz = '2026-07-01T12:34:56.789Z' as same`;
      expect({ read, same }).toEqual({ read: written, same: true });
    } finally {
      await db.$disconnect();
    }
  });
});

describe('without Redis', () => {
  let users: Fixture;
  beforeAll(async () => {
    users = await startFixture({ redisUrl: `redis://127.0.0.1:${await closedPort()}`, logLevel: 'silent' });
  });
  afterAll(() => users.stop());

  test('people sign up, follow and are ready to be asked; events wait in the outbox', async () => {
    const [ann, ben] = await Promise.all(
      ['ann', 'ben'].map(async (handle) => {
        const { signUp } = await users.ask<{ signUp: { user: { id: string } } }>(
          stranger(),
          'mutation ($input: SignUpInput!) { signUp(input: $input) { ... on Session { user { id } } } }',
          { input: { handle, name: handle, email: `${handle}@example.org`, password } },
        );
        return signUp.user.id;
      }),
    );
    await users.follow(viewerOf(ann ?? ''), ben ?? '');
    expect(await users.db.outboxEvent.count({ where: { publishedAt: null } })).toBe(1);
    expect((await fetch(new URL('/health/ready', users.url))).status).toBe(200);
  });

  test('a process limits by itself, to half', async () => {
    const viewer = stranger();
    const codes = await Promise.all(
      Array.from({ length: 20 }, async (_, index) => {
        const input = { identifier: `nobody_${index}`, password };
        const { errors } = await createSubgraphClient(users.url).ask(
          viewer,
          'mutation ($input: LogInInput!) { logIn(input: $input) { __typename } }',
          { input },
        );
        return errors?.[0]?.extensions?.['code'];
      }),
    );
    const { count } = LIMITS.users.logIn.address;
    expect(codes.filter((code) => code === undefined)).toHaveLength(count / 2);
    expect(codes.filter((code) => code === 'RATE_LIMITED')).toHaveLength(20 - count / 2);
  });
});

/** A port on which nobody listens. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
