import { readConfig, refuseDevelopmentSecrets, subgraphEnvironment } from '@chorus/kit/config';
import { z } from 'zod';

export const environment = z.object({
  ...subgraphEnvironment,
  /** Where the S3 protocol is spoken; only this service reaches it. */
  S3_ENDPOINT: z.url({ protocol: /^https?$/ }),
  S3_ACCESS_KEY: z.string(),
  S3_SECRET_KEY: z.string(),
  /** Made at start when it is missing and the keys permit. */
  S3_BUCKET: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'must be a bucket name: 3 to 63 of a-z, 0-9, . and -'),
  S3_REGION: z.string().default('us-east-1'),
  /** Largest file of uploadMedia, in bytes. It is held in memory while it comes in. */
  UPLOAD_MAX_BYTES: z.coerce
    .number()
    .int()
    .min(1)
    .max(100 * 1024 * 1024)
    .default(10 * 1024 * 1024),
  /** Images processed at once by one process; each may take a core and some hundred MB. */
  PROCESSING_CONCURRENCY: z.coerce.number().int().min(1).max(32).default(1),
});

export type Config = z.output<typeof environment>;

/** @throws ConfigError listing every fault */
export function loadConfig(env?: Record<string, string | undefined>): Config {
  const config = readConfig(environment, env);
  refuseDevelopmentSecrets(config);
  return config;
}
