import { logEnvironment, readConfig, refuseDevelopmentSecrets, subgraphEnvironment } from '@chorus/kit/config';
import { z } from 'zod';

export const environment = z.object({
  ...subgraphEnvironment,
  ...logEnvironment,
  /** How long a person stays present after the last heartbeat of a process that holds one of their streams. */
  PRESENCE_TTL_MS: z.coerce.number().int().min(600).max(3_600_000).default(60_000),
  /** How long somebody types who does not say it again. */
  TYPING_TTL_MS: z.coerce.number().int().min(100).max(60_000).default(8000),
});

export type Config = z.output<typeof environment>;

/** @throws ConfigError listing every fault */
export function loadConfig(env?: Record<string, string | undefined>): Config {
  const config = readConfig(environment, env);
  refuseDevelopmentSecrets(config);
  return config;
}
