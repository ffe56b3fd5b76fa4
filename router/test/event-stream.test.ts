import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, request as sendRaw } from 'node:http';
import { settle } from '@chorus/kit/testing';
import type { FormattedExecutionResult } from 'graphql';
import { type Client, createClient } from 'graphql-sse';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Fixture, startFixture } from './fixture/router.ts';

const EVENTS = 'subscription { notes { number viewer note { text author { name } } } }';

let fixture: Fixture;
const clients: Client[] = [];
const responses: IncomingMessage[] = [];
const begin = async (): Promise<void> => {
  fixture = await startFixture({
    CORS_ORIGINS: 'https://app.test',
    VIEWER_CONNECTIONS: '3',
    MAX_LIVE_CONNECTIONS: '5',
  });
};
const end = () => fixture.stop();
afterEach(async () => {
  for (const client of clients.splice(0)) client.dispose();
  for (const response of responses.splice(0)) response.destroy();
  await fixture.hangUp();
});

type Events = AsyncIterableIterator<FormattedExecutionResult>;

/** By graphql-sse's own client. */
function connect(headers: Record<string, string> = {}, retryAttempts = 0): Client {
  const client = createClient({ url: fixture.url, headers, retryAttempts, retry: async () => undefined });
  clients.push(client);
  return client;
}
async function subscribe(client: Client, query = EVENTS): Promise<Events> {
  const before = fixture.world.subscribers();
  const events = client.iterate({ query }) as Events;
  await settle(() => fixture.world.subscribers() > before, { what: 'the subscription at the subgraph' });
  return events;
}
const take = async (events: Events) => {
  const { done, value } = await events.next();
  return done === true ? 'complete' : value;
};

