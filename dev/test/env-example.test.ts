import { readFileSync } from 'node:fs';
import path from 'node:path';
import { telemetryEnvironment } from '@chorus/kit/telemetry/config';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { privateEnvironment } from '../src/env.ts';
import { databaseVariable, ROOT, SERVICES, SUBGRAPHS } from '../src/layout.ts';
import { environments, serviceConfigs } from './services.ts';

const read = (file: string) => readFileSync(path.join(ROOT, file), 'utf8');
const example = read('.env.example').split('\n');
const variable = /^# (\w+)=(.*)$/;
/** Each variable's example, by name. */
const documented = new Map(
  example.flatMap((line): [string, string][] => {
    const [, name, value] = variable.exec(line) ?? [];
    return name === undefined || value === undefined ? [] : [[name, value]];
  }),
);

/** What each service reads. */
const schemas = SERVICES.map(
  (name) => [name, { ...serviceConfigs[name].environment.shape, ...telemetryEnvironment }] as const,
);
const known = [...new Set(schemas.flatMap(([, shape]) => Object.keys(shape)))];

/** Those that Compose puts into docker-compose.yml. */
const ofCompose = [...read('docker-compose.yml').matchAll(/\$\{(\w+)/g)].map(([, name = '']) => name);
/** Those that the stack reads in place of a service, to start that part or not. */
const ofStack = ['PORT', 'PUBLIC_URL', 'REDIS_URL', ...SUBGRAPHS.map(databaseVariable)];
const ofStore = known.filter((name) => name.startsWith('S3_'));

describe('.env.example', () => {
  test('lists everything that reaches a service as a developer sets it', async () => {
    const mark = (name: string) => `set by the developer: ${name}`;
    const started = await environments(Object.fromEntries(known.map((name) => [name, mark(name)])));
    const settable = schemas.flatMap(([service, shape]) =>
      Object.keys(shape).filter((name) => started[service][name] === mark(name)),
    );
    // `npm start` is for development; `vitest` sets its own.
    const expected = new Set(settable).difference(new Set(['NODE_ENV']));
    expect([...expected].filter((name) => !documented.has(name))).toEqual([]);
  });

  test('lists what the stack and docker-compose.yml read', () => {
    const expected = [...ofStack, ...ofStore, ...ofCompose];
    expect(expected.filter((name) => !documented.has(name))).toEqual([]);
  });

  test('lists nothing that nobody reads', () => {
    const all = new Set([...known, ...ofStack, ...ofCompose]);
    expect([...documented.keys()].filter((name) => !all.has(name))).toEqual([]);
  });

  test('explains each variable, or those that stand together', () => {
    const bare = example.filter((line, index) => {
      if (!variable.test(line)) return false;
      const before = example.slice(0, index).findLast((other) => !variable.test(other)) ?? '';
      return !/^# \S/.test(before) || before.startsWith('# ──');
    });
    expect(bare).toEqual([]);
  });

  test.each(schemas)('has examples that %s accepts, and its defaults', (_, shape) => {
    for (const [name, schema] of Object.entries(shape)) {
      const value = documented.get(name);
      if (!value) continue;
      const result = z.safeParse(schema, value);
      expect(result.error?.issues ?? [], name).toEqual([]);
      const byDefault = z.safeParse(schema, undefined).data;
      expect(typeof byDefault === 'number' ? byDefault : result.data, name).toEqual(result.data);
    }
  });
});

test('a private stack inherits nothing of it', async () => {
  const names = [...documented.keys(), ...known];
  const inherited = privateEnvironment({
    PATH: '/bin',
    ...Object.fromEntries(names.map((name) => [name, 'inherited'])),
  });
  const started = await environments(inherited);
  const reached = schemas.flatMap(([service, shape]) =>
    Object.keys(shape).filter((name) => started[service][name] === 'inherited'),
  );
  expect(reached).toEqual([]);
  expect(inherited).toMatchObject({ PATH: '/bin' });
  expect([...documented.keys()].filter((name) => name in inherited)).toEqual([]);
});

test('the stack gives every service all that it requires', async () => {
  const started = await environments({});
  for (const name of SERVICES) expect(() => serviceConfigs[name].loadConfig(started[name]), name).not.toThrow();
});
