import path from 'node:path';
import type { z } from 'zod';
import { SERVICES, serviceDir, type ServiceName } from '../src/layout.ts';

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
