import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request as sendRaw,
  type Server,
} from 'node:http';
import type { Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { settle } from '@chorus/kit/testing';
import { VIEWER_HEADER } from '@chorus/kit/viewer';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Fixture, startFixture } from './fixture/router.ts';

interface Seen {
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
  body: string;
  connection: Socket;
}

/** A service behind the proxy. */
let service: Server;
let seen: Seen[];
let fixture: Fixture;

beforeAll(async () => {
  service = createServer((request, response) => {
    void text(request).then((body) => {
      const { method = '', url = '', headers, socket: connection } = request;
      seen.push({ method, url, headers, body, connection });
      if (request.url === '/media/stuck') return;
      if (request.url === '/media/cut') {
        response.writeHead(200, { 'content-length': 100 }).write('half', () => response.destroy());
        return;
      }
      response.writeHead(201, {
        'x-answer': 'yes',
        connection: 'x-private',
        'x-private': '1',
        'set-cookie': ['a=1', 'b=2'],
      });
      response.end(`served ${request.url}`);
    });
  });
  service.listen(0, '127.0.0.1');
  await once(service, 'listening');
  const at = `http://127.0.0.1:${(service.address() as { port: number }).port}`;
  fixture = await startFixture({
    PROXY_ROUTES: `/media/=${at},/gone/=http://127.0.0.1:1,/away/=http://127.0.0.1:1`,
    CORS_ORIGINS: 'https://app.test',
    FORWARD_HEADERS: 'x-tenant',
    PROXY_MAX_BYTES: '1000',
    SUBGRAPH_URLS: `media=${at}/graphql`,
    FORWARD_COOKIES: 'media=mine,notes=theirs',
    SUBGRAPH_TIMEOUT: '500',
    TRACE_STORE: '10',
  });
});
beforeEach(() => {
  seen = [];
});
afterAll(async () => {
  await fixture.stop();
  service.closeAllConnections();
  service.close();
});

/** As fetch would not: the path and the headers go out as they are. */
async function raw(path: string, options: { method?: string; headers?: Record<string, string>; body?: string } = {}) {
  const request = sendRaw(fixture.origin, {
    path,
    agent: false,
    method: options.method ?? 'GET',
    headers: options.headers,
  });
  request.end(options.body);
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return { status: response.statusCode, headers: response.headers, body: await text(response) };
}
const codeOf = (body: string): unknown =>
  (JSON.parse(body) as { errors: { extensions: { code: string } }[] }).errors[0]?.extensions.code;

