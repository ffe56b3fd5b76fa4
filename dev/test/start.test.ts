import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { freePort } from '../src/ports.ts';
import { processesOf, type Session, startSession, takePort, temporaryFolder, until } from './harness.ts';

// A whole stack starts in each, in some of them twice.
vi.setConfig({ testTimeout: 90_000 });

const READY = 'Chorus is ready';

async function ready(session: Session): Promise<Session> {
  await until(READY, () => session.output().includes(READY));
  return session;
}

/** Ends a session by a signal. @returns how long it took, in milliseconds. */
async function end(session: Session, signal: NodeJS.Signals = 'SIGINT'): Promise<number> {
  const started = Date.now();
  session.kill(signal);
  await session.exited;
  return Date.now() - started;
}

/** Where Chorus has started once, from nothing. */
const made = temporaryFolder();
beforeAll(
  async () => void (await end(await ready(startSession(made.path, ['--port', String(await freePort())])))),
  90_000,
);
afterAll(() => made[Symbol.dispose]());

/** A copy of it: to make a cluster and to migrate it is more than half of the work of a start. */
function startedBefore(): ReturnType<typeof temporaryFolder> {
  const folder = temporaryFolder();
  execFileSync('cp', ['-a', `${made.path}/.`, folder.path]); // owners too: Postgres is not run by root
  return folder;
}

test('starts, keeps its data, and leaves no process behind', async () => {
  using folder = startedBefore();
  const port = String(await freePort());
  const first = await ready(startSession(folder.path, ['--port', port]));
  expect(first.output()).toContain(`http://localhost:${port}/graphql`);
  expect(processesOf(folder.path).length).toBeGreaterThan(6);
  expect(await end(first)).toBeLessThan(5000);
  expect(await first.exited).toBe(0);
  expect(processesOf(folder.path)).toEqual([]);

  writeFileSync(path.join(folder.path, 's3/kept'), '');
  const second = await ready(startSession(folder.path, ['--port', port]));
  expect(existsSync(path.join(folder.path, 's3/kept'))).toBe(true);
  await end(second, 'SIGTERM');

  const fresh = await ready(startSession(folder.path, ['--port', port, '--fresh']));
  expect(existsSync(path.join(folder.path, 's3/kept'))).toBe(false);
  await end(fresh, 'SIGHUP');
  expect(processesOf(folder.path)).toEqual([]);
});

test.each([
  ['at once', () => true],
  ['while the cluster is made', (dir: string) => existsSync(path.join(dir, 'postgres'))],
  ['while Postgres starts', (dir: string) => existsSync(path.join(dir, 'postgres/server.log'))],
  ['while the services start', (_: string, session: Session) => session.output().includes('starting the services')],
])('Ctrl-C ends it %s', async (_when, reached) => {
  using folder = temporaryFolder();
  const session = startSession(folder.path, ['--port', String(await freePort())]);
  await until('the moment to interrupt', () => reached(folder.path, session));
  // npm and the shell pass the signal on, so that it comes more than once.
  session.kill('SIGINT');
  expect(await end(session)).toBeLessThan(5000);
  expect(processesOf(folder.path)).toEqual([]);
  const again = await ready(startSession(folder.path, ['--port', String(await freePort())]));
  await end(again);
});

test('a service that does not stop is made to, within 5 s', async () => {
  using folder = startedBefore();
  const session = await ready(startSession(folder.path, ['--port', String(await freePort())], { STUBBORN: '1' }));
  expect(await end(session)).toBeLessThan(5000);
  expect(processesOf(folder.path)).toEqual([]);
});

test('nothing outlives a killed supervisor', async () => {
  using folder = startedBefore();
  const session = await ready(startSession(folder.path, ['--port', String(await freePort())]));
  await end(session, 'SIGKILL');
  await until('the guards', () => processesOf(folder.path).length === 0);
  expect(await session.exited).toBeNull();
});

test('ends when the program that started it does', async () => {
  using folder = startedBefore();
  const session = startSession(folder.path, ['--port', String(await freePort())], {}, [
    'sh',
    '-c',
    '"$@" & wait',
    'sh',
  ]);
  await ready(session);
  session.kill('SIGKILL');
  await until('the end', () => processesOf(folder.path).length === 0);
  expect(session.output()).toContain('stopping (the program that started Chorus has ended)');
});

