import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ConfigError } from '@chorus/kit/config';
import { telemetryEnvironment } from '@chorus/kit/telemetry/config';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { environment as router, loadConfig as loadRouter } from '../../router/src/config.ts';
import { environment as chat, loadConfig as loadChat } from '../../subgraphs/chat/src/config.ts';
import { environment as media, loadConfig as loadMedia } from '../../subgraphs/media/src/config.ts';
import { environment as posts, loadConfig as loadPosts } from '../../subgraphs/posts/src/config.ts';
import { environment as users, loadConfig as loadUsers } from '../../subgraphs/users/src/config.ts';
import { environment as setup } from '../docker/setup.ts';
import { ROOT } from '../src/layout.ts';

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
  users: { environment: users, load: loadUsers },
  posts: { environment: posts, load: loadPosts },
  chat: { environment: chat, load: loadChat },
  media: { environment: media, load: loadMedia },
  router: { environment: router, load: loadRouter },
  setup: { environment: setup, load: (env: Record<string, string>) => setup.parse(env) },
};

describe.each(Object.entries(services))('%s in docker-compose.yml', (name, { environment, load }) => {
  const given = environmentOf(name);

  test('sets only variables that the service reads', () => {
    const read = new Set([...Object.keys(environment.shape), ...Object.keys(telemetryEnvironment)]);
    expect(Object.keys(given).filter((variable) => !read.has(variable))).toEqual([]);
  });

  test('sets every variable that the service requires, to a value that it accepts', () => {
    expect(() => load(given)).not.toThrow();
  });

  test('runs a file that exists', () => {
    const file = compose.services[name]?.command?.[0] ?? '';
    expect(readFileSync(path.join(ROOT, file), 'utf8')).not.toBe('');
  });
});

test.each(['users', 'posts', 'chat', 'media', 'router'] as const)(
  '%s refuses the development secrets of docker-compose.yml in production',
  (name) => {
    expect(() => services[name].load({ ...environmentOf(name), NODE_ENV: 'production' })).toThrow(ConfigError);
  },
);

test('services agree on shared secrets and addresses', () => {
  const viewerKeys = Object.fromEntries(
    (environmentOf('router')['VIEWER_KEYS'] ?? '').split(',').map((pair) => pair.split('=')),
  );
  const subgraphs = ['users', 'posts', 'chat', 'media'];
  for (const name of subgraphs) expect(environmentOf(name)['VIEWER_KEY']).toBe(viewerKeys[name]);
  expect(new Set(subgraphs.map((name) => environmentOf(name)['ATTACHMENT_KEY'])).size).toBe(1);
  expect(environmentOf('users')['TOKEN_ISSUER']).toBe(environmentOf('router')['TOKEN_ISSUER']);
  expect(environmentOf('setup')['SIGNING_KEY_FILE']).toBe(environmentOf('users')['SIGNING_KEY_FILE']);
  for (const [name, service] of Object.entries(compose.services)) {
    for (const other of Object.keys(service.depends_on)) expect(Object.keys(compose.services), name).toContain(other);
  }
});

test('images from elsewhere are pinned by tag', () => {
  const images = Object.values(compose.services).flatMap(({ image }) => (image === undefined ? [] : [image]));
  for (const image of images.filter((name) => name !== 'chorus')) expect(image).toMatch(/:[^:]*\d[^:]*$/);
});
