import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import path from 'node:path';
import { Redis } from 'ioredis';
import { expect, inject, test } from 'vitest';
import { privateEnvironment } from '../src/env.ts';
import { startInfrastructure } from '../src/infrastructure.ts';
import { silentLog } from '../src/log.ts';
import { withClient } from '../src/postgres.ts';
import { loadSecrets } from '../src/secrets.ts';
import { processesOf, temporaryFolder } from './harness.ts';

const start = (dir: string, env: Record<string, string> = {}) =>
  startInfrastructure({ dir, env: { ...privateEnvironment(), ...env }, durable: false, log: silentLog });

const query = (url: string, sql: string) =>
  withClient({ connectionString: url }, async (client) => (await client.query<Record<string, unknown>>(sql)).rows);

async function isListening(url: string): Promise<boolean> {
  const socket = createConnection(Number(new URL(url).port), '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

test('gives every subgraph a database that no other role may enter', async () => {
  using folder = temporaryFolder();
  const stack = await start(folder.path);
  try {
    await query(stack.databases.users, 'CREATE TABLE probe (id int)');
    const asPosts = new URL(stack.databases.posts);
    asPosts.pathname = '/users';
    await expect(query(asPosts.href, 'SELECT 1')).rejects.toThrow('permission denied for database "users"');
    asPosts.pathname = '/postgres';
    await expect(query(asPosts.href, 'SELECT 1')).rejects.toThrow('permission denied for database "postgres"');
    await expect(query(stack.databases.chat, 'CREATE DATABASE more')).rejects.toThrow('permission denied');
    const [settings] = await query(stack.databases.users, `SELECT current_setting('timezone') AS zone, version()`);
    expect(settings).toMatchObject({ zone: 'UTC', version: expect.stringContaining('PostgreSQL 18') });
  } finally {
    await stack.stop();
  }
});

test('keeps rows, keys and objects over a restart, and frees every port', async () => {
  using folder = temporaryFolder();
  const first = await start(folder.path);
  await query(first.databases.users, 'CREATE TABLE probe AS SELECT 1 AS id');
  const redis = new Redis(first.redisUrl);
  await redis.set('probe', 'kept');
  redis.disconnect();
  const object = () => `${first.s3.endpoint}/${first.s3.bucket}`;
  expect((await fetch(object())).status).toBe(200);
  await first.stop();
  for (const url of [first.databases.users, first.redisUrl, first.s3.endpoint])
    expect(await isListening(url)).toBe(false);
  expect(processesOf(folder.path)).toEqual([]);
  expect(readdirSync(path.join(folder.path, 'processes'))).toEqual([]);

  const second = await start(folder.path);
  const again = new Redis(second.redisUrl);
  expect(await query(second.databases.users, 'SELECT id FROM probe')).toEqual([{ id: 1 }]);
  expect(await again.get('probe')).toBe('kept');
  expect(second.secrets).toEqual(first.secrets);
  again.disconnect();
  await second.stop();
});

test('a subgraph that is new gets a key, and the others keep theirs', () => {
  using folder = temporaryFolder();
  const first = loadSecrets(folder.path);
  const file = path.join(folder.path, 'secrets.json');
  const { media, ...viewer } = first.viewer;
  writeFileSync(file, JSON.stringify({ ...first, viewer: { ...viewer, another: media } }));
  const second = loadSecrets(folder.path);
  expect(second).toEqual({ ...first, viewer: { ...viewer, media: expect.any(String), another: media } });
  expect(second.viewer.media).not.toBe(media);
  expect(loadSecrets(folder.path)).toEqual(second);
});

test('secrets are for the owner only', async () => {
  using folder = temporaryFolder();
  const stack = await start(folder.path);
  await stack.stop();
  const files = ['secrets.json', 'keys/signing.pem', 'redis/redis.conf'];
  expect(files.map((file) => statSync(path.join(folder.path, file)).mode & 0o077)).toEqual([0, 0, 0]);
});

test('recovers from a power cut whose pid now belongs to another program', async () => {
  using folder = temporaryFolder();
  const first = await start(folder.path);
  const [row] = await query(first.postgresAdminUrl ?? '', 'SELECT pg_backend_pid() AS pid');
  expect(row).toBeDefined();
  await first.stop();
  const bystander = spawn('sleep', ['60']);
  try {
    writeFileSync(
      path.join(folder.path, 'postgres/data/postmaster.pid'),
      `${bystander.pid}\n${folder.path}\n0\n1\n\n\n\n`,
    );
    writeFileSync(path.join(folder.path, 'lock'), JSON.stringify({ pid: bystander.pid, born: 'another boot' }));
    const second = await start(folder.path);
    await second.stop();
    expect(bystander.exitCode).toBeNull();
  } finally {
    bystander.kill();
  }
});

test('uses real servers where the environment names them', async () => {
  using folder = temporaryFolder();
  const { endpoint, accessKey, secretKey } = inject('s3');
  const database = inject('postgresAdminUrl');
  const stack = await start(folder.path, {
    ...Object.fromEntries(
      ['USERS', 'POSTS', 'CHAT', 'MEDIA'].map((name) => [`${name}_DATABASE_URL`, testDatabase(name)]),
    ),
    REDIS_URL: inject('redisUrl'),
    S3_ENDPOINT: endpoint,
    S3_ACCESS_KEY: accessKey,
    S3_SECRET_KEY: secretKey,
  });
  expect(stack).toMatchObject({ postgresAdminUrl: undefined, redisUrl: inject('redisUrl'), s3: { endpoint } });
  expect(stack.databases.users).toBe(testDatabase('USERS'));
  expect(processesOf(folder.path)).toEqual([]);
  expect(existsSync(path.join(folder.path, 'postgres'))).toBe(false);
  await stack.stop();

  function testDatabase(name: string): string {
    const url = new URL(database);
    url.pathname = `/template_${name.toLowerCase()}`;
    return url.href;
  }
});

test('a real server that does not answer is named', async () => {
  using folder = temporaryFolder();
  await expect(start(folder.path, { CHAT_DATABASE_URL: 'postgresql://me@127.0.0.1:1/chat' })).rejects.toThrow(
    'The database of chat at 127.0.0.1:1 does not answer',
  );
  await expect(start(folder.path, { REDIS_URL: 'redis://127.0.0.1:1' })).rejects.toThrow(
    'Redis at 127.0.0.1:1 does not answer',
  );
  await expect(start(folder.path, { S3_ENDPOINT: 'http://127.0.0.1:1' })).rejects.toThrow('without its keys');
  expect(processesOf(folder.path)).toEqual([]);
});

test('works below a folder that only its owner may enter', async () => {
  using folder = temporaryFolder();
  chmodSync(folder.path, 0o700);
  const stack = await start(path.join(folder.path, 'stack'));
  expect(await query(stack.databases.users, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  await stack.stop();
});
