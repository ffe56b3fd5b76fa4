/** @defer over HTTP, with a slow service that is a real process. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { type IncomingMessage, request as sendRaw } from 'node:http';
import path from 'node:path';
import { composeServices } from '@apollo/composition';
import { settle } from '@chorus/kit/testing';
import { parse } from 'graphql';
import { createClient } from 'graphql-ws';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Plain, startPlain } from './fixture/plain.ts';

const link = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@key"])';
const quick = `${link} type Query { things: [Thing] } type Mutation { add: Thing } type Subscription { added: Thing }
  type Thing @key(fields: "id") { id: ID! name: String }`;
const slow = `${link} type Thing @key(fields: "id") { id: ID! slow: String sure: String! }`;
const QUERY = '{ things { id ... @defer(label: "later") { slow } } }';
const PARTS = 'multipart/mixed;deferSpec=20220824, application/json';

let plain: Plain;
let process: ChildProcess;
let heard: unknown[];
async function begin(): Promise<void> {
  process = fork(path.join(import.meta.dirname, 'fixture/slow-subgraph.ts'));
  heard = [];
  const [port] = (await once(process, 'message')) as [number];
  process.on('message', (message) => heard.push(message));
  plain = await startPlain({ SUPERGRAPH_POLL_INTERVAL: '50', SUBGRAPH_TIMEOUT: '2000' });
  plain.answersWith({
    data: {
      things: [
        { __typename: 'Thing', id: '1', name: 'one' },
        { __typename: 'Thing', id: '2', name: 'two' },
      ],
    },
  });
  const { supergraphSdl, errors } = composeServices([
    { name: 'quick', url: plain.serviceUrl, typeDefs: parse(quick) },
    { name: 'slow', url: `http://127.0.0.1:${port}/`, typeDefs: parse(slow) },
  ]);
  if (supergraphSdl === undefined) throw new Error(String(errors));
  plain.deploy(supergraphSdl);
  await settle(async () => (await plain.ask('{ __type(name: "Thing") { name } }')).text.includes('"Thing"'));
}
async function end(): Promise<void> {
  await plain.stop();
  if (process.exitCode === null && process.signalCode === null) {
    process.disconnect();
    await once(process, 'exit');
  }
}

/** Sends a query; the body as it has come so far. */
async function open(query: string, accept = PARTS) {
  const request = sendRaw(plain.url, { method: 'POST', headers: { 'content-type': 'application/json', accept } });
  request.on('error', () => undefined); // a test may destroy it
  request.end(JSON.stringify({ query }));
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  response.on('error', () => undefined);
  let body = '';
  response.on('data', (chunk: Buffer) => (body += chunk.toString()));
  return {
    request,
    response,
    body: () => body,
    whole: async () => {
      if (!response.readableEnded) await once(response, 'end');
      return body;
    },
  };
}
const partsOf = (body: string) =>
  body
    .split('\r\n---')
    .slice(1, -1)
    .map((part) => JSON.parse(part.slice(part.indexOf('\r\n\r\n'))) as unknown);
const later = (n: number) => ({ data: { slow: `slow ${n}` }, path: ['things', n - 1], label: 'later' });

describe('while the service holds the rest', () => {
  beforeEach(begin);
  afterEach(end);

  test('the first part arrives while the slow service holds the rest, byte for byte as clients read it', async () => {
    const { response, body, whole } = await open(QUERY);
    expect(response.headers['content-type']).toBe('multipart/mixed; boundary="-"; deferSpec=20220824');
    const head = '\r\ncontent-type: application/json; charset=utf-8\r\n\r\n';
    // A part is known to be whole by the boundary behind it: that has to be there as early.
    const first = `\r\n---${head}{"data":{"things":[{"id":"1"},{"id":"2"}]},"hasNext":true}\r\n---`;
    await settle(() => body() !== '', { what: 'the first part' });
    expect(body()).toBe(first);
    await settle(() => heard.includes('asked'), { what: 'the question to the slow service' });
    expect(body()).toBe(first);
    process.send('release');
    const second = JSON.stringify({ incremental: [later(1), later(2)], hasNext: false });
    expect(await whole()).toBe(`${first}${head}${second}\r\n-----\r\n`);
  });

  test('a client that leaves after the first part takes the call behind the second with it', async () => {
    const { request, body } = await open(QUERY);
    await settle(() => body() !== '' && heard.includes('asked'), { what: 'the first part' });
    request.destroy();
    expect(await settle(() => heard.includes('left'), { what: 'the end of the call' })).toBe(true);
  });

  test('a part that takes too long is null, with a code; so is one whose service dies', async () => {
    const late = partsOf(await (await open(QUERY)).whole());
    const failed = (code: string) => ({
      incremental: [
        { path: ['things', 0], errors: [{ path: ['things', 0, 'slow'], extensions: { code } }] },
        { path: ['things', 1] },
      ],
      hasNext: false,
    });
    expect(late).toMatchObject([{ hasNext: true }, failed('TIMEOUT')]);
    const { body, whole } = await open(QUERY);
    await settle(() => body() !== '' && heard.filter((message) => message === 'asked').length === 2);
    process.kill('SIGKILL');
    expect(partsOf(await whole())).toMatchObject([{ hasNext: true }, failed('SUBGRAPH_UNAVAILABLE')]);
    expect(await whole()).not.toMatch(/ECONN|127\.0\.0\.1/);
  });

  test('a new supergraph waits for the parts of an answer over the old', async () => {
    const { body, whole } = await open(QUERY);
    await settle(() => body() !== '' && heard.includes('asked'), { what: 'the first part' });
    plain.deploy(plain.supergraphSdl);
    await settle(async () => !(await plain.ask('{ __type(name: "Thing") { name } }')).text.includes('"Thing"'));
    process.send('release');
    expect(partsOf(await whole())).toMatchObject([{}, { incremental: [later(1), later(2)] }]);
  });
});

