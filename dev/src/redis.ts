import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import type { Environment } from './env.ts';
import { freePort } from './ports.ts';
import { Problem } from './problem.ts';
import { type Child, launch } from './processes.ts';
import { findRedis } from './redis-binary.ts';

const STARTUP_TIMEOUT_MS = 30_000;

export interface RedisOptions {
  /** Holds the append-only file, the configuration and `server.log`; made when missing. */
  dir: string;
  /** Folder in which running processes are noted (see processes.ts). */
  registry: string;
  env: Environment;
  password: string;
  /** False gives up safety against a power cut for speed: tests only. */
  durable: boolean;
  /** Default: a free one. */
  port?: number;
  /** Told about long steps. */
  progress?: (message: string) => void;
  signal?: AbortSignal;
}

export interface RedisServer {
  readonly url: string;
  /** Stops and continues it, say. */
  signal(signal: NodeJS.Signals): void;
  stop(graceMs?: number): Promise<void>;
}

/**
 * Starts a Redis on a private port of 127.0.0.1, with a password and an append-only file.
 * @throws Problem when no Redis is to be found or its data are unusable.
 */
export async function startRedis(options: RedisOptions): Promise<RedisServer> {
  const { command, libraries } = await findRedis(options);
  mkdirSync(options.dir, { recursive: true });
  const env = libraries ? { ...options.env, LD_LIBRARY_PATH: libraries } : options.env;
  const log = path.join(options.dir, 'server.log');

  for (let attempt = 1; ; attempt++) {
    const port = options.port ?? (await freePort());
    const url = `redis://:${options.password}@127.0.0.1:${port}`;
    const config = path.join(options.dir, 'redis.conf');
    writeFileSync(config, configuration(port, options), { mode: 0o600 });
    const output = openSync(log, 'w');
    const child = launch(command, [config], { ...options, env, cwd: options.dir, stdio: ['ignore', output, output] });
    closeSync(output);
    try {
      await ready(child, url, log, options);
      return {
        url,
        signal: (signal) => void child.process.kill(signal),
        stop: (graceMs = 3000) => child.stop(graceMs),
      };
    } catch (error) {
      await child.stop(1000);
      if (attempt < 3 && /Address already in use/.test(readFileSync(log, 'utf8'))) continue;
      throw error;
    }
  }
}

/** Nothing here is newer than Redis 6. */
function configuration(port: number, { dir, password, durable }: RedisOptions): string {
  const settings = {
    bind: '127.0.0.1',
    port,
    requirepass: password,
    dir: JSON.stringify(dir),
    appendonly: 'yes',
    appendfsync: durable ? 'everysec' : 'no',
    save: '""',
    daemonize: 'no',
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name} ${value}\n`)
    .join('');
}

async function ready(child: Child, url: string, log: string, options: RedisOptions): Promise<void> {
  let exited = false;
  void child.exited.then(() => (exited = true));
  for (const deadline = Date.now() + STARTUP_TIMEOUT_MS; Date.now() < deadline;) {
    if (exited) break;
    if (await answers(url)) return;
    await delay(25, undefined, { signal: options.signal });
  }
  const reason = readFileSync(log, 'utf8').trim().split('\n').at(-1) ?? '';
  throw new Problem(
    `Redis cannot use its data in ${options.dir}: ${reason.replace(/^\S+ \d+ \w+ [\d:.]+ [#*] /, '') || 'no reason given'}`,
    `Its log is ${log}. If the data is not needed, start empty: npm start -- --fresh`,
  );
}

/** @throws Problem when the developer's own Redis does not answer. */
export async function assertRedisAnswers(url: string): Promise<undefined> {
  if (await answers(url)) return undefined;
  throw new Problem(
    `Redis at ${new URL(url).host} does not answer.`,
    'Check REDIS_URL, or unset it to use the embedded Redis.',
  );
}

/** @returns whether Redis is up and has read its data. */
async function answers(url: string): Promise<boolean> {
  const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null, connectTimeout: 1000 });
  client.on('error', () => undefined); // refused until it listens; the loop around us is the retry
  try {
    await client.connect();
    return (await client.ping()) === 'PONG';
  } catch {
    return false;
  } finally {
    client.disconnect();
  }
}
