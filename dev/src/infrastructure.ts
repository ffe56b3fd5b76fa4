import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Environment } from './env.ts';
import { databaseVariable, perSubgraph, prismaDir, type Subgraph, SUBGRAPHS } from './layout.ts';
import { takeLock } from './lock.ts';
import type { Log } from './log.ts';
import { deploy, migrationNames, status } from './migrations.ts';
import { startPostgres } from './postgres.ts';
import { errorCode, Problem } from './problem.ts';
import { registryOf, stopLeftovers } from './processes.ts';
import { assertRedisAnswers, startRedis } from './redis.ts';
import { type S3Access, startS3 } from './s3.ts';
import { loadSecrets, type Secrets } from './secrets.ts';
import { startTogether } from './together.ts';

export interface InfrastructureOptions {
  /** Holds everything that lasts; one stack at a time. */
  dir: string;
  env: Environment;
  log: Log;
  /** Removes all data first. */
  fresh?: boolean;
  /** False gives up safety against a power cut for speed: tests only. */
  durable?: boolean;
  signal?: AbortSignal;
}

export interface Infrastructure {
  /** Connection string of each subgraph's role to its migrated database. */
  databases: Record<Subgraph, string>;
  /** Superuser of the embedded Postgres; undefined when every database is a real server's. */
  postgresAdminUrl: string | undefined;
  redisUrl: string;
  s3: S3Access;
  secrets: Secrets;
  /** Whether the databases had never been migrated before this start. */
  isNew: boolean;
  stop(graceMs?: number): Promise<void>;
}

/**
 * Starts Postgres, Redis and the object store at once, each unless the environment names a real one, and migrates the
 * databases.
 * @throws Problem when the folder is in use, data are unusable or a real server does not answer.
 */
export async function startInfrastructure(options: InfrastructureOptions): Promise<Infrastructure> {
  const { dir, env, log, durable = true, signal = new AbortController().signal } = options;
  const lock = takeLock(dir);
  try {
    const registry = registryOf(dir);
    const left = await stopLeftovers(registry);
    if (left > 0) log.warn(`stopped ${left} processes that an earlier run had left behind`);
    if (options.fresh) removeData(dir);
    const secrets = loadSecrets(dir);
    const common = { registry, env, durable };
    const progress = (message: string) => log.info(message);

    const started = await startTogether(signal, {
      postgres: async (either) =>
        SUBGRAPHS.every((name) => databaseUrl(env, name))
          ? undefined
          : startPostgres({ ...common, dir: path.join(dir, 'postgres'), password: secrets.postgres, signal: either }),
      redis: async (either) => {
        if (env['REDIS_URL']) return assertRedisAnswers(env['REDIS_URL']);
        const place = { dir: path.join(dir, 'redis'), password: secrets.redis };
        return startRedis({ ...common, ...place, progress, signal: either });
      },
      s3: async () => (env['S3_ENDPOINT'] ? undefined : startS3({ dir: path.join(dir, 's3') })),
    });
    const stop = async (graceMs = 3000) => {
      await Promise.all([started.redis?.stop(graceMs), started.s3?.stop(), started.postgres?.stop(graceMs)]);
      lock.release();
    };

    try {
      const databases = perSubgraph((name) => databaseUrl(env, name) ?? '');
      const isNew: boolean[] = [];
      for (const name of SUBGRAPHS) {
        signal.throwIfAborted();
        databases[name] ||= (await started.postgres?.database(name)) ?? '';
        isNew.push(await migrate(name, databases[name], log));
      }
      return {
        databases,
        postgresAdminUrl: started.postgres?.url,
        redisUrl: started.redis?.url ?? env['REDIS_URL'] ?? '',
        s3: started.s3 ?? realS3(env),
        secrets,
        isNew: isNew.some(Boolean),
        stop,
      };
    } catch (error) {
      await stop(1000);
      throw error;
    }
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** @returns the real server's connection string for a subgraph, if the environment names one. */
export const databaseUrl = (env: Environment, name: Subgraph): string | undefined =>
  env[databaseVariable(name)] || undefined;

/** What `--fresh` removes. What is generated from the checkout stays: it is the same for any data. */
function removeData(dir: string): void {
  for (const name of ['postgres', 'redis', 's3', 'keys', 'secrets.json', 'demo']) {
    rmSync(path.join(dir, name), { recursive: true, force: true });
  }
}

/** @returns whether the database was new: nothing but what was applied now. */
async function migrate(name: Subgraph, url: string, log: Log): Promise<boolean> {
  const dir = prismaDir(name);
  if (!existsSync(dir)) return false;
  try {
    const applied = await deploy(dir, url);
    if (applied.length > 0) log.info(`migrated the database of ${name}`, { applied: applied.length });
    const { unknown } = await status(dir, url);
    if (unknown.length > 0)
      log.warn(`the database of ${name} has migrations this checkout lacks: ${unknown.join(', ')}`);
    return applied.length > 0 && applied.length === migrationNames(dir).length;
  } catch (error) {
    if (error instanceof Problem) throw error;
    const { host } = new URL(url);
    throw new Problem(
      `The database of ${name} at ${host} does not answer (${errorCode(error) ?? String(error)}).`,
      `Check ${databaseVariable(name)}, or unset it to use the embedded Postgres.`,
      { cause: error },
    );
  }
}

function realS3(env: Environment): S3Access {
  const { S3_ENDPOINT: endpoint = '', S3_ACCESS_KEY: accessKey, S3_SECRET_KEY: secretKey } = env;
  if (!accessKey || !secretKey) {
    throw new Problem(
      'S3_ENDPOINT is set without its keys.',
      'Set S3_ACCESS_KEY and S3_SECRET_KEY, or unset S3_ENDPOINT.',
    );
  }
  return {
    endpoint,
    accessKey,
    secretKey,
    bucket: env['S3_BUCKET'] || 'chorus',
    region: env['S3_REGION'] || 'us-east-1',
  };
}
