import { z } from 'zod';

/** The environment does not satisfy a service's configuration. `faults` holds one sentence for each variable. */
export class ConfigError extends Error {
  readonly faults: readonly string[];
  constructor(faults: readonly string[]) {
    super(`Invalid configuration:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
    this.name = 'ConfigError';
    this.faults = faults;
  }
}

/**
 * Reads and checks the environment once. An empty variable counts as unset.
 * @throws ConfigError listing every fault at once, never a value (it may be a secret).
 */
export function readConfig<Shape extends z.ZodRawShape>(
  schema: z.ZodObject<Shape>,
  env: Record<string, string | undefined> = process.env,
): z.output<z.ZodObject<Shape>> {
  const present = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const result = schema.safeParse(present);
  if (result.success) return result.data;
  throw new ConfigError(
    result.error.issues.map((issue) => {
      // In a list the path goes on with the entry's index.
      const name = String(issue.path[0]);
      const entry = typeof issue.path[1] === 'number' ? ` entry ${issue.path[1] + 1}` : '';
      return present[name] === undefined ? `${name} is required` : `${name}${entry}: ${issue.message}`;
    }),
  );
}

/** Development secrets start with this mark, so that production can refuse them. */
export const DEVELOPMENT_SECRET_PREFIX = 'insecure-';

/** A secret of at least 32 characters. */
export const secret = z.string().min(32, 'must have at least 32 characters');

/** What every service reads. Times in milliseconds. */
export const serviceEnvironment = {
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65535),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
};

/** The level to log at before the configuration is read, which tells what is wrong with a level that is none. */
export function earlyLogLevel(env: Record<string, string | undefined> = process.env): string {
  return serviceEnvironment.LOG_LEVEL.catch('info').parse(env['LOG_LEVEL'] || undefined);
}

/** What every subgraph reads besides. */
export const subgraphEnvironment = {
  ...serviceEnvironment,
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  /** Connections in the pool of one process. */
  DATABASE_POOL: z.coerce.number().int().min(1).max(100).default(10),
  REDIS_URL: z.url({ protocol: /^rediss?$/ }),
  /** Key of the viewer tokens that the router mints for this subgraph. */
  VIEWER_KEY: secret,
  /** Key of attachment tokens and grants, the same in all subgraphs. */
  ATTACHMENT_KEY: secret,
};

/** What a subgraph reads besides that serves logs which are replayed and then followed live (kit/live). */
export const logEnvironment = {
  /** How often a quiet subscription looks whether it missed a wake-up. */
  HEAD_CHECK_MS: z.coerce.number().int().min(50).max(600_000).default(40_000),
  /** An event can be replayed while it is younger than this… */
  EVENT_RETENTION_MS: z.coerce
    .number()
    .int()
    .min(1000)
    .default(7 * 24 * 3600 * 1000),
  /** …and among the last so many of its log. */
  EVENT_RETENTION_COUNT: z.coerce.number().int().min(1).max(1_000_000).default(2000),
};

/**
 * Refuses, in production, secrets made for development.
 * @throws ConfigError
 */
export function refuseDevelopmentSecrets(config: { NODE_ENV: string } & Record<string, unknown>): void {
  if (config.NODE_ENV !== 'production') return;
  const faults = Object.entries(config)
    .filter(([, value]) => typeof value === 'string' && value.startsWith(DEVELOPMENT_SECRET_PREFIX))
    .map(([name]) => `${name} is a development secret; set one of your own`);
  if (faults.length > 0) throw new ConfigError(faults);
}
