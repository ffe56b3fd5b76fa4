import { createHmac } from 'node:crypto';
import {
  chownSync,
  existsSync,
  mkdirSync,
  openSync,
  closeSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { Environment } from './env.ts';
import { freePort } from './ports.ts';
import { asDataOwner, binaries, type DataOwner } from './postgres-binaries.ts';
import { errorCode, Problem } from './problem.ts';
import { type Child, launch, run } from './processes.ts';

const MAJOR_VERSION = '18';
const STARTUP_TIMEOUT_MS = 30_000;

export interface PostgresOptions {
  /** Holds `data/` and `server.log`; made when missing. */
  dir: string;
  /** Folder in which running processes are noted (see processes.ts). */
  registry: string;
  env: Environment;
  /** Password of the superuser `postgres`; the roles' passwords derive from it. */
  password: string;
  /** False gives up safety against a power cut for speed: tests only. */
  durable: boolean;
  signal?: AbortSignal;
}

export interface Postgres {
  /** Connection string of the superuser to the database `postgres`. */
  readonly url: string;
  /** @returns the connection string of the superuser to another database. */
  adminUrl(database: string): string;
  /**
   * Makes a role and a database of this name that the role owns, when missing.
   * @returns the role's connection string. No other role may connect to that database.
   */
  database(name: string): Promise<string>;
  stop(graceMs?: number): Promise<void>;
}

/**
 * Starts the embedded Postgres on a private port of 127.0.0.1, without a unix socket; makes the cluster when there is
 * none yet.
 * @throws Problem when the data folder is unusable, belongs to another user or to another major version.
 */
export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  const data = path.join(options.dir, 'data');
  mkdirSync(options.dir, { recursive: true });
  const { initdb, postgres } = await binaries();
  const owner = asDataOwner(existsSync(data) ? data : options.dir, [initdb, options.dir]);
  if (!existsSync(data)) await createCluster(initdb, data, owner, options);
  assertUsable(data);
  disownLockFile(data);

  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    const log = path.join(options.dir, 'server.log');
    const child = startServer(postgres, data, port, log, owner, options);
    try {
      await ready(child, connection(options.password, port), log, options);
      return handle(port, options.password, (graceMs = 3000) => child.stop(graceMs));
    } catch (error) {
      await child.stop(1000);
      // Somebody else took the port between our choice and its use.
      if (attempt < 3 && /could not bind|Address already in use/.test(readFileSync(log, 'utf8'))) continue;
      throw error;
    }
  }
}

async function createCluster(initdb: string, data: string, owner: DataOwner, options: PostgresOptions): Promise<void> {
  // Made beside and renamed: a start that is broken off leaves no half-made cluster behind.
  const unfinished = `${data}.new`;
  const passwordFile = path.join(options.dir, 'password');
  rmSync(unfinished, { recursive: true, force: true });
  writeFileSync(passwordFile, options.password, { mode: 0o600 });
  if (owner.uid !== undefined && owner.gid !== undefined) {
    for (const file of [options.dir, passwordFile]) chownSync(file, owner.uid, owner.gid);
  }
  try {
    const flags = [`--pgdata=${unfinished}`, `--pwfile=${passwordFile}`, '--username=postgres', '--auth=scram-sha-256'];
    // The built-in locale sorts and compares the same on every machine, whatever locales it has.
    flags.push('--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8');
    if (!options.durable) flags.push('--no-sync');
    await run(...owner.wrap(initdb, flags), { ...options, ...owner.spawnAs, cwd: options.dir });
  } finally {
    rmSync(passwordFile, { force: true });
  }
  renameSync(unfinished, data);
}

function assertUsable(data: string): void {
  const file = path.join(data, 'PG_VERSION');
  let version: string | undefined;
  try {
    version = readFileSync(file, 'utf8').trim();
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') {
      throw new Problem(
        `The Postgres data in ${data} cannot be read (${errorCode(error)}).`,
        'Give your user access to it, or start empty: npm start -- --fresh',
        { cause: error },
      );
    }
  }
  if (version === MAJOR_VERSION) return;
  throw new Problem(
    version
      ? `The Postgres data in ${data} was written by Postgres ${version}, this is Postgres ${MAJOR_VERSION}.`
      : `The Postgres data in ${data} is damaged: its PG_VERSION is missing or empty.`,
    'Start with empty data: npm start -- --fresh (what is in the folder is lost).',
  );
}

/**
 * After a crash the lock file may name a pid that by now belongs to some other program, and Postgres would refuse to
 * start. That no server of ours is left was checked when the stack's lock was taken. Naming its parent instead makes
 * Postgres skip only the pid check; it still looks for backends that are attached to the old shared memory.
 */
function disownLockFile(data: string): void {
  const file = path.join(data, 'postmaster.pid');
  if (!existsSync(file)) return;
  writeFileSync(file, readFileSync(file, 'utf8').replace(/^\d+/, String(process.pid)));
}

