import path from 'node:path';
import type { z } from 'zod';
import type { Environment } from '../src/env.ts';
import { perSubgraph, SERVICES, serviceDir, type ServiceName } from '../src/layout.ts';
import { serviceEnvironments } from '../src/stack.ts';

/** What a service's config.ts exports. */
export interface ServiceConfig {
  environment: z.ZodObject;
  loadConfig: (env: Record<string, string | undefined>) => unknown;
}

/** The configuration of every service that layout.ts names. */
export const serviceConfigs = Object.fromEntries(
  await Promise.all(
    SERVICES.map(async (name) => {
      const { environment, loadConfig } = (await import(path.join(serviceDir(name), 'src/config.ts'))) as ServiceConfig;
      return [name, { environment, loadConfig }] as const;
    }),
  ),
) as Record<ServiceName, ServiceConfig>;

/** What the stack tells each service, over what the developer says; nothing is started. */
export const environments = (env: Environment) =>
  serviceEnvironments(
    {
      databases: perSubgraph((name) => `postgresql://${name}@127.0.0.1/${name}`),
      redisUrl: 'redis://127.0.0.1',
      s3: { endpoint: 'http://127.0.0.1', accessKey: 'a', secretKey: 's', bucket: 'chorus', region: 'us-east-1' },
      secrets: {
        postgres: '',
        redis: '',
        attachment: 'a'.repeat(32),
        viewer: perSubgraph((name) => name.padEnd(32, '-')),
        signingKeyFile: 'signing.pem',
      },
    },
    4000,
    { env },
  );