describe('proxied paths', () => {
  test('pass both ways, body and query included', async () => {
    const answer = await raw('/media/a/b?width=400&x=%2F', {
      method: 'POST',
      body: 'hello',
      headers: { 'x-mine': '1' },
    });
    expect(answer).toMatchObject({
      status: 201,
      body: 'served /media/a/b?width=400&x=%2F',
      headers: { 'x-answer': 'yes' },
    });
    expect(answer.headers['set-cookie']).toEqual(['a=1', 'b=2']);
    expect(seen).toMatchObject([
      { method: 'POST', url: '/media/a/b?width=400&x=%2F', body: 'hello', headers: { 'x-mine': '1' } },
    ]);
  });

  test('take a body that waits to be asked for', async () => {
    const request = sendRaw(fixture.origin, {
      path: '/media/a',
      method: 'POST',
      headers: { expect: '100-continue', 'content-length': 5 },
      agent: false,
    });
    request.once('continue', () => request.end('hello'));
    request.flushHeaders();
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    expect([response.statusCode, await text(response)]).toEqual([201, 'served /media/a']);
    expect(seen).toMatchObject([{ body: 'hello' }]);
  });

  test.each([
    ['with its length', {}],
    ['in chunks', { 'transfer-encoding': 'chunked' }],
  ])('take no body over the limit, %s', async (_what, headers) => {
    const post = (bytes: number) => raw('/media/a', { method: 'POST', headers, body: 'x'.repeat(bytes) });
    expect((await post(1000)).status).toBe(201);
    const refused = await post(1001);
    expect([refused.status, codeOf(refused.body)]).toEqual([413, 'BAD_USER_INPUT']);
    expect(seen.map(({ body }) => body.length)).toEqual([1000]);
  });

  test('carry no cookie that is another service’s', async () => {
    await raw('/media/a', { headers: { cookie: 'a=1; mine=2; theirs=3; theirs2=4' } });
    expect(seen[0]?.headers.cookie).toBe('a=1; mine=2; theirs2=4');
  });

  test('are let go of when the client leaves', async () => {
    const request = sendRaw(fixture.origin, { path: '/media/stuck', agent: false });
    request.on('error', () => undefined); // it is about to be destroyed
    request.end();
    await settle(() => seen.length === 1);
    request.destroy();
    expect(await settle(() => seen[0]?.connection.destroyed, { what: 'the end of the call' })).toBe(true);
  });

  test('a HEAD stays a HEAD', async () => {
    expect(await raw('/media/a', { method: 'HEAD' })).toMatchObject({ status: 201, body: '' });
    expect(seen[0]?.method).toBe('HEAD');
  });

  test('carry nothing that belongs to the connection, and nobody else’s word on who asks', async () => {
    const answer = await raw('/media/a', {
      headers: {
        connection: 'x-hop',
        'x-hop': '1',
        te: 'trailers',
        'proxy-authorization': 'Basic x',
        [VIEWER_HEADER]: 'forged',
        'x-forwarded-for': '203.0.113.66',
        forwarded: 'for=203.0.113.66',
        'x-real-ip': '203.0.113.66',
      },
    });
    expect(answer.headers['x-private']).toBeUndefined();
    const headers = seen[0]?.headers ?? {};
    for (const name of ['x-hop', 'te', 'proxy-authorization', VIEWER_HEADER, 'forwarded', 'x-real-ip']) {
      expect(headers[name], name).toBeUndefined();
    }
    expect(headers['x-forwarded-for']).toBe('127.0.0.1');
    expect(headers.host).not.toBe(new URL(fixture.origin).host);
  });

  test.each([
    '/media/../secret',
    '/media/%2e%2e/secret',
    '/media/.%2E/secret',
    '/media/..%2fsecret',
    '/media/%2e%2e%2fsecret',
    '/media/..%5csecret',
    '/media/..\\secret',
    '//media/x',
    '/MEDIA/x',
    '/mediax',
    '/media',
  ])('%s leads nowhere outside the prefix', async (path) => {
    expect((await raw(path)).status).toBeGreaterThanOrEqual(400);
    expect(seen).toEqual([]);
  });

  test('may name another host, and still reach ours', async () => {
    await raw('http://evil.test/media/x');
    await raw('//evil.test/media/x');
    expect(seen.map(({ url }) => url)).toEqual(['/media/x', '/media/x']);
  });

  test.each(['PUT', 'DELETE', 'PATCH'])('take no %s', async (method) => {
    const answer = await raw('/media/a', { method });
    expect([answer.status, answer.headers.allow]).toEqual([405, 'GET, HEAD, POST']);
    expect(seen).toEqual([]);
  });

  test('are 503 at once when the service keeps failing', async () => {
    const answers = [];
    for (let i = 0; i < 21; i++) answers.push(await raw('/gone/x'));
    const last = answers.at(-1);
    expect([last?.status, codeOf(last?.body ?? ''), last?.headers['retry-after']]).toEqual([
      503,
      'SUBGRAPH_UNAVAILABLE',
      '5',
    ]);
    expect((await raw('/media/a')).status).toBe(201);
  });

  test('are 502 when the service is away, 504 when it does not answer, cut when it cuts', async () => {
    const gone = await raw('/away/x');
    expect([gone.status, codeOf(gone.body)]).toEqual([502, 'SUBGRAPH_UNAVAILABLE']);
    expect(gone.body).not.toMatch(/127\.0\.0\.1|ECONN/);
    const stuck = await raw('/media/stuck');
    expect([stuck.status, codeOf(stuck.body)]).toEqual([504, 'TIMEOUT']);
    await expect(raw('/media/cut')).rejects.toThrow('aborted');
  });
});

describe('GraphiQL', () => {
  test('is the page at /, with a policy that lets nothing foreign in', async () => {
    const { status, headers, body } = await raw('/');
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(headers['cache-control']).toBe('no-cache');
    expect(headers['content-security-policy']).toContain("script-src 'self'");
    const asset = /src="\.(\/assets\/[^"]+\.js)"/.exec(body)?.[1] ?? '';
    const script = await raw(asset);
    expect(script).toMatchObject({
      status: 200,
      headers: { 'content-type': 'text/javascript; charset=utf-8', 'x-content-type-options': 'nosniff' },
    });
    expect(script.headers['cache-control']).toContain('immutable');
  });

  test.each(['/../src/main.ts', '/assets/../../../package.json', '/assets/%2e%2e/%2e%2e/package.json', '/assets/'])(
    'serves no other file: %s',
    async (path) => {
      expect((await raw(path)).status).toBe(404);
    },
  );
});

