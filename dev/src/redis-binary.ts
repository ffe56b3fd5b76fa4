import { accessSync, constants, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import type { Environment } from './env.ts';
import { errorCode, Problem } from './problem.ts';
import { run } from './processes.ts';

export interface RedisBinary {
  command: string;
  /** Folders with its shared libraries, for LD_LIBRARY_PATH; undefined when the system has them. */
  libraries?: string;
}

export interface FindRedisOptions {
  registry: string;
  env: Environment;
  progress?: (message: string) => void;
  signal?: AbortSignal;
}

/**
 * @returns the Redis on PATH, else the one unpacked from Debian's packages into the user's cache folder.
 * @throws Problem that says what to install when neither is to be had.
 */
export async function findRedis(options: FindRedisOptions): Promise<RedisBinary> {
  const installed = onPath('redis-server', options.env);
  if (installed) return { command: installed };

  const cache = path.join(options.env['XDG_CACHE_HOME'] || path.join(homedir(), '.cache'), 'chorus');
  const unpacked = path.join(cache, `redis-${process.arch}`);
  if (!existsSync(unpacked)) {
    if (!onPath('apt-get', options.env) || !onPath('dpkg-deb', options.env)) throw notInstalled();
    options.progress?.('There is no Redis here: unpacking one from Debian packages (once, about 10 MB)');
    await unpack(unpacked, cache, options);
  }
  const libraries = ['usr/lib', 'lib'].flatMap((dir) => foldersOfLibraries(path.join(unpacked, dir)));
  return { command: path.join(unpacked, 'usr/bin/redis-server'), libraries: libraries.join(':') };
}

/**
 * apt keeps its lists, packages and locks in a folder of ours and never installs, so that it needs neither root nor an
 * earlier `apt-get update`; what the system already has, libc above all, is not fetched.
 */
async function unpack(target: string, cache: string, options: FindRedisOptions): Promise<void> {
  mkdirSync(cache, { recursive: true });
  const work = mkdtempSync(path.join(cache, 'apt-'));
  const archives = path.join(work, 'archives');
  const root = path.join(work, 'root');
  for (const dir of ['lists/partial', 'archives/partial', 'root']) mkdirSync(path.join(work, dir), { recursive: true });
  const settings = [
    `Dir::State::Lists=${work}/lists`,
    `Dir::State::extended_states=${work}/extended_states`,
    `Dir::Cache=${work}`,
    `Dir::Cache::Archives=${archives}`,
    'Dir::Log=/dev/null',
    'APT::Sandbox::User=root', // as root apt would download as a user that may not enter our folder
    'Debug::NoLocking=true',
    'Acquire::Retries=2',
    'Acquire::http::Timeout=20',
    'Acquire::https::Timeout=20',
  ].flatMap((setting) => ['-o', setting]);
  try {
    const update = run('apt-get', [...settings, '--quiet', 'update'], options);
    // One broken third-party source, or a clean-up hook that needs root, fails the update though the lists are there.
    const updateError = await update.then(
      () => undefined,
      (error: unknown) => error,
    );
    options.signal?.throwIfAborted();
    const install = ['install', '--download-only', '--reinstall', '--no-install-recommends', '--yes', '--quiet'];
    await run('apt-get', [...settings, ...install, 'redis-server', 'redis-tools'], options).catch((error: unknown) => {
      throw updateError ?? error;
    });
    for (const file of readdirSync(archives).filter((name) => name.endsWith('.deb'))) {
      await run('dpkg-deb', ['--extract', path.join(archives, file), root], options);
    }
    renameInto(root, target);
  } catch (error) {
    options.signal?.throwIfAborted();
    throw notInstalled(error);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Two stacks that unpack at once: the second finds the first one's folder, which is as good. */
function renameInto(source: string, target: string): void {
  try {
    renameSync(source, target);
  } catch (error) {
    if (errorCode(error) !== 'ENOTEMPTY' && errorCode(error) !== 'EEXIST') throw error;
  }
}

function notInstalled(cause?: unknown): Problem {
  const how =
    process.platform === 'darwin' ? 'brew install redis' : 'sudo apt install redis-server (or your package manager)';
  const why = cause instanceof Error ? ` and could not be fetched (${cause.message.split('\n').at(-1)})` : '';
  return new Problem(`Redis is not installed${why}.`, `Install it: ${how}; or set REDIS_URL to a server you have.`, {
    cause,
  });
}

function onPath(name: string, env: Environment): string | undefined {
  return (env['PATH'] ?? '')
    .split(path.delimiter)
    .filter((dir) => dir !== '')
    .map((dir) => path.join(dir, name))
    .find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false; // not there, or not for us: the same to a search
  }
}

function foldersOfLibraries(dir: string): string[] {
  if (!existsSync(dir)) return [];
  const entries = readdirSync(dir, { withFileTypes: true });
  const own = entries.some((entry) => entry.name.includes('.so')) ? [dir] : [];
  return [...own, ...entries.filter((e) => e.isDirectory()).flatMap((e) => foldersOfLibraries(path.join(dir, e.name)))];
}
