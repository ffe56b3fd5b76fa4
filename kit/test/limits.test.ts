import { hash, randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { type Caller, createLimits, type Limits, type Quota, type Rule } from '../src/limits.ts';
import { createRedis } from '../src/redis.ts';
import { createLogger } from '../src/telemetry/logger.ts';
import { settle, startWay, testRedisUrl, viewerOf, type Way } from '../src/testing/index.ts';
import { anonymous, type Viewer } from '../src/viewer.ts';

let way: Way;
let redis: ReturnType<typeof createRedis>[];
const warnings = vi.fn<(...args: unknown[]) => void>();
const logger = createLogger({ service: 'test', level: 'silent' });

beforeEach(async () => {
  way = await startWay(testRedisUrl());
  redis = [];
  warnings.mockReset();
});
afterEach(() => {
  for (const connection of redis) connection.disconnect();
  way.stop();
});

/** A thing that nobody else limits, with the limits of two processes. */
function processes(rule: Rule, service: Quota = { count: 100, seconds: 60 }) {
  const name = `thing-${randomUUID()}`;
  const one = (): Limits<string> => {
    const connection = createRedis(way.url, { logger });
    redis.push(connection);
    const told = Object.assign(Object.create(logger) as typeof logger, { warn: warnings });
    return createLimits({ redis: connection, logger: told, rules: { [name]: rule }, service });
  };
  return { name, all: [one(), one()] as const };
}

const callerOf = (viewer: Viewer): Caller & { headers: Map<string, string> } => {
  const headers = new Map<string, string>();
  return { viewer, headers, exchange: { setHeader: (name, value) => void headers.set(name, value) } };
};
const newViewer = () => viewerOf(`usr_${randomUUID()}`);
/** How many of them passed; what was refused must have been refused for its rate. */
async function passed(taking: Promise<void>[]): Promise<number> {
  const results = await Promise.allSettled(taking);
  const refusals = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
  const refused = expect.objectContaining({ extensions: expect.objectContaining({ code: 'RATE_LIMITED' }) });
  expect(refusals).toEqual(refusals.map(() => refused));
  return results.filter(({ status }) => status === 'fulfilled').length;
}
const many = (count: number, take: (index: number) => Promise<void>) =>
  passed(Array.from({ length: count }, (_, index) => take(index)));

test('of many at once, in two processes, exactly as many pass as the quota says', async () => {
  const { name, all } = processes({ viewer: { count: 20, seconds: 60 } });
  const caller = callerOf(newViewer());
  expect(await many(100, async (index) => (index % 2 === 0 ? all[0] : all[1]).take(caller, name))).toBe(20);
  expect(await many(5, () => all[0].take(callerOf(newViewer()), name))).toBe(5);
});

test('the client is told what it may do, what is left, and when to try again', async () => {
  const { name, all } = processes({ account: { count: 1, seconds: 30 }, address: { count: 9, seconds: 60 } });
  const caller = callerOf({ ...anonymous, address: '192.0.2.1' });
  await all[0].take(caller, name, 'ada');
  expect(Object.fromEntries(caller.headers)).toEqual({
    'ratelimit-policy': `"${name}.address";q=9;w=60, "${name}.account";q=1;w=30`,
    ratelimit: `"${name}.address";r=8;t=60, "${name}.account";r=0;t=30`,
  });
  const refusal = await all[0].take(caller, name, 'ada').catch((error: unknown) => error);
  const { retryAfter } = z.object({ extensions: z.object({ retryAfter: z.int() }) }).parse(refusal).extensions;
  const http = { headers: new Map([['retry-after', String(retryAfter)]]) };
  expect(refusal).toMatchObject({ extensions: { code: 'RATE_LIMITED', http } });
  expect(retryAfter).toBeGreaterThan(0);
  expect(retryAfter).toBeLessThanOrEqual(30);
  expect(caller.headers.get('ratelimit')).toMatch(/\.address";r=7;t=\d+, .*\.account";r=0;t=\d+$/);
});

test('when the window is over, a new one begins', async () => {
  const { name, all } = processes({ viewer: { count: 2, seconds: 1 } });
  const caller = callerOf(newViewer());
  expect(await many(3, () => all[0].take(caller, name))).toBe(2);
  await settle(() =>
    all[0].take(caller, name).then(
      () => true,
      () => false,
    ),
  );
});

test('a /64 is one address; the account is another count, and does not stand in Redis as it is', async () => {
  const { name, all } = processes({ account: { count: 2, seconds: 60 }, address: { count: 3, seconds: 60 } });
  const net = () => Math.floor(Math.random() * 65_536).toString(16);
  const prefix = `2001:db8:${net()}:${net()}`;
  const from = (host: string, account: string) =>
    all[0].take(callerOf({ ...anonymous, address: `${prefix}::${host}` }), name, account);
  expect(await passed([from('1', 'a'), from('2', 'b'), from('3', 'c'), from('4', 'd')])).toBe(3);
  const [connection] = redis;
  const keys = await connection?.keys(`limit:${name}*`);
  expect(keys).toContain(`limit:${name}.account:${hash('sha256', 'a', 'base64url')}`);
  expect(keys?.filter((key) => key.endsWith(':a'))).toEqual([]);
});

test('whoever is not signed in counts as their network', async () => {
  const { name, all } = processes({ viewer: { count: 2, seconds: 60 } });
  const from = (address: string) => all[0].take(callerOf({ ...anonymous, address }), name);
  expect(await many(5, () => from('192.0.2.7'))).toBe(2);
  expect(await many(2, () => from('192.0.2.8'))).toBe(2);
});

test('a service account has a quota of its own, for whomever it acts', async () => {
  const { name, all } = processes({ viewer: { count: 1, seconds: 60 } }, { count: 7, seconds: 60 });
  const service = `importer-${randomUUID()}`;
  expect(await many(10, () => all[0].take(callerOf({ ...newViewer(), service }), name))).toBe(7);
  const ada = newViewer();
  await expect(all[0].take(callerOf({ ...ada, service }), name)).rejects.toMatchObject({
    extensions: { code: 'RATE_LIMITED' },
  });
  await all[0].take(callerOf(ada), name);
});

test.each(['cut', 'swallow'] as const)(
  'while Redis is away (%s) each process allows half, and says so once; then they count together again',
  async (how) => {
    const { name, all } = processes({ viewer: { count: 9, seconds: 60 } });
    const [ada, ben, cyd] = [newViewer(), newViewer(), newViewer()];
    expect(await many(4, () => all[0].take(callerOf(ada), name))).toBe(4);
    way.shut(how);
    for (const limits of all) expect(await many(20, () => limits.take(callerOf(ben), name))).toBe(5);
    expect(warnings.mock.calls.map(([, message]) => message)).toEqual([
      expect.stringContaining('each process alone'),
      expect.stringContaining('each process alone'),
    ]);

    way.open();
    // Whoever asks finds out; then nobody has used more than Redis knows of.
    const together = async (limits: Limits<string>) => {
      const caller = callerOf(newViewer());
      await limits.take(caller, name);
      return caller.headers.get('ratelimit-policy')?.includes('q=9') === true;
    };
    for (const limits of all) await settle(() => together(limits));
    expect(await many(20, async (index) => (index % 2 === 0 ? all[0] : all[1]).take(callerOf(cyd), name))).toBe(9);
    expect(await many(20, async (index) => (index % 2 === 0 ? all[0] : all[1]).take(callerOf(ada), name))).toBe(5);
  },
);

test('all quotas of a rule take one way to Redis and back', async () => {
  const { name, all } = processes({ account: { count: 5, seconds: 60 }, address: { count: 5, seconds: 60 } });
  const caller = callerOf({ ...anonymous, address: '192.0.2.9' });
  await all[0].take(caller, name, 'first');
  const direct = createRedis(testRedisUrl(), { logger });
  redis.push(direct);
  const counted = async () => (await direct.keys(`limit:${name}*`)).length;
  const before = await counted();

  const release = way.holdAnswers();
  const taking = all[0].take(callerOf({ ...anonymous, address: '192.0.2.10' }), name, 'second');
  const both = await settle(async () => (await counted()) === before + 2, { limitMs: 900 });
  release();
  await taking;
  expect(both).toBe(true);
});
