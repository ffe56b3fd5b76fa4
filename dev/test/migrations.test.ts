import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import * as migrations from '../src/migrations.ts';
import { withClient } from '../src/postgres.ts';
import { temporaryFolder } from './harness.ts';

let folder: ReturnType<typeof temporaryFolder>;
let dir: string;
let scratch: string;
let target: string;
const created: string[] = [];

const admin = (sql: string, url = inject('postgresAdminUrl')) =>
  withClient({ connectionString: url }, async (client) => (await client.query<Record<string, unknown>>(sql)).rows);

async function emptyDatabase(): Promise<string> {
  const name = `migrations_${crypto.randomUUID().replaceAll('-', '')}`;
  await admin(`CREATE DATABASE ${name}`);
  created.push(name);
  const url = new URL(inject('postgresAdminUrl'));
  url.pathname = `/${name}`;
  return url.href;
}

beforeEach(async () => {
  folder = temporaryFolder();
  dir = path.join(folder.path, 'prisma');
  cpSync(path.join(import.meta.dirname, 'fixtures/prisma'), dir, { recursive: true });
  scratch = await emptyDatabase();
  target = await emptyDatabase();
});

afterEach(async () => {
  folder[Symbol.dispose]();
  for (const name of created.splice(0)) await admin(`DROP DATABASE ${name} WITH (FORCE)`);
});

function editSchema(from: string, to: string): void {
  const file = path.join(dir, 'schema.prisma');
  writeFileSync(file, readFileSync(file, 'utf8').replace(from, to));
}

test('writes migrations, applies them once, and sees drift', async () => {
  expect(await migrations.drift(dir, scratch)).toContain('CREATE TABLE "Thing"');
  const first = await migrations.create(dir, scratch, 'init');
  expect(path.basename(first ?? '')).toMatch(/^\d{14}_init$/);
  expect(await migrations.create(dir, scratch, 'nothing')).toBeUndefined();
  expect(await migrations.drift(dir, scratch)).toBeUndefined();
  expect(await migrations.deploy(dir, target)).toEqual([path.basename(first ?? '')]);
  expect(await migrations.deploy(dir, target)).toEqual([]);

  editSchema('tags ', 'size Int?\n  tags ');
  expect(await migrations.drift(dir, scratch)).toContain('ADD COLUMN     "size" INTEGER');
  await migrations.create(dir, scratch, 'add_size');
  expect((await migrations.status(dir, target)).pending).toHaveLength(1);
  expect(await migrations.deploy(dir, target)).toHaveLength(1);
  expect(await admin('SELECT "size" FROM "Thing"', target)).toEqual([]);
  expect(readdirSync(path.join(dir, 'migrations'))).toContain('migration_lock.toml');
});

test('leaves the table that the stock command leaves', async () => {
  await migrations.create(dir, scratch, 'init');
  await migrations.deploy(dir, target);
  const rows = await admin('SELECT * FROM _prisma_migrations', target);
  expect(rows).toEqual([
    {
      id: expect.any(String),
      checksum: expect.stringMatching(/^[0-9a-f]{64}$/),
      finished_at: expect.any(Date),
      migration_name: expect.stringMatching(/_init$/),
      logs: null,
      rolled_back_at: null,
      started_at: expect.any(Date),
      applied_steps_count: 1,
    },
  ]);
});

test('runs a migration with functions, whose bodies hold semicolons', async () => {
  const first = await migrations.create(dir, scratch, 'init');
  writeFileSync(
    path.join(first ?? '', 'migration.sql'),
    `CREATE FUNCTION twice(n int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN n := n * 2; RETURN n; END; $$;\nSELECT twice(1);`,
  );
  await migrations.deploy(dir, target);
  expect(await admin('SELECT twice(21) AS answer', target)).toEqual([{ answer: 42 }]);
});

test('refuses after an edit or a failure, and says which', async () => {
  const first = (await migrations.create(dir, scratch, 'init')) ?? '';
  await migrations.deploy(dir, target);
  writeFileSync(path.join(first, 'migration.sql'), '-- edited');
  await expect(migrations.deploy(dir, target)).rejects.toThrow(
    `were edited after they had been applied: ${path.basename(first)}`,
  );

  writeFileSync(path.join(first, 'migration.sql'), 'SELECT no_such_column');
  const other = await emptyDatabase();
  await expect(migrations.deploy(dir, other)).rejects.toThrow('column "no_such_column" does not exist');
  expect((await migrations.status(dir, other)).failed).toEqual([path.basename(first)]);
  await expect(migrations.deploy(dir, other)).rejects.toThrow('migrate found failed migrations');
});
