import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseEnv } from 'node:util';
import { ROOT } from './layout.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What others set that our services read too. */
const FOREIGN = ['NODE_ENV', 'HOST', 'DATABASE_URL'];

/** What a developer may set; a test holds `.env.example` to it. */
const settings = (): string[] => {
  const example = readFileSync(path.join(ROOT, '.env.example'), 'utf8');
  return [...example.matchAll(/^# (\w+)=/gm)].map(([, name = '']) => name);
};

/** @returns the developer's environment; a variable that is really set wins over the same one in `.env`. */
export function readEnvironment(): Environment {
  const file = path.join(ROOT, '.env');
  const fromFile = existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {};
  return { ...fromFile, ...process.env };
}

/** @returns the environment for a stack of its own (tests, drift checks): paths and proxies, none of our settings. */
export function privateEnvironment(env: Environment = process.env): Environment {
  const ours = new Set([...FOREIGN, ...settings()]);
  return Object.fromEntries(Object.entries(env).filter(([name]) => !ours.has(name) && !name.startsWith('OTEL_')));
}
