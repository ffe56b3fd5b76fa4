import { readConfig, refuseDevelopmentSecrets, subgraphEnvironment } from '@chorus/kit/config';
import { z } from 'zod';

export const environment = z.object({
  ...subgraphEnvironment,
  /** How often a quiet subscription looks whether it missed a wake-up. */
  HEAD_CHECK_MS: z.coerce.number().int().min(50).max(600_000).default(40_000),
  /** How long a person stays present after the last heartbeat of a process that holds one of their streams. */
  PRESENCE_TTL_MS: z.coerce.number().int().min(600).max(3_600_000).default(60_000),
  /** How long somebody types who does not say it again. */
  TYPING_TTL_MS: z.coerce.number().int().min(100).max(60_000).default(8000),
  /** An event of a room can be replayed while it is younger than this… */
  EVENT_RETENTION_MS: z.coerce
    .number()
    .int()
    .min(1000)
    .default(7 * 24 * 3600 * 1000),
  /** …and among the room's last so many. */
  EVENT_RETENTION_COUNT: z.coerce.number().int().min(1).max(1_000_000).default(2000),
});

export type Config = z.output<typeof environment>;

/** @throws ConfigError listing every fault */
export function loadConfig(env?: Record<string, string | undefined>): Config {
  const config = readConfig(environment, env);
  refuseDevelopmentSecrets(config);
  return config;
}
