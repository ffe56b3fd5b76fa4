/** Sessions that are ended before their tokens: told by the relay of a real outbox through a real Redis, in its absence too. */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { record, startRelay } from '@chorus/kit/events';
import { createLogger } from '@chorus/kit/logger';
import { createRedis } from '@chorus/kit/redis';
import { sql } from '@chorus/kit/sql';
import { createTestDatabase, settle } from '@chorus/kit/testing';
import { createClient as createEventStreamClient } from 'graphql-sse';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { privateEnvironment } from '../../dev/src/env.ts';
import { registryOf } from '../../dev/src/processes.ts';
import { startRedis } from '../../dev/src/redis.ts';
import { openTestDatabase } from '../../kit/test/database.ts';
import { followRevocations, type Revocation, Revocations } from '../src/auth/revocations.ts';
import { type Fixture, startFixture } from './fixture/router.ts';

const ME = '{ me { userId } }';
const EVENTS = 'subscription { notes { number } }';
const logger = createLogger({ service: 'test', level: 'silent' });

/** A Redis that can be stopped and started, always to be found at the same address. */
async function startRestartableRedis() {
  const dir = mkdtempSync(path.join(tmpdir(), 'chorus-revocations-'));
  const options = { dir, registry: registryOf(dir), env: privateEnvironment(), password: 'secret', durable: true };
  let server: Awaited<ReturnType<typeof startRedis>> | null = await startRedis(options);
  const open = new Set<Socket>();
  const way = createServer((near) => {
    if (server === null) {
      near.destroy();
      return;
    }
    const far = connect(Number(new URL(server.url).port), '127.0.0.1');
    open.add(near);
    near.on('close', () => open.delete(near));
    for (const [end, other] of [
      [near, far],
      [far, near],
    ] as const) {
      end.on('error', () => other.destroy()).on('close', () => other.destroy());
      end.pipe(other);
    }
  }).listen(0, '127.0.0.1');
  await once(way, 'listening');
  const { port } = way.address() as { port: number };
  return {
    url: `redis://:secret@127.0.0.1:${port}`,
    async stop() {
      await server?.stop();
      server = null;
    },
    /** What is connected now hears nothing more, and is not told that it is cut off. */
    freeze() {
      for (const near of open) near.pause().removeAllListeners('data').unpipe();
    },
    async start() {
      server = await startRedis(options);
    },
    async end() {
      way.close();
      await server?.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

let redis: Awaited<ReturnType<typeof startRestartableRedis>>;
let database: Awaited<ReturnType<typeof createTestDatabase>>;
let outbox: ReturnType<typeof openTestDatabase>;
let relay: ReturnType<typeof startRelay>;
const connections: ReturnType<typeof createRedis>[] = [];
let fixture: Fixture;

beforeAll(async () => {
  redis = await startRestartableRedis();
  database = await createTestDatabase('users');
  outbox = openTestDatabase(database.url);
  const connection = createRedis(redis.url, { logger });
  connections.push(connection);
  relay = startRelay({ source: 'users', db: outbox, redis: connection, logger });
});
afterAll(async () => {
  await relay.stop();
  for (const connection of connections) connection.disconnect();
  await outbox.close();
  await database.drop();
  await redis.end();
});
beforeEach(async () => {
  fixture = await startFixture({ REDIS_URL: redis.url });
});
afterEach(() => fixture.stop());

/** As users will: in the transaction that ends the session. */
async function revoke(revoked: Partial<Revocation>): Promise<void> {
  const payload = { userId: 'ada', sessionId: null, revokedAt: new Date().toISOString(), ...revoked };
  await outbox.$transaction((tx) => record(tx, 'session.revoked', payload.sessionId ?? payload.userId, payload));
  relay.wake();
}
const session = () => `ses_${crypto.randomUUID()}`;
const ask = async (token: string) => {
  const { status, errors } = await fixture.ask(ME, { token });
  return errors === undefined ? status : [status, errors[0]?.extensions['code']];
};
const UNAUTHENTICATED = [401, 'UNAUTHENTICATED'];
const refused = (token: string) =>
  settle(async () => (await ask(token)) !== 200, { limitMs: 5000, what: 'the end of the session' });

describe('a session that was ended', () => {
  test('is refused within 5 s, with the tokens that were already accepted, and no other session', async () => {
    const [sid, another] = [session(), session()];
    const [known, fresh, other] = await Promise.all([
      fixture.token({ sid }),
      fixture.token({ sid, lifetime: 500 }),
      fixture.token({ sid: another }),
    ]);
    expect(await ask(known)).toBe(200);
    await revoke({ sessionId: sid });
    await refused(known);
    expect(await ask(known)).toEqual(UNAUTHENTICATED);
    expect(await ask(fresh)).toEqual(UNAUTHENTICATED);
    expect(await ask(other)).toBe(200);
  });

  test('loses its sockets with 4403 and its event streams with UNAUTHENTICATED, and no other does', async () => {
    const [sid, another] = [session(), session()];
    const authorization = `Bearer ${await fixture.token({ sid })}`;
    const mine = fixture.connect({ authorization });
    const others = fixture.connect({ authorization: `Bearer ${await fixture.token({ sid: another })}` });
    const ended = mine.client.iterate({ query: EVENTS }).next();
    const goesOn = others.client.iterate({ query: EVENTS });
    const streams = createEventStreamClient({ url: fixture.url, headers: { authorization }, retryAttempts: 0 });
    const streamed = streams.iterate({ query: EVENTS }).next();
    await settle(() => fixture.world.subscribers() === 3);
    const revokedAt = Date.now();
    await revoke({ sessionId: sid });
    await expect(ended).rejects.toBeDefined();
    expect(await mine.closed).toMatchObject({ code: 4403, reason: 'Session ended' });
    expect((await streamed).value).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
    expect(Date.now() - revokedAt).toBeLessThan(5000);
    await settle(() => fixture.world.subscribers() === 1);
    fixture.world.publish(1);
    expect((await goesOn.next()).value).toEqual({ data: { notes: { number: 1 } } });
  });

  test('stays ended for a router that starts afterwards', async () => {
    const sid = session();
    await revoke({ sessionId: sid });
    await settle(async () => {
      const unpublished = sql`select count(*) from outbox_event where published_at is null`;
      const [row] = await outbox.$queryRaw<{ count: bigint }[]>(unpublished);
      return row?.count === 0n;
    });
    const later = await startFixture({ REDIS_URL: redis.url });
    try {
      const { status } = await later.ask(ME, { token: await later.token({ sid }) });
      expect(status).toBe(401); // on the first request: the start has waited for it
    } finally {
      await later.stop();
    }
  });

  test('is known when Redis comes back, whether it was ended before, during or after its absence', async () => {
    const [before, during, after] = [session(), session(), session()];
    const tokens = await Promise.all([before, during, after].map((sid) => fixture.token({ sid })));
    const [first = '', second = '', third = ''] = tokens;
    await revoke({ sessionId: before });
    await refused(first);
    await redis.stop();
    await revoke({ sessionId: during });
    expect(await ask(first)).toEqual(UNAUTHENTICATED); // what is known stays
    expect(await ask(second)).toBe(200); // and what is not, cannot be
    await redis.start();
    await settle(async () => (await ask(second)) !== 200, { limitMs: 15_000 });
    await revoke({ sessionId: after });
    await settle(async () => (await ask(third)) !== 200, { limitMs: 5000 });
    expect(await ask(first)).toEqual(UNAUTHENTICATED);
  });

  test('is known when the way to Redis had swallowed everything without a word', async () => {
    const sid = session();
    const token = await fixture.token({ sid });
    expect(await ask(token)).toBe(200);
    redis.freeze();
    await revoke({ sessionId: sid });
    await settle(async () => (await ask(token)) !== 200, { limitMs: 20_000, what: 'the end of the session' });
    expect(await ask(token)).toEqual(UNAUTHENTICATED);
  });

  test('is known when Redis comes back empty', async () => {
    const sid = session();
    const token = await fixture.token({ sid });
    const direct = createRedis(redis.url, { logger });
    connections.push(direct);
    await direct.flushall();
    await revoke({ sessionId: sid });
    await refused(token);
    expect(await ask(token)).toEqual(UNAUTHENTICATED);
  });
});

describe('all sessions of a user', () => {
  test('are ended but for one, and new ones are not', async () => {
    const [kept, gone] = [session(), session()];
    const old = await fixture.token({ sub: 'bob', sid: gone, age: 60 });
    const spared = await fixture.token({ sub: 'bob', sid: kept, age: 60 });
    const ofAnother = await fixture.token({ sub: 'eve', sid: session(), age: 60 });
    await revoke({ userId: 'bob', exceptSessionId: kept, revokedAt: new Date(Date.now() - 10_000).toISOString() });
    await refused(old);
    expect(await ask(old)).toEqual(UNAUTHENTICATED);
    expect(await ask(spared)).toBe(200);
    expect(await ask(ofAnother)).toBe(200);
    expect(await ask(await fixture.token({ sub: 'bob', sid: session() }))).toBe(200);
  });
});

test('that sessions cannot be ended is logged, once for each absence of Redis', async () => {
  const log = createLogger({ service: 'test', level: 'silent' });
  const warn = vi.spyOn(log, 'warn');
  const told = () => warn.mock.calls.flat().filter((text) => String(text).includes('10 minutes')).length;
  const following = await followRevocations(new Revocations(log), { redisUrl: redis.url, logger: log });
  try {
    expect(told()).toBe(0);
    for (const absence of [1, 2]) {
      await redis.stop();
      await settle(() => told() === absence, { what: 'the log' });
      await redis.start();
      const info = vi.spyOn(log, 'info');
      await settle(() => info.mock.calls.length > 0, { what: 'the return of Redis' });
      info.mockRestore();
    }
    expect(told()).toBe(2);
  } finally {
    await following.stop();
  }
});

test('without Redis in reach the router starts, and serves', async () => {
  const alone = await startFixture({ REDIS_URL: 'redis://127.0.0.1:1' });
  try {
    expect((await alone.ask(ME, { token: await alone.token() })).status).toBe(200);
  } finally {
    await alone.stop();
  }
});

describe('what is held', () => {
  const claims = (sid: string | null, sub = 'ada', iat = Math.floor(Date.now() / 1000) - 60) => ({
    sid,
    sub,
    iat,
    svc: null,
  });
  const now = () => new Date().toISOString();

  test('is let go when no token can be left', () => {
    const revocations = new Revocations(logger);
    const revokedAt = new Date(Date.now() - 12 * 60_000).toISOString();
    revocations.add([{ userId: 'ada', sessionId: 's1', revokedAt }]);
    expect(revocations.isRevoked(claims('s1'))).toBe(false);
  });

  test('is bounded: the oldest goes', () => {
    const revocations = new Revocations(logger);
    const many = Array.from({ length: 100_001 }, (_, index) => ({
      userId: 'ada',
      sessionId: `s${index}`,
      revokedAt: now(),
    }));
    revocations.add(many);
    expect(revocations.isRevoked(claims('s0'))).toBe(false);
    expect(revocations.isRevoked(claims('s1'))).toBe(true);
    expect(revocations.isRevoked(claims('s100000'))).toBe(true);
  });

  test('of a user adds up: a session spared once may be ended by the next', () => {
    const revocations = new Revocations(logger);
    revocations.add([{ userId: 'ada', sessionId: null, exceptSessionId: 'a', revokedAt: now() }]);
    expect([claims('a'), claims('b')].map((one) => revocations.isRevoked(one))).toEqual([false, true]);
    revocations.add([{ userId: 'ada', sessionId: null, exceptSessionId: 'b', revokedAt: now() }]);
    expect([claims('a'), claims('b')].map((one) => revocations.isRevoked(one))).toEqual([true, true]);
    expect(revocations.isRevoked(claims(null, 'bob'))).toBe(false);
  });
});
