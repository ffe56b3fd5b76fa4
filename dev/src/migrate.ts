import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Environment, privateEnvironment, readEnvironment } from './env.ts';
import { databaseUrl } from './infrastructure.ts';
import { prismaDir, ROOT, type Subgraph, SUBGRAPHS } from './layout.ts';
import { lockHolder, takeLock } from './lock.ts';
import { createLog } from './log.ts';
import * as migrations from './migrations.ts';
import { connectToRunning, type Postgres, startPostgres } from './postgres.ts';
import { diskProblem, Problem } from './problem.ts';
import { registryOf, stopLeftovers } from './processes.ts';
import { loadSecrets } from './secrets.ts';

const HELP = `pnpm migrate COMMAND

  create SUBGRAPH NAME   writes a migration from the last one to the Prisma schema
  deploy                 applies what is missing to every subgraph's database
  status                 tells what each database lacks
  drift                  fails when a Prisma schema and its migrations disagree

SUBGRAPH is ${SUBGRAPHS.join(', ')}. deploy and status work on .chorus/, or on the databases named by
USERS_DATABASE_URL and so on; create and drift start a Postgres of their own.`;

const log = createLog({ write: (text) => process.stdout.write(text), readable: true, colours: process.stdout.isTTY });
const migrated = SUBGRAPHS.filter((name) => existsSync(path.join(prismaDir(name), 'schema.prisma')));

/** Runs `use` with an empty Postgres that is gone afterwards. */
async function withTemporaryPostgres<T>(use: (postgres: Postgres) => Promise<T>): Promise<T> {
  const dir = mkdtempSync(path.join(tmpdir(), 'chorus-migrate-'));
  const postgres = await startPostgres({
    dir: path.join(dir, 'postgres'),
    registry: registryOf(dir),
    env: privateEnvironment(),
    password: crypto.randomUUID(),
    durable: false,
  });
  try {
    return await use(postgres);
  } finally {
    await postgres.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

async function create(subgraph: Subgraph, name: string): Promise<void> {
  await withTemporaryPostgres(async (postgres) => {
    await postgres.database(subgraph);
    const made = await migrations.create(prismaDir(subgraph), postgres.adminUrl(subgraph), name);
    log.info(made ? `wrote ${path.relative(ROOT, made)}` : `the schema of ${subgraph} has not changed`);
  });
}

async function drift(): Promise<void> {
  const drifted = await withTemporaryPostgres(async (postgres) => {
    const names: string[] = [];
    for (const name of migrated) {
      const sql = await migrations.drift(prismaDir(name), postgres.url);
      if (sql === undefined) continue;
      names.push(name);
      log.text(`-- missing in the migrations of ${name}\n${sql}`);
    }
    return names;
  });
  if (drifted.length === 0) return log.info(`the migrations of ${migrated.join(', ')} agree with their schemas`);
  throw new Problem(
    `The migrations of ${drifted.join(', ')} do not lead to the Prisma schema.`,
    `Write what is missing: pnpm migrate create ${drifted[0]} NAME`,
  );
}

/** Runs `use` with the developer's databases: of real servers, of the running stack, or started for the purpose. */
async function withDatabases(use: (name: Subgraph, url: string) => Promise<void>): Promise<void> {
  const env = readEnvironment();
  const dir = path.join(ROOT, '.chorus');
  const embedded = SUBGRAPHS.every((name) => databaseUrl(env, name)) ? undefined : await embeddedPostgres(dir, env);
  try {
    for (const name of migrated) await use(name, databaseUrl(env, name) ?? (await embedded?.database(name)) ?? '');
  } finally {
    await embedded?.stop();
  }
}

async function embeddedPostgres(dir: string, env: Environment): Promise<Postgres> {
  const { postgres: password } = loadSecrets(dir);
  const data = path.join(dir, 'postgres');
  if (lockHolder(dir) !== undefined) return connectToRunning(data, password);
  const lock = takeLock(dir);
  try {
    await stopLeftovers(registryOf(dir));
    const postgres = await startPostgres({ dir: data, registry: registryOf(dir), env, password, durable: true });
    return { ...postgres, stop: () => postgres.stop().finally(() => lock.release()) };
  } catch (error) {
    lock.release();
    throw error;
  }
}

function deploy(): Promise<void> {
  return withDatabases(async (name, url) => {
    const applied = await migrations.deploy(prismaDir(name), url);
    log.info(`${name}: ${applied.length > 0 ? `applied ${applied.join(', ')}` : 'up to date'}`);
  });
}

function status(): Promise<void> {
  return withDatabases(async (name, url) => {
    const found = Object.entries(await migrations.status(prismaDir(name), url)).filter(([, names]) => names.length > 0);
    const text = found.map(([what, names]: [string, string[]]) => `${what} ${names.join(', ')}`).join('; ');
    log.info(`${name}: ${text || 'up to date'}`);
  });
}

async function main([command, subgraph, name]: string[]): Promise<void> {
  if (command === 'deploy') return deploy();
  if (command === 'status') return status();
  if (command === 'drift') return drift();
  const found = SUBGRAPHS.find((candidate) => candidate === subgraph);
  if (command === 'create' && found && name && /^[a-z0-9_]+$/.test(name)) return create(found, name);
  process.stderr.write(`${HELP}\n`);
  process.exitCode = 1;
}

try {
  await main(process.argv.slice(2));
} catch (thrown) {
  const error = diskProblem(thrown);
  if (!(error instanceof Problem)) throw error;
  process.stderr.write(`${error.message}\n${error.advice}\n`);
  process.exitCode = 1;
}