/** A request as it is, for what no client would do. */
async function open(
  path: string,
  { method = 'GET', headers = {}, body }: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<IncomingMessage> {
  const request = sendRaw(new URL(path, fixture.url), { method, headers: { accept: 'text/event-stream', ...headers } });
  request.end(body);
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  response.on('error', () => undefined); // some are cut off by the test
  responses.push(response);
  return response;
}
async function textOf(response: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += String(chunk);
  return text;
}
const search = (query: string, more: Record<string, string> = {}) =>
  `/graphql?${new URLSearchParams({ query, ...more }).toString()}`;

describe('an event stream', () => {
  beforeAll(begin);
  afterAll(end);

  test('gives each event, completed by other subgraphs, and ends when the subgraph does', async () => {
    const events = await subscribe(connect({ authorization: `Bearer ${await fixture.token()}` }));
    fixture.world.publish(1);
    expect(await take(events)).toEqual({
      data: { notes: { number: 1, viewer: 'ada', note: { text: 'First', author: { name: 'Ada' } } } },
    });
    fixture.world.publish(2);
    expect(await take(events)).toMatchObject({ data: { notes: { number: 2 } } });
    fixture.world.complete();
    expect(await take(events)).toBe('complete');
  });

  test('is written as the protocols say, uncompressed and uncached', async () => {
    const response = await open(search('query ($id: ID!) { note(id: $id) { text } }', { variables: '{"id":"n1"}' }), {
      headers: { 'accept-encoding': 'gzip, br' },
    });
    expect(response.statusCode).toBe(200);
    expect(response.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
    });
    expect(response.headers['content-encoding']).toBeUndefined();
    expect(await textOf(response)).toBe(
      ':\n\nevent: next\ndata: {"data":{"note":{"text":"First"}}}\n\nevent: complete\ndata:\n\n',
    );
  });

  test('carries queries, and mutations by POST alone', async () => {
    const client = connect({ authorization: `Bearer ${await fixture.token()}` });
    const query = 'mutation ($text: String!) { addNote(text: $text) { text } }';
    const added = client.iterate({ query, variables: { text: 'Live' } }) as Events;
    expect(await take(added)).toEqual({ data: { addNote: { text: 'Live' } } });
    expect(await take(added)).toBe('complete');
    const notes = fixture.world.notes.length;
    const byGet = await open(search('mutation { addNote(text: "By GET") { text } }'));
    expect(await textOf(byGet)).toContain('BAD_USER_INPUT');
    expect(fixture.world.notes).toHaveLength(notes);
  });

  test.each([
    ['{ notes {', 'GRAPHQL_PARSE_FAILED'],
    ['{ nothing }', 'GRAPHQL_VALIDATION_FAILED'],
    [`{ notes { ${'id '.repeat(5000)} } }`, 'OPERATION_TOO_COMPLEX'],
    ['query A { notes { id } } query B { notes { id } }', 'OPERATION_RESOLUTION_FAILURE'],
    ['subscription ($from: Int!) { notes(from: $from) { number } }', 'BAD_USER_INPUT'],
  ])('tells what is wrong with an operation in the stream: %#', async (query, code) => {
    const events = connect().iterate({ query }) as Events;
    expect(await take(events)).toMatchObject({ errors: [{ extensions: { code } }] });
    expect(await take(events)).toBe('complete');
  });

  test('ends with a coded error when the subgraph is lost', async () => {
    const events = await subscribe(connect());
    await fixture.stopSubgraph('live');
    expect(await take(events)).toMatchObject({ errors: [{ extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }] });
    expect(await take(events)).toBe('complete');
    await fixture.startSubgraph('live');
  });

  test('that the client closes ends at the subgraph', async () => {
    const events = await subscribe(connect());
    await events.return?.();
    expect(await settle(() => fixture.world.subscribers() === 0)).toBe(true);
  });

  test('closed before the subgraph has heard of it leaves nothing behind', async () => {
    for (let count = 0; count < 20; count++) (await open(search(EVENTS))).destroy();
    await settle(() => fixture.world.subscribers() === 0);
    const events = await subscribe(connect());
    fixture.world.publish(1);
    expect(await take(events)).toMatchObject({ data: { notes: { number: 1 } } });
    expect(fixture.world.subscribers()).toBe(1);
  });

  test('ends with UNAUTHENTICATED when its token expires', async () => {
    const events = await subscribe(connect({ authorization: `Bearer ${await fixture.token({ lifetime: 2 })}` }));
    expect(await take(events)).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
    expect(await take(events)).toBe('complete');
    await settle(() => fixture.world.subscribers() === 0);
  });

  test('of a client that does not read ends with SLOW_CONSUMER, and the subgraph is rid of it at once', async () => {
    fixture.world.notes.push({ id: 'n9', text: 'x'.repeat(50_000), authorId: 'ada' });
    const response = await open(search(EVENTS));
    await settle(() => fixture.world.subscribers() === 1);
    await once(response, 'readable'); // it flows no further than this
    for (let count = 0; fixture.world.subscribers() === 1; count++) {
      fixture.world.publish(9);
      if (count % 50 === 0) await new Promise(setImmediate);
    }
    const text = await textOf(response);
    expect(text).toContain('SLOW_CONSUMER');
    expect(text.endsWith('event: complete\ndata:\n\n')).toBe(true);
  });
});

test('an event stream breaks off without `complete` when the router drains, so that clients connect again', async () => {
  await begin();
  const raw = await open(search(EVENTS));
  const events = await subscribe(connect());
  const ended = take(events).catch((error: unknown) => error);
  const text = textOf(raw);
  await fixture.stopRouter();
  expect(await text).toMatch(/^:\n\nretry: \d+\n\n$/);
  expect(await ended).toBeInstanceOf(Error); // a network error: with attempts left, the client would try again
  await settle(() => fixture.world.subscribers() === 0);
  await end();
});

