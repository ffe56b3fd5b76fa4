import type { IncomingHttpHeaders } from 'node:http';
import { json, text } from 'node:stream/consumers';
import { VIEWER_HEADER } from '@chorus/kit/viewer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Plain, startPlain } from './fixture/plain.ts';

let plain: Plain;
beforeAll(async () => {
  plain = await startPlain({ FORWARD_HEADERS: 'Authorization,X-Tenant', SUBGRAPH_TIMEOUT: '500' });
});
afterAll(() => plain.stop());

/** What the client gets when the service answers so. */
const shown = async (body: unknown, status?: number) => {
  plain.answersWith(body, status);
  const { text } = await plain.ask('{ greeting }');
  const { data, errors = [] } = JSON.parse(text) as {
    data?: unknown;
    errors?: { message: string; path?: unknown; extensions: Record<string, unknown> }[];
  };
  return { data, codes: errors.map(({ extensions }) => extensions['code']), errors, text };
};

test('a service gets the headers on the list and no other, and what its errors say is between it and the client', async () => {
  const seen: IncomingHttpHeaders[] = [];
  plain.answers((request, response) => {
    seen.push(request.headers);
    request.resume();
    response.end('{"data":{"greeting":"hello"}}');
  });
  const sent = { authorization: 'Bearer anything', 'x-tenant': 't1', cookie: 'a=1', 'x-other': '1' };
  const { status, text } = await plain.ask('{ greeting }', { ...sent, [VIEWER_HEADER]: 'forged' });
  expect([status, text.trim()]).toEqual([200, '{"data":{"greeting":"hello"}}']);
  expect(seen).toHaveLength(1);
  expect(seen[0]).toMatchObject({ authorization: 'Bearer anything', 'x-tenant': 't1' });
  for (const name of ['cookie', 'x-other', VIEWER_HEADER]) expect(seen[0], name).not.toHaveProperty([name]);
});

test('its refusal of the client is the client’s to see', async () => {
  const refusal = { message: 'Sign in first.', path: ['greeting'], extensions: { code: 'UNAUTHENTICATED' } };
  expect((await shown({ data: { greeting: null }, errors: [refusal] })).errors).toEqual([refusal]);
  expect((await shown({ errors: [refusal] }, 401)).errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
});

describe('nothing internal is told when a service', () => {
  const secret = 'connect ECONNREFUSED 10.0.0.1:5432';
  test.each<[string, unknown, number | undefined, string]>([
    ['fails without a code', { errors: [{ message: secret, path: ['greeting'] }] }, 200, 'INTERNAL'],
    ['fails without a path', { errors: [{ message: secret }] }, 200, 'INTERNAL'],
    ['fails with a code of its own', { errors: [{ message: secret, extensions: { code: 'E17' } }] }, 200, 'INTERNAL'],
    [
      'fails with a stack',
      { errors: [{ message: 'x', extensions: { code: 'INTERNAL_SERVER_ERROR', stacktrace: [secret] } }] },
      500,
      'INTERNAL',
    ],
    ['answers a page of a proxy', `<html>${secret}</html>`, 502, 'SUBGRAPH_UNAVAILABLE'],
    ['answers other JSON', { status: secret }, 200, 'INTERNAL'],
    ['answers JSON that is no object', '7', 200, 'SUBGRAPH_UNAVAILABLE'],
  ])('%s', async (_what, body, status, code) => {
    const answer = await shown(body, status);
    expect(answer.codes).toEqual([code]);
    expect(answer.text).not.toMatch(/10\.0\.0\.1|ECONN|serviceName|stack|127\.0\.0\.1/);
  });

  test('sends elsewhere', async () => {
    let followed = false;
    plain.answers((request, response) => {
      request.resume();
      if (request.url === '/elsewhere') followed = true;
      response.writeHead(307, { location: '/elsewhere' }).end();
    });
    expect((await plain.ask('{ greeting }')).text).toContain('SUBGRAPH_UNAVAILABLE');
    expect(followed).toBe(false);
  });

  test('never answers', async () => {
    plain.answers((request) => request.resume());
    expect((await plain.ask('{ greeting }')).text).toContain('"TIMEOUT"');
  });

  test('stops in the middle of its answer', async () => {
    plain.answers((request, response) => {
      request.resume();
      response.write('{"data":');
    });
    expect((await plain.ask('{ greeting }')).text).toContain('"TIMEOUT"');
  });
});

test('variables pass as they are, whatever their keys are called', async () => {
  let variables: unknown;
  plain.answers((request, response) => {
    void json(request).then((body) => {
      ({ variables } = body as { variables: unknown });
      response.end('{"data":{"greeting":null}}');
    });
  });
  const of = JSON.parse('{"__proto__":{"a":1},"constructor":{"prototype":[2]}}') as unknown;
  await plain.ask('query ($of: Any) { greeting(of: $of) }', {}, { of });
  expect(JSON.stringify(variables)).toBe(JSON.stringify({ of }));
  expect(({} as Record<string, unknown>)['a']).toBeUndefined();
});

describe('what is nested deeper than a stack can follow is the client’s fault:', () => {
  const nested = (open: string, close: string, depth: number) => open.repeat(depth) + close.repeat(depth);
  const deep = nested('[', ']', 100_000);
  test.each([
    ['lists', `{ greeting(of: ${nested('[', ']', 2400)}) }`, '{}'],
    ['objects', `{ greeting(of: ${'{a:'.repeat(1600)}1${'}'.repeat(1600)}) }`, '{}'],
    ['selections', `{ ${'greeting {'.repeat(2400)} a ${'}'.repeat(2400)} }`, '{}'],
    ['lists in variables', 'query ($x: Any) { greeting(of: $x) }', `{"x":${deep}}`],
    [
      'objects in variables',
      'query ($x: Any) { greeting(of: $x) }',
      `{"x":${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}}`,
    ],
    ['variables of nobody', '{ greeting }', `{"y":${deep}}`],
  ])('%s', async (_what, query, variables) => {
    plain.answersWith({ data: { greeting: 'hi' } });
    const response = await fetch(plain.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: `{"query":${JSON.stringify(query)},"variables":${variables}}`,
    });
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'OPERATION_TOO_COMPLEX' } }] });
  });

  test('two hundred levels pass', async () => {
    plain.answersWith({ data: { greeting: 'hi' } });
    const x = JSON.parse(nested('[', ']', 199)) as unknown;
    const { text } = await plain.ask('query ($x: Any) { greeting(of: $x) }', {}, { x });
    expect(JSON.parse(text)).toEqual({ data: { greeting: 'hi' } });
  });
});

test('files go on in the order in which they come, however the operation names them', async () => {
  plain.answers((request, response) => {
    void text(request).then((body) => {
      const order = Array.from(body.matchAll(/filename="(\w+)"/g), ([, name]) => name).join(' ');
      response.end(JSON.stringify({ data: { greeting: `${order} ${body.length > 600_000}` } }));
    });
  });
  const form = new FormData();
  const query = 'query ($a: Any, $b: Any) { greeting(of: [$a, $b]) }';
  form.set('operations', JSON.stringify({ query, variables: { a: null, b: null } }));
  form.set('map', JSON.stringify({ 0: ['variables.b'], 1: ['variables.a'] }));
  // Each is larger than what is read ahead of it.
  form.set('0', new File(['x'.repeat(300_000)], 'b'));
  form.set('1', new File(['x'.repeat(300_000)], 'a'));
  const headers = { 'apollo-require-preflight': '1' };
  const response = await fetch(plain.url, { method: 'POST', headers, body: form });
  expect(await response.json()).toEqual({ data: { greeting: 'b a true' } });
});
