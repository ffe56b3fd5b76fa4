import type { IncomingHttpHeaders } from 'node:http';
import { createLogger } from '@chorus/kit/logger';
import { anonymous } from '@chorus/kit/viewer';
import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { HttpAnswer } from '../src/gateway/http-client.ts';
import { forwardedLines, noteReturned, retryAfterMs } from '../src/gateway/passed-headers.ts';
import type { OperationContext } from '../src/operation/context.ts';
import { type Plain, startPlain } from './fixture/plain.ts';

describe('between a client and a service', () => {
  let plain: Plain;
  let seen: IncomingHttpHeaders[];
  beforeAll(async () => {
    plain = await startPlain({
      FORWARD_HEADERS: 'x-tenant',
      // The other one is a service that this supergraph has not: its cookie stays here.
      FORWARD_COOKIES: 'constructor=refresh|device, other=secret',
      RETURN_HEADERS: 'constructor=Set-Cookie|RateLimit|Retry-After',
      CORS_ORIGINS: 'https://app.test',
    });
  });
  beforeEach(() => {
    seen = [];
    plain.answers((request, response) => {
      seen.push(request.headers);
      request.resume();
      response.setHeader('set-cookie', ['refresh=r2; HttpOnly; Path=/', 'device=d; Secure']);
      response.setHeader('ratelimit', '"default";r=5;t=30');
      response.setHeader('x-other', 'for the router');
      request.once('end', () => response.end('{"data":{"greeting":"hello"}}'));
    });
  });
  afterAll(() => plain.stop());

  const body = JSON.stringify({ query: '{ greeting }' });
  const form = () => {
    const files = new FormData();
    const query = 'query ($of: Any) { greeting(of: $of) }';
    files.set('operations', JSON.stringify({ query, variables: { of: null } }));
    files.set('map', '{"0":["variables.of"]}');
    files.set('0', new File(['x'], 'x'));
    return files;
  };
  test.each<[string, () => { search?: string; init: RequestInit }]>([
    ['a plain request', () => ({ init: { method: 'POST', body, headers: { 'content-type': 'application/json' } } })],
    ['GET', () => ({ search: '?query={greeting}', init: { headers: { 'apollo-require-preflight': '1' } } })],
    ['files', () => ({ init: { method: 'POST', body: form(), headers: { 'apollo-require-preflight': '1' } } })],
  ])('%s: the headers and cookies that are configured pass, and no others', async (_what, make) => {
    const { search = '', init } = make();
    const cookie = 'a=1; refresh=r1; secret=s; device=d0; refresh2=x';
    const headers = {
      ...(init.headers as Record<string, string>),
      cookie,
      'x-tenant': 't1',
      'x-mine': '1',
      origin: 'https://app.test',
    };
    const answer = await fetch(plain.url + search, { ...init, headers });
    expect(await answer.json()).toEqual({ data: { greeting: 'hello' } });
    expect(answer.headers.getSetCookie()).toEqual(['refresh=r2; HttpOnly; Path=/', 'device=d; Secure']);
    expect(answer.headers.get('ratelimit')).toBe('"default";r=5;t=30');
    expect(answer.headers.get('x-other')).toBeNull();
    // A page of another origin may read it.
    expect(answer.headers.get('access-control-expose-headers')).toContain('ratelimit');
    expect(seen).toMatchObject([{ cookie: 'refresh=r1; device=d0', 'x-tenant': 't1', accept: 'application/json' }]);
    expect(seen[0]).not.toHaveProperty('x-mine');
  });

  test('a header that would break out of its line is the client’s fault, and nothing is sent', async () => {
    const client = createClient({
      url: plain.url.replace(/^http/, 'ws'),
      connectionParams: { 'x-tenant': 'a\r\nx-role: admin' },
      retryAttempts: 0,
    });
    const { value } = await client.iterate({ query: '{ greeting }' }).next();
    expect(value).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
    expect(seen).toEqual([]);
    await client.dispose();
  });
});

const contextOf = (headers = new Map<string, string>()): OperationContext => ({
  viewer: anonymous,
  headers,
  signal: new AbortController().signal,
  logger: createLogger({ service: 'test', level: 'silent' }),
  calls: 0,
});
const answerOf = (headers: Record<string, string>, cookies: string[] = []): HttpAnswer => ({
  status: 200,
  text: '',
  header: (name) => headers[name],
  setCookies: () => cookies,
});

test('of several answers cookies add up, the longest Retry-After counts, and the last of all else', () => {
  const context = contextOf();
  const names = ['set-cookie', 'retry-after', 'ratelimit'];
  noteReturned(answerOf({}), names, context);
  expect(context.returned).toBeUndefined();
  noteReturned(answerOf({ 'retry-after': '9', ratelimit: '1' }, ['a=1']), names, context);
  noteReturned(answerOf({ 'retry-after': '10', ratelimit: '2' }), names, context);
  noteReturned(answerOf({ 'retry-after': '8' }, ['b=2', 'c=3']), names, context);
  expect(Object.fromEntries(context.returned ?? [])).toEqual({
    'set-cookie': ['a=1', 'b=2', 'c=3'],
    'retry-after': '10',
    ratelimit: '2',
  });
});

test('without a cookie to pass there is no line', () => {
  const headers = new Map([['cookie', 'a=1; b; =c; refresh']]);
  expect(forwardedLines(contextOf(headers), ['x-tenant'], ['refresh'])).toBe('');
});

test.each([
  ['120', 120_000],
  ['0', 0],
  ['soon', undefined],
  [undefined, undefined],
  ['Wed, 21 Oct 2015 07:28:00 GMT', 0],
])('Retry-After: %s', (header, expected) => {
  expect(retryAfterMs(header)).toBe(expected);
});
