import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ConfigError } from '@chorus/kit/config';
import { telemetryEnvironment } from '@chorus/kit/telemetry/config';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { environment as setup } from '../docker/setup.ts';
import type { Environment } from '../src/env.ts';
import { ROOT, SERVICES, SUBGRAPHS } from '../src/layout.ts';
import { serviceProgram } from '../src/stack.ts';
import { environments, serviceConfigs } from './services.ts';

const composeFile = z.object({
  services: z.record(
    z.string(),
    z.object({
      command: z.array(z.string()).optional(),
      image: z.string().optional(),
      environment: z.record(z.string(), z.union([z.string(), z.number()])).default({}),
      depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
      volumes: z.array(z.string()).default([]),
    }),
  ),
});
const compose = composeFile.parse(parse(readFileSync(path.join(ROOT, 'docker-compose.yml'), 'utf8'), { merge: true }));

/** What a container gets: Compose's `${NAME:-default}` with nothing set on the host. */
const environmentOf = (service: string): Record<string, string> =>
  Object.fromEntries(
    Object.entries(compose.services[service]?.environment ?? {}).map(([name, value]) => [
      name,
      String(value).replaceAll(/\$\{\w+:-([^}]*)\}/g, '$1'),
    ]),
  );

const services = {
  ...serviceConfigs,
  setup: { environment: setup, loadConfig: (env: Record<string, string | undefined>) => setup.parse(env) },
};

describe.each(Object.entries(services))('%s in docker-compose.yml', (name, { environment, loadConfig }) => {
  const given = environmentOf(name);

  test('sets only variables that the service reads', () => {
    const read = new Set([...Object.keys(environment.shape), ...Object.keys(telemetryEnvironment)]);
    expect(Object.keys(given).filter((variable) => !read.has(variable))).toEqual([]);
  });

  test('sets every variable that the service requires, to a value that it accepts', () => {
    expect(() => loadConfig(given)).not.toThrow();
  });

  test('runs a file that exists', () => {
    const file = compose.services[name]?.command?.[0] ?? '';
    expect(readFileSync(path.join(ROOT, file), 'utf8')).not.toBe('');
  });
});

test.each(SERVICES)('%s is started in a container as npm start does it', (name) => {
  const dockerfile = readFileSync(path.join(ROOT, 'dev/docker/Dockerfile'), 'utf8');
  const [, entry = '[]'] = /^ENTRYPOINT (.*)$/m.exec(dockerfile) ?? [];
  const [node, ...args] = JSON.parse(entry) as string[];
  const inContainer = [...args, ...(compose.services[name]?.command ?? [])];
  expect(node).toBe('node');
  expect(inContainer.map((arg) => (arg.endsWith('.ts') ? path.resolve(ROOT, arg) : arg))).toEqual(serviceProgram(name));
});

test.each(SERVICES)('%s refuses the development secrets of docker-compose.yml in production', (name) => {
  expect(() => services[name].loadConfig({ ...environmentOf(name), NODE_ENV: 'production' })).toThrow(ConfigError);
});

test('services agree on shared secrets and addresses', () => {
  const viewerKeys = Object.fromEntries(
    (environmentOf('router')['VIEWER_KEYS'] ?? '').split(',').map((pair) => pair.split('=')),
  );
  for (const name of SUBGRAPHS) expect(environmentOf(name)['VIEWER_KEY']).toBe(viewerKeys[name]);
  expect(new Set(SUBGRAPHS.map((name) => environmentOf(name)['ATTACHMENT_KEY'])).size).toBe(1);
  expect(environmentOf('users')['TOKEN_ISSUER']).toBe(environmentOf('router')['TOKEN_ISSUER']);
  expect(environmentOf('setup')['SIGNING_KEY_FILE']).toBe(environmentOf('users')['SIGNING_KEY_FILE']);
  for (const [name, service] of Object.entries(compose.services)) {
    for (const other of Object.keys(service.depends_on)) expect(Object.keys(compose.services), name).toContain(other);
  }
});

test('the router passes on what it passes on in the stack, and the cookies of sessions and sign-ins to users alone', async () => {
  const stack = (await environments({})).router;
  const composed = environmentOf('router');
  for (const name of ['FORWARD_COOKIES', 'RETURN_HEADERS']) expect(composed[name], name).toBe(stack[name]);
  const prefixes = ({ PROXY_ROUTES = '' }: Environment) => PROXY_ROUTES.split(',').map((pair) => pair.split('=')[0]);
  expect(prefixes(composed)).toEqual(prefixes(stack));
  expect(composed['FORWARD_COOKIES']).toBe('users=chorus_refresh|chorus_oauth');
  const setting = composed['RETURN_HEADERS']?.split(',').filter((entry) => entry.includes('set-cookie'));
  expect(setting?.map((entry) => entry.split('=')[0])).toEqual(['users']);
});

test('images from elsewhere are pinned by tag', () => {
  const images = Object.values(compose.services).flatMap(({ image }) => (image === undefined ? [] : [image]));
  for (const image of images.filter((name) => name !== 'chorus')) expect(image).toMatch(/:[^:]*\d[^:]*$/);
});

test('every subgraph is known to the router, starts before it, and has a database', () => {
  const addressed = (environmentOf('router')['SUBGRAPH_URLS'] ?? '').split(',').map((pair) => pair.split('=')[0]);
  expect(addressed).toEqual(SUBGRAPHS);
  expect(Object.keys(compose.services['router']?.depends_on ?? {})).toEqual(SUBGRAPHS);
  const script = readFileSync(path.join(ROOT, 'dev/docker/create-databases.sh'), 'utf8');
  expect(script).toContain(`for name in ${SUBGRAPHS.join(' ')}; do`);
});
