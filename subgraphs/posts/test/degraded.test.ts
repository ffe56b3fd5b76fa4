import { createLogger } from '@chorus/kit/logger';
import { createSubgraphClient, createTestDatabase, settle, testRedisUrl } from '@chorus/kit/testing';
import { expect, test } from 'vitest';
import { startPosts } from '../src/context.ts';
import { openDatabase } from '../src/database.ts';
import { configOf, CREATE_POST, newKey, person } from './fixture.ts';

const logger = createLogger({ service: 'posts', level: 'silent' });
const NO_REDIS = 'redis://127.0.0.1:1';

test('without Redis posts are written and read, and their events wait for it', async () => {
  const database = await createTestDatabase('posts');
  const db = openDatabase({ url: database.url, size: 1 });
  const ada = person();
  const unpublished = () => db.outboxEvent.count({ where: { publishedAt: null } });

  const cutOff = await startPosts(configOf(database.url, NO_REDIS), logger);
  const client = createSubgraphClient(cutOff.url);
  const created = await client.ask(ada, CREATE_POST, { input: { text: 'Alone', idempotencyKey: newKey() } });
  expect(created.errors).toBeUndefined();
  const home = await client.ask(ada, '{ homeTimeline { edges { node { text } } } }');
  expect(home).toEqual({ data: { homeTimeline: { edges: [{ node: { text: 'Alone' } }] } } });
  expect((await fetch(new URL('/health/ready', cutOff.url))).status).toBe(200);
  expect(await unpublished()).toBe(1);
  await cutOff.stop();

  const back = await startPosts(configOf(database.url, testRedisUrl()), logger);
  await settle(async () => (await unpublished()) === 0);
  await back.stop();
  await db.$disconnect();
  await database.drop();
});

test('without its database it is not ready, and says no more than that', async () => {
  const server = await startPosts(configOf('postgresql://nobody@127.0.0.1:1/none', NO_REDIS), logger);
  expect((await fetch(new URL('/health/ready', server.url))).status).toBe(503);
  const answer = await createSubgraphClient(server.url).ask(person(), '{ homeTimeline { edges { cursor } } }');
  expect(answer.data).toEqual({ homeTimeline: null });
  expect(answer.errors).toMatchObject([
    { message: 'Something went wrong on our side.', extensions: { code: 'INTERNAL' } },
  ]);
  await server.stop();
});