describe('while the service answers at once', () => {
  beforeAll(async () => {
    await begin();
    process.send('release');
  });
  afterAll(end);

  test.each([
    'multipart/mixed;deferSpec=20220824',
    'application/json, multipart/mixed; deferSpec=20220824;q=0.9',
    'application/graphql-response+json, multipart/mixed;deferspec="20220824"',
  ])('parts for %s', async (accept) => {
    const { response, whole } = await open(QUERY, accept);
    expect(response.headers['content-type']).toContain('multipart/mixed');
    expect(partsOf(await whole())).toMatchObject([{ hasNext: true }, { hasNext: false }]);
  });

  test.each([
    'application/json',
    '*/*',
    'application/json, multipart/mixed',
    'application/json, multipart/mixed;deferSpec=20220824;q=0',
  ])('one answer for %s', async (accept) => {
    const { response, whole } = await open(QUERY, accept);
    expect(response.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(JSON.parse(await whole())).toEqual({
      data: {
        things: [
          { id: '1', slow: 'slow 1' },
          { id: '2', slow: 'slow 2' },
        ],
      },
    });
  });

  test('what defers nothing is plain JSON for those who take parts', async () => {
    const { response, whole } = await open('{ things { name ... @defer(if: false) { id } } }');
    expect(response.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(JSON.parse(await whole())).toMatchObject({ data: { things: [{ name: 'one', id: '1' }, {}] } });
  });

  test('an error of a part comes with it, and the null goes no further than the part', async () => {
    const parts = partsOf(await (await open('{ things { id ... @defer { sure } } }')).whole());
    expect(parts[0]).toEqual({ data: { things: [{ id: '1' }, { id: '2' }] }, hasNext: true });
    expect(parts[1]).toMatchObject({
      incremental: [
        { data: { sure: 'sure' }, path: ['things', 0] },
        { data: null, path: ['things', 1], errors: [{ path: ['things', 1, 'sure'] }] },
      ],
    });
  });

  test('over a WebSocket everything is one answer', async () => {
    const client = createClient({ url: plain.url.replace(/^http/, 'ws'), retryAttempts: 0 });
    const results = [];
    for await (const result of client.iterate({ query: QUERY })) results.push(result);
    expect(results).toMatchObject([{ data: { things: [{ slow: 'slow 1' }, { slow: 'slow 2' }] } }]);
    await client.dispose();
  });

  test('introspection knows @defer', async () => {
    const { text } = await plain.ask('{ __schema { directives { name locations args { name } } } }');
    expect(JSON.parse(text)).toMatchObject({
      data: {
        __schema: {
          directives: expect.arrayContaining([
            {
              name: 'defer',
              locations: ['FRAGMENT_SPREAD', 'INLINE_FRAGMENT'],
              args: [{ name: 'label' }, { name: 'if' }],
            },
          ]),
        },
      },
    });
  });

  describe('refused', () => {
    test.each([
      ['a label twice', '{ things { ... @defer(label: "a") { id } ... @defer(label: "a") { name } } }'],
      ['a label by variable', 'query ($l: String) { things { ... @defer(label: $l) { id } } }'],
      ['the root of a mutation', 'mutation { ... @defer { add { id } } }'],
      ['the root of a mutation, by fragment', 'mutation { ...F @defer } fragment F on Mutation { add { id } }'],
      ['a subscription', 'subscription { added { ...F } } fragment F on Thing { ... @defer { id } }'],
      ['a field', '{ things @defer { id } }'],
    ])('%s', async (_what, query) => {
      const { text } = await plain.ask(query);
      expect(JSON.parse(text)).toMatchObject({ errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }] });
    });

    test('but not below the root of a mutation', async () => {
      expect((await plain.ask('mutation { add { ... @defer { id } } }')).text).toContain('"data"');
    });
  });
});
