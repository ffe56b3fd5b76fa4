import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseEnv } from 'node:util';
import { ROOT } from './layout.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What a developer may set to replace a part of the local stack; a private stack must not inherit any of it. */
const SETTINGS =
  /^((USERS|POSTS|CHAT|MEDIA)_DATABASE_URL|DATABASE_URL|REDIS_URL|S3_.*|OTEL_.*|PUBLIC_URL|PORT|HOST|LOG_LEVEL|NODE_ENV)$/;

/** @returns the developer's environment; a variable that is really set wins over the same one in `.env`. */
export function readEnvironment(): Environment {
  const file = path.join(ROOT, '.env');
  const fromFile = existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {};
  return { ...fromFile, ...process.env };
}

/** @returns the environment for a stack of its own (tests, drift checks): paths and proxies, none of our settings. */
export function privateEnvironment(): Environment {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !SETTINGS.test(name)));
}
