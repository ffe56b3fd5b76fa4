import { ConfigError, readConfig, refuseDevelopmentSecrets, subgraphEnvironment } from '@chorus/kit/config';
import { z } from 'zod';

/** What signing needs: all that the command which mints service tokens reads. */
const signing = {
  /** The RSA key (PKCS #8, PEM, at least 2048 bits) that signs access tokens: in a file, or itself. Exactly one. */
  SIGNING_KEY_FILE: z.string().optional(),
  SIGNING_KEY: z.string().optional(),
  /** The `iss` of access tokens; the router expects the same. */
  TOKEN_ISSUER: z.url({ protocol: /^https?$/ }),
};

export const environment = z.object({
  ...subgraphEnvironment,
  ...signing,
  /** Passwords hashed at once by one process: each takes a core and 19 MiB for some 30 ms. */
  HASHING_CONCURRENCY: z.coerce.number().int().min(1).max(16).default(2),
  /** A session ends when it was not refreshed for so long, and so long after it was opened in any case. */
  SESSION_IDLE_DAYS: z.coerce.number().positive().max(3650).default(30),
  SESSION_MAX_DAYS: z.coerce.number().positive().max(3650).default(180),
  /** The mail server; outside production letters are shown at /auth/mail without one. */
  SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
  /** Whom letters are from, as in their header. */
  MAIL_FROM: z
    .string()
    .regex(/^([^<>\r\n]+ <)?[^\s@<>]+@[^\s@<>]+>?$/, 'must be an address, or a name and an address in <>')
    .default('Chorus <no-reply@localhost>'),
});

const signingEnvironment = z.object(signing);
/** All that commands read which only work on the database. */
const databaseEnvironment = z.object({ DATABASE_URL: subgraphEnvironment.DATABASE_URL });

export type Config = z.output<typeof environment>;
export type SigningConfig = z.output<typeof signingEnvironment>;

/** @throws ConfigError listing every fault */
export function loadConfig(env?: Record<string, string | undefined>): Config {
  const config = readConfig(environment, env);
  requireOneKey(config);
  refuseDevelopmentSecrets(config);
  requireMailServer(config);
  return config;
}

/** @throws ConfigError listing every fault */
export const loadDatabaseConfig = (env?: Record<string, string | undefined>): z.output<typeof databaseEnvironment> =>
  readConfig(databaseEnvironment, env);

/** @throws ConfigError listing every fault */
export function loadSigningConfig(env?: Record<string, string | undefined>): SigningConfig {
  const config = readConfig(signingEnvironment, env);
  requireOneKey(config);
  return config;
}

/** Without one, everybody could read everybody's letters. */
function requireMailServer({ NODE_ENV, SMTP_URL }: Config): void {
  if (NODE_ENV === 'production' && SMTP_URL === undefined)
    throw new ConfigError(['SMTP_URL is required in production']);
}

function requireOneKey({ SIGNING_KEY, SIGNING_KEY_FILE }: SigningConfig): void {
  if ((SIGNING_KEY === undefined) === (SIGNING_KEY_FILE === undefined)) {
    throw new ConfigError(['SIGNING_KEY_FILE or SIGNING_KEY is required, and not both']);
  }
}