function startServer(
  postgres: string,
  data: string,
  port: number,
  log: string,
  owner: DataOwner,
  options: PostgresOptions,
): Child {
  const settings: Record<string, string> = {
    port: String(port),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '200',
    // One machine, no replicas: less to write.
    wal_level: 'minimal',
    max_wal_senders: '0',
    log_min_messages: 'fatal',
    timezone: 'UTC',
  };
  if (!options.durable) {
    Object.assign(settings, { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', wal_init_zero: 'off' });
    // Copies of a template are made by the kernel.
    settings['file_copy_method'] = 'clone';
  }
  const flags = ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
  const output = openSync(log, 'w');
  try {
    return launch(...owner.wrap(postgres, flags), {
      ...options,
      ...owner.spawnAs,
      cwd: options.dir,
      stdio: ['ignore', output, output],
      stopSignal: 'SIGINT', // "fast": rolls back what runs, writes a checkpoint
      killSignal: 'SIGQUIT', // "immediate": still waits for its backends, which SIGKILL would orphan
    });
  } finally {
    closeSync(output);
  }
}

async function ready(child: Child, config: pg.ClientConfig, log: string, options: PostgresOptions): Promise<void> {
  let exited = false;
  void child.exited.then(() => (exited = true));
  for (const deadline = Date.now() + STARTUP_TIMEOUT_MS; Date.now() < deadline;) {
    if (exited) throw didNotStart(options.dir, log);
    try {
      await withClient(config, async (client) => void (await client.query('SELECT 1')));
      return;
    } catch (error) {
      if (errorCode(error) === '28P01') {
        throw new Problem(
          `The Postgres data in ${options.dir} was made with other secrets than those in use.`,
          'Put the old secrets.json back, or start empty: npm start -- --fresh',
          { cause: error },
        );
      }
    }
    await delay(25, undefined, { signal: options.signal });
  }
  throw didNotStart(options.dir, log);
}

function didNotStart(dir: string, log: string): Problem {
  const lines = readFileSync(log, 'utf8').trim().split('\n');
  const reason = lines.findLast((line) => /FATAL|PANIC/.test(line)) ?? lines.at(-1) ?? '';
  const sentence = reason.replace(/^.*?(FATAL|PANIC):\s*/, '').replace(/\.$/, '');
  return new Problem(
    `Postgres cannot use its data in ${dir}: ${sentence || 'it gave no reason'}.`,
    `Its log is ${log}. If the data is not needed, start empty: npm start -- --fresh`,
  );
}

/**
 * @returns the server that a running stack has on its data in `dir`; `stop` leaves it alone.
 * @throws Problem when there is none.
 */
export function connectToRunning(dir: string, password: string): Postgres {
  const file = path.join(dir, 'data/postmaster.pid');
  const port = Number(existsSync(file) ? readFileSync(file, 'utf8').split('\n')[3] : undefined);
  if (!port) throw new Problem(`No Postgres runs on ${dir} yet.`, 'Wait until the stack is up, then try again.');
  return handle(port, password, () => Promise.resolve());
}

function handle(port: number, password: string, stop: Postgres['stop']): Postgres {
  const admin = connection(password, port);
  return {
    url: connectionString(admin),
    adminUrl: (database) => connectionString({ ...admin, database }),
    async database(name) {
      const config = { ...admin, user: name, database: name, password: rolePassword(password, name) };
      await withClient(admin, (client) => ensureDatabase(client, name, config.password));
      return connectionString(config);
    },
    stop,
  };
}

async function ensureDatabase(client: pg.Client, name: string, password: string): Promise<void> {
  const id = client.escapeIdentifier(name);
  const { rows } = await client.query<{ role: boolean; database: boolean }>(
    `SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1) AS role,
            EXISTS (SELECT FROM pg_database WHERE datname = $1) AS database`,
    [name],
  );
  if (!rows[0]?.role) await client.query(`CREATE ROLE ${id} LOGIN PASSWORD ${client.escapeLiteral(password)}`);
  if (!rows[0]?.database) await client.query(`CREATE DATABASE ${id} OWNER ${id}`);
  await client.query(`REVOKE CONNECT ON DATABASE ${id}, postgres, template1 FROM PUBLIC`);
}

/** Runs `use` on a connection of its own and closes it. */
export async function withClient<T>(config: pg.ClientConfig, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionTimeoutMillis: 5000, ...config });
  // A server that is stopped ends its connections; whoever uses one learns it from the query.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await use(client);
  } finally {
    await client.end();
  }
}

const rolePassword = (secret: string, role: string): string => createHmac('sha256', secret).update(role).digest('hex');

const connection = (password: string, port: number) => ({
  host: '127.0.0.1',
  port,
  user: 'postgres',
  password,
  database: 'postgres',
});

const connectionString = (c: ReturnType<typeof connection>): string =>
  `postgresql://${c.user}:${c.password}@${c.host}:${c.port}/${c.database}`;
