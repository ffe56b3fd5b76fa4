import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { json } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { startStandIns } from './fixtures/stand-ins.ts';

interface OtlpSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  attributes: { key: string; value: { stringValue?: string } }[];
}
interface OtlpExport {
  resourceSpans: { resource: { attributes: unknown[] }; scopeSpans: { spans: OtlpSpan[] }[] }[];
}

async function startReceiver() {
  const exports: OtlpExport[] = [];
  const types = new Set<string | undefined>();
  const server = createServer((request, response) => {
    types.add(request.headers['content-type']);
    void json(request).then((body) => {
      exports.push(body as OtlpExport);
      response.end('{}');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening');
  return {
    url: `http://127.0.0.1:${address.port}`,
    types,
    resources: () => exports.flatMap((body) => body.resourceSpans.map((one) => one.resource.attributes)),
    spans: () =>
      exports.flatMap((body) => body.resourceSpans.flatMap((one) => one.scopeSpans.flatMap((scope) => scope.spans))),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Starts the fixture service with telemetry, asks it, ends it gracefully; answers what it said last. */
async function askService<T>(
  env: Record<string, string>,
  ask: (url: string) => Promise<T>,
): Promise<{ answer: T; lastWord: string }> {
  await using standIns = await startStandIns();
  const child: ChildProcessByStdio<Writable, Readable, null> = spawn(
    process.execPath,
    [
      '--import',
      new URL('../../src/telemetry/register.ts', import.meta.url).href,
      new URL('fixtures/service.ts', import.meta.url).pathname,
      String(standIns.redisPort),
      String(standIns.postgresPort),
    ],
    { env, stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const exited = once(child, 'exit');
  try {
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
    const port = await lines.next();
    const answer = await ask(`http://127.0.0.1:${port.value ?? ''}`);
    child.stdin.end();
    const last = await lines.next();
    await exited;
    return { answer, lastWord: last.value ?? '' };
  } finally {
    child.kill('SIGKILL');
  }
}

const getJson = async (url: string): Promise<unknown> => (await fetch(url)).json();

test('one connected trace from the first request to SQL and Redis arrives as OTLP JSON', async () => {
  await using receiver = await startReceiver();
  const { answer, lastWord } = await askService(
    { OTEL_SERVICE_NAME: 'fixture', OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url },
    async (url) => {
      return getJson(`${url}/gateway?secret=s3cret`);
    },
  );
  expect(lastWord).toBe('delivered true');
  expect(answer).toMatchObject({ result: { data: { posts: [{ id: '1', author: { id: '1' } }, {}, {}] } } });

  const spans = receiver.spans();
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  const ancestry = (span: OtlpSpan): string => {
    const parent = span.parentSpanId === undefined ? undefined : byId.get(span.parentSpanId);
    return parent === undefined ? span.name : `${ancestry(parent)} > ${span.name}`;
  };
  const root = 'GET > POST > POST /graphql';
  expect(spans.map(ancestry).toSorted()).toEqual([
    'GET',
    'GET > POST',
    root,
    `${root} > graphql.parse`,
    `${root} > graphql.validate`,
    `${root} > query`,
    `${root} > query > resolve Query.posts`,
    `${root} > query > resolve Query.posts > pg.query:SELECT stand_in`,
    `${root} > query > resolve Query.posts > resolve Post.author`,
    `${root} > query > resolve Query.posts > resolve Post.author > loader authorById`,
    `${root} > query > resolve Query.posts > resolve Post.author > loader authorById > pg.query:SELECT stand_in`,
    `${root} > query > resolve Query.posts > set`,
  ]);
  expect(new Set(spans.map((span) => span.traceId))).toEqual(new Set([(answer as { traceId: string }).traceId]));
  expect(receiver.types).toEqual(new Set(['application/json']));
  expect(receiver.resources()[0]).toContainEqual({ key: 'service.name', value: { stringValue: 'fixture' } });

  const everything = JSON.stringify(spans);
  expect(everything).toContain('SELECT id FROM post WHERE owner = $1');
  expect(everything).not.toMatch(/s3cret|secret value/);
});

test('without an endpoint nothing is recorded, and a trace id is still there', async () => {
  const { answer, lastWord } = await askService({ OTEL_SERVICE_NAME: 'fixture' }, (url) => getJson(`${url}/gateway`));
  expect(lastWord).toBe('delivered true');
  expect(answer).toMatchObject({ traceId: expect.stringMatching(/^[0-9a-f]{32}$/) });
});

test('a collector that is away harms nothing but the spans', async () => {
  const receiver = await startReceiver();
  await receiver[Symbol.asyncDispose]();
  const { answer, lastWord } = await askService({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url }, (url) =>
    getJson(`${url}/gateway`),
  );
  expect(answer).toMatchObject({ result: { data: {} } });
  expect(lastWord).toBe('delivered false');
});
