import {
  ConfigError,
  logEnvironment,
  readConfig,
  refuseDevelopmentSecrets,
  subgraphEnvironment,
} from '@chorus/kit/config';
import { z } from 'zod';

const httpUrl = z.url({ protocol: /^https?$/, error: 'is no http:// or https:// URL' });
/** An origin, or the scheme of a native app, which has a dot as RFC 8252 asks: no `javascript:`. */
const returnTo = z
  .string()
  .refine(
    (text) => /^[a-z][a-z\d+-]*(?:\.[a-z\d+-]+)+:$/.test(text) || isWebOrigin(text),
    'is neither an origin like https://example.com nor the scheme of an app like com.example.app:',
  );
const isWebOrigin = (text: string): boolean => /^https?:/.test(text) && URL.parse(text)?.origin === text;

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
  ...logEnvironment,
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
  /** Sign-in by Google, and by GitHub: what they gave to this client. Unset: not offered. */
  OAUTH_GOOGLE_CLIENT_ID: z.string().optional(),
  OAUTH_GOOGLE_CLIENT_SECRET: z.string().optional(),
  OAUTH_GITHUB_CLIENT_ID: z.string().optional(),
  OAUTH_GITHUB_CLIENT_SECRET: z.string().optional(),
  /** Where they are. */
  OAUTH_GOOGLE_ISSUER: httpUrl.default('https://accounts.google.com'),
  OAUTH_GITHUB_URL: httpUrl.default('https://github.com'),
  OAUTH_GITHUB_API_URL: httpUrl.default('https://api.github.com'),
  /** Milliseconds for all that they are asked in one step of a sign-in. */
  OAUTH_TIMEOUT: z.coerce.number().int().min(100).max(60_000).default(5000),
  /** Where a sign-in may lead, besides our own paths: origins, and schemes of apps. */
  OAUTH_RETURN_TO: z
    .string()
    .default('')
    .transform((text) => (text === '' ? [] : text.split(',').map((entry) => entry.trim())))
    .pipe(z.array(returnTo)),
  /** A provider for development, in which anybody is whoever they say. */
  OAUTH_MOCK: z
    .enum(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true'),
  /** How long a deleted account is kept, hidden, before it is erased. */
  ERASURE_DAYS: z.coerce.number().min(0).max(365).default(7),
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
  checkProviders(config);
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

function checkProviders(config: Config): void {
  const pairs = [
    ['OAUTH_GOOGLE_CLIENT_ID', 'OAUTH_GOOGLE_CLIENT_SECRET'],
    ['OAUTH_GITHUB_CLIENT_ID', 'OAUTH_GITHUB_CLIENT_SECRET'],
  ] as const;
  const faults = pairs
    .filter(([id, secret]) => (config[id] === undefined) !== (config[secret] === undefined))
    .map(([id, secret]) => `${id} and ${secret} are needed together`);
  if (config.NODE_ENV === 'production') {
    if (config.OAUTH_MOCK) faults.push('OAUTH_MOCK lets anybody in as anybody: not in production');
    const addresses = ['OAUTH_GOOGLE_ISSUER', 'OAUTH_GITHUB_URL', 'OAUTH_GITHUB_API_URL'] as const;
    const open = addresses.filter((name) => config[name].startsWith('http:'));
    faults.push(...open.map((name) => `${name} must be https:// in production`));
  }
  if (faults.length > 0) throw new ConfigError(faults);
}

function requireOneKey({ SIGNING_KEY, SIGNING_KEY_FILE }: SigningConfig): void {
  if ((SIGNING_KEY === undefined) === (SIGNING_KEY_FILE === undefined)) {
    throw new ConfigError(['SIGNING_KEY_FILE or SIGNING_KEY is required, and not both']);
  }
}
