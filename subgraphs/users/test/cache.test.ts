import { createLogger } from '@chorus/kit/logger';
import { createSubgraphClient, publishEvent, settle } from '@chorus/kit/testing';
import { anonymous, type Viewer } from '@chorus/kit/viewer';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startUsers } from '../src/context.ts';
import { type Fixture, startFixture } from './fixture.ts';

let users: Fixture;
let other: Awaited<ReturnType<typeof startUsers>>;
/** Asks the other process. */
let askOther: (viewer: Viewer, query: string) => Promise<unknown>;
beforeAll(async () => {
  users = await startFixture();
  other = await startUsers(users.config, createLogger({ service: 'users', level: 'silent' }));
  const client = createSubgraphClient(other.url);
  askOther = async (viewer, query) => (await client.ask(viewer, query)).data;
});
afterAll(async () => {
  await other.stop();
  await users.stop();
});

const byId = (id: string) => `{ user(id: "${id}") { name } }`;

test('a profile that is read again costs no statement, whoever reads', async () => {
  const [ann, ben] = await users.people('cached_ann', 'cached_ben');
  if (ann === undefined || ben === undefined) throw new Error('nobody there');
  for (const viewer of [anonymous, ann, ben]) {
    expect(await users.warm(() => users.ask(viewer, byId(ann.userId)))).toEqual([]);
  }
});

test('an update shows at once where it was made, and within a second in every other process', async () => {
  const [ann] = await users.people('renamed');
  if (ann === undefined) throw new Error('nobody there');
  expect(await askOther(anonymous, byId(ann.userId))).toEqual({ user: { name: 'Name of renamed' } });
  await users.ask(ann, 'mutation { updateProfile(input: { name: "Renamed" }) { user { name } } }');
  expect(await users.ask(anonymous, byId(ann.userId))).toEqual({ user: { name: 'Renamed' } });
  await settle(async () => JSON.stringify(await askOther(anonymous, byId(ann.userId))).includes('"Renamed"'), {
    limitMs: 1000,
  });
});

test('a block shows at once where it was made, and within a second in every other process; lifting it likewise', async () => {
  const [ann, ben] = await users.people('parted_ann', 'parted_ben');
  if (ann === undefined || ben === undefined) throw new Error('nobody there');
  const seen = { user: { name: 'Name of parted_ann' } };
  expect(await askOther(ben, byId(ann.userId))).toEqual(seen);
  await users.relate(ann, 'block', ben.userId);
  expect(await users.ask(ben, byId(ann.userId))).toEqual({ user: null });
  await settle(async () => JSON.stringify(await askOther(ben, byId(ann.userId))) === '{"user":null}', {
    limitMs: 1000,
  });
  await users.relate(ann, 'unblock', ben.userId);
  expect(await users.ask(ben, byId(ann.userId))).toEqual(seen);
  await settle(async () => JSON.stringify(await askOther(ben, byId(ann.userId))) === JSON.stringify(seen), {
    limitMs: 1000,
  });
});

test('who is parted from more people than are remembered still does not see them', async () => {
  const [ann, ben, cat] = await users.people('many_ann', 'many_ben', 'many_cat');
  if (ann === undefined || ben === undefined || cat === undefined) throw new Error('nobody there');
  const crowd = Array.from({ length: 1100 }, (_, n) => ({ id: `usr_crowd${n}`, handle: `crowd.${n}`, name: 'One' }));
  await users.db.user.createMany({ data: crowd });
  await users.db.block.createMany({ data: crowd.map(({ id }) => ({ blockerId: ann.userId, blockedId: id })) });
  await users.relate(ben, 'block', ann.userId);
  expect(await users.ask(ann, byId(ben.userId))).toEqual({ user: null });
  expect(await users.ask(ann, byId(cat.userId))).toEqual({ user: { name: 'Name of many_cat' } });
});

test('a change that the process which made it could not tell of is heard of by its event', async () => {
  const [ann] = await users.people('untold');
  if (ann === undefined) throw new Error('nobody there');
  expect(await users.warm(() => users.ask(anonymous, byId(ann.userId)))).toEqual([]);
  await users.db.$executeRaw`update users set name = 'Told', version = version + 1 where id = ${ann.userId}`;
  const event = { aggregate: `profile:${ann.userId}`, version: 1n, payload: { userId: ann.userId } };
  await publishEvent(users.redis, { name: 'profile.changed', ...event });
  await settle(async () => JSON.stringify(await users.ask(anonymous, byId(ann.userId))).includes('"Told"'));
});
