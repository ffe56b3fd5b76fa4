import { readConfig, refuseDevelopmentSecrets, subgraphEnvironment } from '@chorus/kit/config';
import { z } from 'zod';

export const environment = z.object({ ...subgraphEnvironment });

export type Config = z.output<typeof environment>;

/** @throws ConfigError listing every fault */
export function loadConfig(env?: Record<string, string | undefined>): Config {
  const config = readConfig(environment, env);
  refuseDevelopmentSecrets(config);
  return config;
}