test('a service that crashes is started again, and the log says so', async () => {
  using folder = startedBefore();
  const port = await freePort();
  const session = await ready(startSession(folder.path, ['--port', String(port)]));
  await expect(fetch(`http://127.0.0.1:${port}/crash`)).rejects.toThrow('fetch failed');
  await until('the restart', () => session.output().split('router is ready').length === 3);
  expect(session.output()).toContain('router ended unexpectedly (SIGKILL), starting it again in 0.25 s');
  expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(200);
  await end(session);
});

test('a service that cannot start ends the start with what it said last', async () => {
  using folder = startedBefore();
  const session = startSession(folder.path, ['--port', String(await freePort())], { BROKEN: '1' });
  expect(await session.exited).toBe(1);
  expect(session.output()).toMatch(/The service \w+ does not start \(exit code 1\): DATABASE_URL is required/);
  expect(processesOf(folder.path)).toEqual([]);
});

test('a second start in the same folder is refused', async () => {
  using folder = startedBefore();
  const session = await ready(startSession(folder.path, ['--port', String(await freePort())]));
  const second = startSession(folder.path, ['--port', String(await freePort())]);
  expect(await second.exited).toBe(1);
  expect(second.output()).toContain(`already running on ${folder.path} (process ${session.pid})`);
  await end(session);
});

/** Starts, expects a refusal. @returns what it said, which must not be a stack trace. */
async function refusal(dir: string, args: string[] = [], env: Record<string, string> = {}): Promise<string> {
  const session = startSession(dir, args.length > 0 ? args : ['--port', String(await freePort())], env);
  expect(await session.exited).toBe(1);
  expect(session.output()).not.toMatch(/\n\s+at /);
  expect(processesOf(dir)).toEqual([]);
  return session.output();
}

test('a taken port is named, and another suggested', async () => {
  using folder = temporaryFolder();
  await using taken = await takePort();
  expect(await refusal(folder.path, ['--port', String(taken.port)])).toMatch(
    `Port ${taken.port} is already taken by another program.\nStop that program, or choose another port: npm start -- --port `,
  );
});

test('options that make no sense are told', async () => {
  using folder = temporaryFolder();
  expect(await refusal(folder.path, ['--frseh'])).toContain("Unknown option '--frseh'");
  expect(await refusal(folder.path, ['--port', 'many'])).toContain('--port must be a number from 1 to 65535');
  const help = startSession(folder.path, ['--help']);
  expect(await help.exited).toBe(0);
  expect(help.output()).toContain('--no-demo');
});

test('production is refused: no known passwords, no made-up secrets there', async () => {
  using folder = temporaryFolder();
  const session = startSession(folder.path, [], { NODE_ENV: 'production' });
  expect(await session.exited).toBe(1);
  expect(session.output()).toContain('npm start is for development');
});

test('a damaged data folder is told, and how to start empty', async () => {
  using folder = startedBefore();
  const data = path.join(folder.path, 'postgres/data');

  writeFileSync(path.join(data, 'PG_VERSION'), '15\n');
  expect(await refusal(folder.path)).toMatch(/was written by Postgres 15, this is Postgres 18[^]*npm start -- --fresh/);
  writeFileSync(path.join(data, 'PG_VERSION'), '18\n');
  rmSync(path.join(data, 'global/pg_control'));
  expect(await refusal(folder.path)).toMatch(/Postgres cannot use its data in [^]*npm start -- --fresh/);
  rmSync(path.join(folder.path, 'secrets.json'));
  await end(await ready(startSession(folder.path, ['--port', String(await freePort()), '--fresh'])));

  rmSync(path.join(folder.path, 'secrets.json'));
  expect(await refusal(folder.path)).toContain('made with other secrets');
});

test('a folder that cannot be used is told', async () => {
  using folder = temporaryFolder();
  const file = path.join(folder.path, 'file');
  writeFileSync(file, '');
  expect(await refusal(path.join(file, 'stack'))).toContain('ENOTDIR');
});

test('a machine without Redis is told what to install', async () => {
  using folder = temporaryFolder();
  const empty = path.join(folder.path, 'bin');
  mkdirSync(empty);
  const env = { PATH: empty, XDG_CACHE_HOME: folder.path };
  expect(await refusal(path.join(folder.path, 'stack'), [], env)).toMatch(/Redis is not installed\.\nInstall it: /);
});