describe('is refused by HTTP:', () => {
  beforeAll(begin);
  afterAll(end);

  const ask = { method: 'POST', body: JSON.stringify({ query: EVENTS }) };
  const json = { 'content-type': 'application/json' };
  test.each<[string, number, string, Parameters<typeof open>]>([
    ['a bad token', 401, 'UNAUTHENTICATED', [search(EVENTS), { headers: { authorization: 'Bearer nonsense' } }]],
    ['another method', 405, 'BAD_USER_INPUT', ['/graphql', { method: 'PUT' }]],
    [
      'a body that is no JSON',
      415,
      'BAD_USER_INPUT',
      ['/graphql', { ...ask, headers: { 'content-type': 'text/plain' } }],
    ],
    [
      'files',
      415,
      'BAD_USER_INPUT',
      [
        '/graphql',
        { ...ask, headers: { 'content-type': 'multipart/form-data; boundary=x', 'apollo-require-preflight': '1' } },
      ],
    ],
    ['no operation', 400, 'BAD_USER_INPUT', ['/graphql', {}]],
    ['broken variables', 400, 'BAD_USER_INPUT', [search(EVENTS, { variables: '{' }), {}]],
    ['variables that are a list', 400, 'BAD_USER_INPUT', [search(EVENTS, { variables: '[]' }), {}]],
    [
      'too large a body',
      413,
      'BAD_USER_INPUT',
      ['/graphql', { ...ask, headers: json, body: 'x'.repeat(1024 * 1024 + 1) }],
    ],
    ['a page of another origin', 400, 'BAD_USER_INPUT', [search(EVENTS), { headers: { origin: 'https://evil.test' } }]],
    ['a cross-site load', 400, 'BAD_USER_INPUT', [search(EVENTS), { headers: { 'sec-fetch-site': 'cross-site' } }]],
  ])('%s', async (_what, status, code, args) => {
    const response = await open(...args);
    expect(response.statusCode).toBe(status);
    expect(JSON.parse(await textOf(response))).toMatchObject({ errors: [{ extensions: { code } }] });
    expect(fixture.world.subscribers()).toBe(0);
  });

  test('a fourth stream of one viewer, with 429, until one of the three has ended', async () => {
    const open3 = await Promise.all([1, 2, 3].map(() => open(search(EVENTS))));
    const refused = await open(search(EVENTS));
    expect(refused.statusCode).toBe(429);
    expect(refused.headers['retry-after']).toBe('5');
    expect(JSON.parse(await textOf(refused))).toMatchObject({
      errors: [{ extensions: { code: 'RATE_LIMITED', retryAfter: 5 } }],
    });
    const token = await fixture.token();
    const another = await open(search(EVENTS), { headers: { authorization: `Bearer ${token}` } });
    expect(another.statusCode).toBe(200);
    open3[0]?.destroy();
    await settle(async () => (await open(search(EVENTS))).statusCode === 200);
  });

  test('not a document named by its hash, once that is known', async () => {
    const query = '{ note(id: "n1") { id } }';
    const sha256Hash = createHash('sha256').update(query).digest('hex');
    const extensions = { persistedQuery: { version: 1, sha256Hash } };
    const sent = (query?: string) => connect().iterate({ query: query as string, extensions }) as Events;
    expect(await take(sent())).toMatchObject({ errors: [{ extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }] });
    expect(await take(sent(query))).toEqual({ data: { note: { id: 'n1' } } });
    expect(await take(sent())).toEqual({ data: { note: { id: 'n1' } } });
  });

  test('not a page of an origin that may call, or of our own', async () => {
    const known = await open(search('{ note(id: "n1") { id } }'), { headers: { origin: 'https://app.test' } });
    expect(known.statusCode).toBe(200);
    expect(known.headers['access-control-allow-origin']).toBe('https://app.test');
    known.destroy();
    const pages: Record<string, string>[] = [{ origin: fixture.origin }, { 'sec-fetch-site': 'same-origin' }];
    for (const headers of pages) {
      const own = await open(search('{ note(id: "n1") { id } }'), { headers });
      expect(own.statusCode).toBe(200);
      own.destroy();
    }
  });
});