test('health says what it is', async () => {
  for (const path of ['/health', '/health/ready', '/health/live']) expect((await raw(path)).status).toBe(200);
});

test('readiness does not hang on subgraphs', async () => {
  await fixture.stopSubgraph('people');
  expect((await raw('/health/ready')).status).toBe(200);
  await fixture.startSubgraph('people');
});

test('a path that is none is 404, or 400', async () => {
  expect((await raw('/nothing')).status).toBe(404);
  expect((await raw('http://[')).status).toBe(400);
});

test('production serves no page unless told to', async () => {
  const production = await startFixture({ NODE_ENV: 'production' });
  try {
    expect((await fetch(production.origin)).status).toBe(404);
  } finally {
    await production.stop();
  }
});

test('the trace store is mounted where it is configured, and only there', async () => {
  expect((await raw('/traces')).body).toBe('{"traces":[]}');
  const without = await startFixture({ GRAPHIQL: 'false' });
  try {
    for (const path of ['/traces', '/v1/traces', '/']) {
      expect((await fetch(without.origin + path)).status, path).toBe(404);
    }
  } finally {
    await without.stop();
  }
});

describe('other origins', () => {
  const preflight = (origin: string) =>
    raw('/graphql', { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'POST' } });

  test('on the list may call and read the trace id', async () => {
    const { status, headers } = await preflight('https://app.test');
    expect(status).toBe(204);
    expect(headers['access-control-allow-origin']).toBe('https://app.test');
    expect(headers['access-control-allow-headers']).toContain('authorization');
    expect(headers['access-control-allow-headers']).toContain('x-tenant');
    const answer = await fixture.ask('{ note(id: "n1") { id } }', { headers: { origin: 'https://app.test' } });
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://app.test');
    expect(answer.headers.get('access-control-expose-headers')).toContain('chorus-trace-id');
    expect(answer.headers.get('vary')).toContain('origin');
  });

  test('are told once for ten minutes what they may do, signed in or not', async () => {
    const { headers, body } = await preflight('https://app.test');
    expect(body).toBe('');
    expect(headers).toMatchObject({
      'access-control-allow-methods': 'GET, POST',
      'access-control-allow-credentials': 'true',
      'access-control-max-age': '600',
      vary: 'origin',
    });
    const allowed = headers['access-control-allow-headers']?.split(', ');
    const sent = ['content-type', 'apollo-require-preflight', 'graphql-require-preflight', 'traceparent'];
    expect(allowed).toEqual(expect.arrayContaining(sent));
  });

  test('may read what is refused, too', async () => {
    const headers = { origin: 'https://app.test', 'content-type': 'text/plain' };
    const answer = await raw('/graphql', { method: 'POST', headers, body: '{}' });
    expect(answer.status).toBe(415);
    expect(answer.headers['access-control-allow-origin']).toBe('https://app.test');
  });

  test.each(['https://evil.test', 'https://app.test.evil.test', 'http://app.test', 'https://APP.test', 'null'])(
    'not on it are told nothing: %s',
    async (origin) => {
      const asked = await preflight(origin);
      expect([asked.status, codeOf(asked.body)]).toEqual([405, 'BAD_USER_INPUT']);
      const answer = await fixture.ask('{ note(id: "n1") { id } }', { headers: { origin } });
      for (const headers of [new Headers(asked.headers as Record<string, string>), answer.headers]) {
        expect([...headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
        expect(headers.get('vary')).toContain('origin'); // a cache must not take this answer for theirs
      }
    },
  );

  test('are none where there is no list', async () => {
    const without = await startFixture();
    try {
      const answer = await without.ask('{ note(id: "n1") { id } }', { headers: { origin: 'https://app.test' } });
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
      expect(answer.headers.get('vary')).toBeNull();
    } finally {
      await without.stop();
    }
  });
});

test('draining answers what is under way, and ends', async () => {
  const draining = await startFixture({ SUBGRAPH_TIMEOUT: '10000' });
  const slow = draining.ask('{ stuck }');
  await settle(() => draining.world.stuckAsked());
  const stopped = draining.stopRouter();
  await expect(
    settle(() =>
      fetch(`${draining.origin}/health/live`).then(
        () => false,
        () => true,
      ),
    ),
  ).resolves.toBe(true);
  draining.world.unstick.resolve();
  expect((await slow).data).toEqual({ stuck: 'late' });
  await stopped;
  await draining.stop();
});
