import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { privateEnvironment } from '../env.ts';
import { prismaDir, SUBGRAPHS } from '../layout.ts';
import { deploy } from '../migrations.ts';
import { startPostgres } from '../postgres.ts';
import { registryOf } from '../processes.ts';
import { startRedis } from '../redis.ts';
import { startS3 } from '../s3.ts';
import { startTogether } from '../together.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Superuser of the test run's Postgres; it holds a migrated `template_users`, `template_posts` and so on. */
    postgresAdminUrl: string;
    redisUrl: string;
    s3: { endpoint: string; accessKey: string; secretKey: string; bucket: string; region: string };
  }
}

/**
 * One Postgres, Redis and object store for a whole test run, in a folder of their own that is removed in the end. A test
 * file makes its databases from the templates: `CREATE DATABASE mine TEMPLATE template_users` takes about 0.1 s.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dir = mkdtempSync(path.join(tmpdir(), 'chorus-test-'));
  const password = crypto.randomUUID();
  const common = { registry: registryOf(dir), env: privateEnvironment(), password, durable: false };
  const progress = (message: string) => project.vitest.logger.log(message);
  const started = await startTogether(new AbortController().signal, {
    postgres: (signal) => startPostgres({ ...common, dir: path.join(dir, 'postgres'), signal }),
    redis: (signal) => startRedis({ ...common, dir: path.join(dir, 'redis'), progress, signal }),
    s3: () => startS3({ dir: path.join(dir, 's3') }),
  });
  const stop = async () => {
    await Promise.all(Object.values(started).map((part) => part.stop(3000)));
    rmSync(dir, { recursive: true, force: true });
  };
  try {
    for (const name of SUBGRAPHS) {
      const template = `template_${name}`;
      await started.postgres.database(template);
      // By the superuser: tests work as it, so that a copy needs no change of owners.
      if (existsSync(prismaDir(name))) await deploy(prismaDir(name), started.postgres.adminUrl(template));
    }
  } catch (error) {
    await stop();
    throw error;
  }
  const { endpoint, accessKey, secretKey, bucket, region } = started.s3;
  project.provide('postgresAdminUrl', started.postgres.url);
  project.provide('redisUrl', started.redis.url);
  project.provide('s3', { endpoint, accessKey, secretKey, bucket, region });
  return stop;
}
