import { readFileSync } from 'node:fs';
import { ConfigError } from '@chorus/kit/config';
import { describe, expect, test } from 'vitest';
import { environment, loadConfig } from '../src/config.ts';

const base = { PORT: '4000', SUPERGRAPH_PATH: 'supergraph.graphql' };
const faultsOf = (env: Record<string, string>): readonly string[] => {
  try {
    loadConfig({ ...base, ...env });
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
};

test('a supergraph and a port are enough', () => {
  expect(loadConfig(base)).toMatchObject({
    HOST: '127.0.0.1',
    SUBGRAPH_URLS: {},
    VIEWER_KEYS: {},
    FORWARD_HEADERS: [],
    PROXY_ROUTES: {},
  });
});

test('lists and maps are read, with spaces around and signs of equality in values', () => {
  const config = loadConfig({
    ...base,
    SUBGRAPH_URLS:
      'users=http://users:4000/graphql, posts=http://posts-1:4000/graphql?a=b | http://posts-2:4000/graphql',
    VIEWER_KEYS: `users=${'k'.repeat(32)}==`,
    FORWARD_HEADERS: 'Accept-Language, x-request-id',
    FORWARD_COOKIES: 'users=session|refresh',
    RETURN_HEADERS: 'users=Set-Cookie|RateLimit, posts=retry-after',
    CORS_ORIGINS: 'https://app.test,http://localhost:5173',
    TRUSTED_PROXIES: '10.0.0.1,::1',
    PROXY_ROUTES: '/media/=http://media:4000',
  });
  expect(config.SUBGRAPH_URLS).toEqual({
    users: ['http://users:4000/graphql'],
    posts: ['http://posts-1:4000/graphql?a=b', 'http://posts-2:4000/graphql'],
  });
  expect(config.VIEWER_KEYS['users']).toBe(`${'k'.repeat(32)}==`);
  expect(config.FORWARD_HEADERS).toEqual(['accept-language', 'x-request-id']);
  expect(config.FORWARD_COOKIES).toEqual({ users: ['session', 'refresh'] });
  expect(config.RETURN_HEADERS).toEqual({ users: ['set-cookie', 'ratelimit'], posts: ['retry-after'] });
  expect(config.PROXY_ROUTES).toEqual({ '/media/': 'http://media:4000' });
  expect(config.CORS_ORIGINS).toEqual(['https://app.test', 'http://localhost:5173']);
  expect(config.TRUSTED_PROXIES).toEqual(['10.0.0.1', '::1']);
});

test('a subgraph of any name has only what was configured for it', () => {
  const { VIEWER_KEYS, SUBGRAPH_URLS } = loadConfig({ ...base, SUBGRAPH_URLS: '__proto__=http://p.test' });
  expect(VIEWER_KEYS['constructor']).toBeUndefined();
  expect(SUBGRAPH_URLS['constructor']).toBeUndefined();
  expect(Object.keys(SUBGRAPH_URLS)).toEqual(['__proto__']);
});

describe('is refused, all faults at once and no value told:', () => {
  test.each([
    ['nothing', { PORT: '', SUPERGRAPH_PATH: '' }, ['PORT', 'SUPERGRAPH_PATH']],
    ['an address that is none', { SUBGRAPH_URLS: 'users=not an address' }, ['SUBGRAPH_URLS']],
    ['a WebSocket address by HTTP', { SUBGRAPH_WS_URLS: 'chat=http://chat:4000' }, ['SUBGRAPH_WS_URLS']],
    ['a short key', { VIEWER_KEYS: 'users=short-secret' }, ['VIEWER_KEYS']],
    ['a pair without a name', { VIEWER_KEYS: `=${'k'.repeat(32)}` }, ['VIEWER_KEYS']],
    ['a prefix that ends anywhere', { PROXY_ROUTES: '/media=http://media:4000' }, ['PROXY_ROUTES']],
    ['a prefix of the endpoint', { PROXY_ROUTES: '/=http://media:4000' }, ['PROXY_ROUTES']],
    ['a proxied address with a path', { PROXY_ROUTES: '/media/=http://media:4000/files' }, ['PROXY_ROUTES']],
    ['an identity header forwarded', { FORWARD_HEADERS: 'Chorus-Viewer' }, ['FORWARD_HEADERS']],
    ['a header of the connection forwarded', { FORWARD_HEADERS: 'Content-Length' }, ['FORWARD_HEADERS']],
    ['a length returned', { RETURN_HEADERS: 'users=set-cookie|content-length' }, ['RETURN_HEADERS']],
    ['who may read it returned', { RETURN_HEADERS: 'users=Access-Control-Allow-Origin' }, ['RETURN_HEADERS']],
    ['a cookie without a name', { FORWARD_COOKIES: 'users=a|' }, ['FORWARD_COOKIES']],
    ['cookies for one and for all', { FORWARD_COOKIES: 'users=a', FORWARD_HEADERS: 'cookie' }, ['FORWARD_COOKIES']],
    ['an instance without an address', { SUBGRAPH_URLS: 'users=http://a:4000|' }, ['SUBGRAPH_URLS']],
    ['a header that cannot be', { FORWARD_HEADERS: 'authorization,' }, ['FORWARD_HEADERS']],
    ['a proxy that is no address', { TRUSTED_PROXIES: 'proxy.test' }, ['TRUSTED_PROXIES']],
    ['every origin', { CORS_ORIGINS: '*' }, ['CORS_ORIGINS']],
    ['an origin as no browser writes it', { CORS_ORIGINS: 'https://app.test/' }, ['CORS_ORIGINS']],
    ['keys without an issuer', { JWKS_URL: 'http://users:4000/jwks' }, ['TOKEN_ISSUER']],
    ['public traces in production', { NODE_ENV: 'production', TRACE_STORE: '500' }, ['TRACE_STORE']],
    [
      'a development secret in production',
      { NODE_ENV: 'production', VIEWER_KEYS: `users=insecure-${'k'.repeat(32)}` },
      ['users'],
    ],
  ])('%s', (_what, env, variables) => {
    const faults = faultsOf(env);
    for (const variable of variables) expect(faults.join('\n')).toContain(variable);
    expect(faults.join('\n')).not.toMatch(/short-secret|kkkk|not an address/);
  });
});

test('an entry of a list that is wrong is named by its position', () => {
  expect(faultsOf({ VIEWER_KEYS: `a=${'k'.repeat(32)},b=short` })).toEqual([
    'VIEWER_KEYS entry 2: must have at least 32 characters',
  ]);
});

test('every variable has its row in docs/router.md, and no row is of another', () => {
  const text = readFileSync(new URL('../../docs/router.md', import.meta.url), 'utf8');
  const rows = Array.from(text.matchAll(/^\| `([A-Z][A-Z_]+)`/gm), ([, name]) => name);
  expect(rows).toHaveLength(Object.keys(environment.shape).length);
  expect(new Set(rows)).toEqual(new Set(Object.keys(environment.shape)));
});
