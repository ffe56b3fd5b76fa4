import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTraceHandler } from '../../src/traces/routes.ts';
import { createTraceStore } from '../../src/traces/store.ts';
import { id, otlpBody } from './otlp-body.ts';

const TRACE = id(32, 0xabc);
const handle = createTraceHandler(createTraceStore());
const server = createServer((request, response) => {
  if (!handle(request, response, new URL(request.url ?? '/', 'http://router'))) response.writeHead(418).end('not mine');
});
let port = 0;

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening');
  port = address.port;
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

async function ask(path: string, init: RequestInit = {}): Promise<{ status: number; headers: Headers; body: string }> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, init);
  return { status: response.status, headers: response.headers, body: await response.text() };
}

const post = (body: BodyInit, headers: Record<string, string> = { 'content-type': 'application/json' }) =>
  ask('/v1/traces', { method: 'POST', body, headers });

const codeOf = (body: string): unknown => {
  const answer = JSON.parse(body) as { errors: { message: string; extensions: { code: string } }[] };
  return answer.errors[0]?.extensions.code;
};

test('spans posted as OTLP JSON can be read as JSON and listed', async () => {
  const sent = await post(JSON.stringify(otlpBody(TRACE, [{ spanId: id(16, 1), name: 'POST /graphql' }], 'router')));
  expect(sent).toMatchObject({ status: 200, body: '{}' });
  const read = await ask(`/traces/${TRACE}`);
  expect(read.headers.get('content-type')).toBe('application/json');
  expect(JSON.parse(read.body)).toMatchObject({
    traceId: TRACE,
    spans: [{ name: 'POST /graphql', service: 'router', startMs: 0 }],
  });
  expect(JSON.parse((await ask('/traces')).body)).toMatchObject({ traces: [{ traceId: TRACE, spanCount: 1 }] });
});

test('a browser gets a page without script or foreign resource, in which hostile names are only text', async () => {
  const hostile = '<script>alert(1)</script>" onmouseover="x';
  const spans = [
    { spanId: id(16, 1), name: hostile, attributes: [{ key: hostile, value: { stringValue: hostile } }] },
    // Parents that go in a circle never reach the root.
    { spanId: id(16, 2), parentSpanId: id(16, 3) },
    { spanId: id(16, 3), parentSpanId: id(16, 2) },
  ];
  await post(JSON.stringify(otlpBody(id(32, 7), spans, hostile)));
  const { status, headers, body } = await ask(`/traces/${id(32, 7)}`, {
    headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' },
  });
  expect(status).toBe(200);
  expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(body).toContain('&#60;script&#62;alert(1)');
  expect(body).not.toMatch(/<script|<link|<img|src=|href=|url\(|" onmouseover/);
});

test('an unknown trace is a coded 404, a wrong method a 405, other paths are left alone', async () => {
  const missing = await ask(`/traces/${id(32, 1)}`);
  expect([missing.status, codeOf(missing.body)]).toEqual([404, 'NOT_FOUND']);
  expect((await ask('/v1/traces')).status).toBe(405);
  expect((await ask('/traces', { method: 'DELETE' })).status).toBe(405);
  for (const path of ['/', '/graphql', '/v1/metrics', '/tracesx', `/traces/${TRACE}/more`])
    expect((await ask(path)).status).toBe(418);
});

test('only well-formed JSON of reasonable size is taken', async () => {
  expect((await post('x', { 'content-type': 'application/x-protobuf' })).status).toBe(415);
  expect((await post('{}', { 'content-type': 'application/json', 'content-encoding': 'gzip' })).status).toBe(415);
  const broken = await post('{"resourceSpans": [');
  expect([broken.status, codeOf(broken.body)]).toEqual([400, 'BAD_USER_INPUT']);
  const shapeless = await post('{"resourceSpans": 7}');
  expect([shapeless.status, codeOf(shapeless.body)]).toEqual([400, 'BAD_USER_INPUT']);
  expect(shapeless.body).toContain('resourceSpans');
});

test('a body over 4 MiB is refused, whether its length is announced or not', async () => {
  const head = 'POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n';
  const raw = async (rest: string) => {
    const socket = connect(port, '127.0.0.1');
    socket.write(head + rest);
    return text(socket);
  };
  expect(await raw(`Content-Length: ${5 * 1024 * 1024}\r\n\r\n`)).toMatch(/^HTTP\/1\.1 413 /);
  const size = 4 * 1024 * 1024 + 1;
  expect(await raw(`Transfer-Encoding: chunked\r\n\r\n${size.toString(16)}\r\n${' '.repeat(size)}\r\n`)).toMatch(
    /^HTTP\/1\.1 413 /,
  );
});
