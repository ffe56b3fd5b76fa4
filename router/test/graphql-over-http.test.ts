import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, request as sendRaw } from 'node:http';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Fixture, startFixture } from './fixture/router.ts';

const JSON_TYPE = 'application/json';
const RESPONSE_TYPE = 'application/graphql-response+json';
const QUERY = '{ note(id: "n1") { text } }';
const NOTE = { data: { note: { text: 'First' } } };
const MUTATION = 'mutation { addNote(text: "x") { id } }';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture({ MAX_BODY_BYTES: '4096' });
});
afterAll(() => fixture.stop());

interface Sent {
  method?: string;
  search?: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
}
/** As fetch would not: nothing is sent but what the test says. */
async function send({ method = 'POST', search = '', headers = {}, body }: Sent) {
  const request = sendRaw(fixture.url + search, { method, headers, agent: false });
  request.end(body);
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  const { statusCode: status, headers: answered } = response;
  return {
    status,
    headers: answered,
    type: answered['content-type'],
    body: JSON.parse(await text(response)) as unknown,
  };
}
const post = (body: unknown, headers: Record<string, string> = {}) =>
  send({ headers: { 'content-type': JSON_TYPE, ...headers }, body: JSON.stringify(body) });
const get = (parameters: Record<string, string>, headers: Record<string, string> = {}) =>
  send({ method: 'GET', search: `?${new URLSearchParams(parameters)}`, headers });
const PREFLIGHTED = { 'apollo-require-preflight': '1' };
const coded = (code: string) => ({ errors: [{ message: expect.any(String), extensions: { code } }] });

describe('the audit of graphql-http', () => {
  /** GET needs a header that no other site can send; the audit sends none. */
  const audits = serverAudits({
    url: () => fixture.url,
    fetchFn: (url: string, init: RequestInit = {}) => {
      const headers = new Headers(init.headers);
      if (init.method !== 'POST') headers.set('apollo-require-preflight', '1');
      return fetch(url, { ...init, headers });
    },
  });

  test('has what it had when this was written', () => {
    expect(audits.length).toBeGreaterThanOrEqual(60);
  });

  test.each(audits)('$id $name', async ({ fn }) => {
    const result = await fn();
    expect(result.status, 'reason' in result ? result.reason : '').toBe('ok');
  });
});

describe('the type of an answer is the one that the client likes best:', () => {
  test.each([
    [undefined, JSON_TYPE],
    ['*/*', JSON_TYPE],
    ['application/*', JSON_TYPE],
    [JSON_TYPE, JSON_TYPE],
    ['Application/JSON;charset=UTF-8', JSON_TYPE],
    [RESPONSE_TYPE, RESPONSE_TYPE],
    [`${RESPONSE_TYPE}; charset=utf-8, ${JSON_TYPE}; charset=utf-8`, RESPONSE_TYPE],
    [`${JSON_TYPE}, ${RESPONSE_TYPE}`, JSON_TYPE],
    [`${JSON_TYPE};q=0.5, ${RESPONSE_TYPE};q=0.9`, RESPONSE_TYPE],
    [`${RESPONSE_TYPE};q=0.5, */*;q=0.1`, RESPONSE_TYPE],
    [`${RESPONSE_TYPE};q=0, */*`, JSON_TYPE],
    [`${JSON_TYPE};q=0, */*`, RESPONSE_TYPE],
    [`text/html, ${JSON_TYPE};q=0.1`, JSON_TYPE],
    [`multipart/mixed;deferSpec=20220824, ${JSON_TYPE}`, JSON_TYPE],
  ])('%s', async (accept, type) => {
    const answer = await post({ query: QUERY }, accept === undefined ? {} : { accept });
    expect([answer.status, answer.type, answer.body]).toEqual([200, `${type}; charset=utf-8`, NOTE]);
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  test.each(['text/html', `${JSON_TYPE};q=0`, `${JSON_TYPE}; charset=utf-16`, 'nonsense'])(
    'none for %s: 406',
    async (accept) => {
      const answer = await post({ query: MUTATION }, { accept });
      expect([answer.status, answer.type]).toEqual([406, `${JSON_TYPE}; charset=utf-8`]);
      expect(answer.body).toMatchObject(coded('BAD_USER_INPUT'));
      expect(fixture.world.notes).toHaveLength(3);
    },
  );
});

describe('what is wrong with an operation is 200 in plain JSON and 400 in GraphQL’s own type, without data:', () => {
  test.each([
    ['no GraphQL', { query: '{ notes {' }, 'GRAPHQL_PARSE_FAILED'],
    ['no such field', { query: '{ nothing }' }, 'GRAPHQL_VALIDATION_FAILED'],
    ['no such operation', { query: 'query A { __typename }', operationName: 'B' }, 'OPERATION_RESOLUTION_FAILURE'],
    ['which operation', { query: 'query A { __typename } query B { __typename }' }, 'OPERATION_RESOLUTION_FAILURE'],
    ['no operation', { query: 'fragment f on Query { __typename }' }, 'GRAPHQL_VALIDATION_FAILED'],
    ['variables', { query: 'query ($id: ID!) { note(id: $id) { text } }', variables: { id: [] } }, 'BAD_USER_INPUT'],
    ['missing variables', { query: 'query ($id: ID!) { note(id: $id) { text } }' }, 'BAD_USER_INPUT'],
    ['a subscription', { query: 'subscription { notes { number } }' }, 'BAD_USER_INPUT'],
    ['an unknown hash', persisted('{ unknown }'), 'PERSISTED_QUERY_NOT_FOUND'],
    ['another hash', { query: QUERY, ...persisted('{ other }') }, 'BAD_USER_INPUT'],
    ['an extension that is none', { query: QUERY, extensions: { persistedQuery: { version: 2 } } }, 'BAD_USER_INPUT'],
  ])('%s', async (_what, body, code) => {
    for (const [accept, status] of [[JSON_TYPE, 200] as const, [RESPONSE_TYPE, 400] as const]) {
      const answer = await post(body, { accept });
      expect([answer.status, answer.type]).toEqual([status, `${accept}; charset=utf-8`]);
      expect(answer.body).toMatchObject({ errors: [{ extensions: { code } }] });
      expect(answer.body).not.toHaveProperty('data');
    }
  });
});

test('what went wrong while it ran is 200 in both, with data', async () => {
  for (const accept of [JSON_TYPE, RESPONSE_TYPE]) {
    const answer = await post({ query: '{ broken }' }, { accept });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ data: { broken: null }, ...coded('INTERNAL') });
  }
});

describe('what is no request of GraphQL over HTTP', () => {
  const json = { 'content-type': JSON_TYPE };
  const gzip = gzipSync(JSON.stringify({ query: QUERY }));
  test.each<[string, Sent, number]>([
    ['no JSON', { headers: json, body: '{' }, 400],
    ['no body', { headers: json }, 400],
    ['no object', { headers: json, body: '"text"' }, 400],
    ['a batch', { headers: json, body: JSON.stringify([{ query: QUERY }]) }, 400],
    ['no query', { headers: json, body: '{"variables":{}}' }, 400],
    ['an empty query', { headers: json, body: '{"query":""}' }, 400],
    ['a query twice', { method: 'GET', search: '?query={a}&query={b}', headers: PREFLIGHTED }, 400],
    ['no JSON in the path', { method: 'GET', search: '?query={a}&variables={', headers: PREFLIGHTED }, 400],
    ['no type', { body: JSON.stringify({ query: QUERY }) }, 415],
    ['the type of a form', { headers: { 'content-type': 'text/plain' }, body: JSON.stringify({ query: QUERY }) }, 415],
    ['a form, even a safe one', { headers: { ...PREFLIGHTED, 'content-type': 'text/plain' }, body: '{}' }, 415],
    ['a type like JSON', { headers: { 'content-type': 'application/jsonp' }, body: '{}' }, 415],
    ['GraphQL alone', { headers: { 'content-type': 'application/graphql' }, body: QUERY }, 415],
    ['another charset', { headers: { 'content-type': `${JSON_TYPE}; charset=utf-16` }, body: '{}' }, 415],
    ['a compressed body', { headers: { ...json, 'content-encoding': 'gzip' }, body: gzip }, 415],
    ['a large body', { headers: json, body: JSON.stringify({ query: `${QUERY} #${'x'.repeat(4096)}` }) }, 413],
    ['PUT', { method: 'PUT', headers: json, body: '{}' }, 405],
    ['DELETE', { method: 'DELETE', headers: json }, 405],
    ['OPTIONS of nobody', { method: 'OPTIONS' }, 405],
  ])('%s', async (_what, sent, status) => {
    const { headers, ...answer } = await send(sent);
    expect(answer).toMatchObject({ status, body: coded('BAD_USER_INPUT') });
    expect(headers.allow).toBe(status === 405 ? 'GET, POST' : undefined);
    const preferring = await send({ ...sent, headers: { ...sent.headers, accept: RESPONSE_TYPE } });
    expect([preferring.status, preferring.type]).toEqual([status, `${RESPONSE_TYPE}; charset=utf-8`]);
  });
});

test('the charset may be named, in any case and quoted', async () => {
  for (const charset of ['utf-8', 'UTF-8', '"utf-8"', 'utf8']) {
    const answer = await post({ query: QUERY }, { 'content-type': `${JSON_TYPE};charset=${charset}` });
    expect([answer.status, answer.body]).toEqual([200, NOTE]);
  }
});

describe('by GET', () => {
  test('queries go, with variables and by hash, and nothing else', async () => {
    const query = 'query A($id: ID!) { note(id: $id) { text } } mutation M { addNote(text: "x") { id } }';
    const asked = await get({ query, operationName: 'A', variables: '{"id":"n1"}' }, PREFLIGHTED);
    expect([asked.status, asked.body]).toEqual([200, NOTE]);
    for (const name of [JSON_TYPE, RESPONSE_TYPE]) {
      const refused = await get({ query, operationName: 'M' }, { ...PREFLIGHTED, accept: name });
      expect([refused.status, refused.headers.allow]).toEqual([405, 'POST']);
    }
    const { extensions } = persisted(QUERY);
    const byHash = { extensions: JSON.stringify(extensions) };
    expect((await get({ ...byHash, query: QUERY }, PREFLIGHTED)).body).toEqual(NOTE);
    expect((await get(byHash, PREFLIGHTED)).body).toEqual(NOTE);
    expect(fixture.world.notes).toHaveLength(3);
  });
});

describe('a request that a page of another site could send is refused:', () => {
  const multipart = (headers: Record<string, string> = {}) => {
    const field = (name: string, value: string) =>
      `--b\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
    return send({
      headers: { 'content-type': 'multipart/form-data; boundary=b', ...headers },
      body: `${field('operations', JSON.stringify({ query: QUERY }))}${field('map', '{}')}--b--\r\n`,
    });
  };

  test('a link', async () => {
    expect((await get({ query: QUERY })).status).toBe(400);
    expect((await get({ query: QUERY }, { 'content-type': 'text/plain' })).status).toBe(400);
    expect((await get({ query: QUERY }, { 'apollo-require-preflight': '' })).status).toBe(400);
  });

  test('a form', async () => {
    expect((await multipart()).status).toBe(400);
  });

  test.each(['apollo-require-preflight', 'x-apollo-operation-name', 'graphql-require-preflight'])(
    'not with %s, which the browser asks us about first',
    async (name) => {
      expect((await get({ query: QUERY }, { [name]: '1' })).body).toEqual(NOTE);
      expect((await multipart({ [name]: '1' })).body).toEqual(NOTE);
    },
  );

  test('nor with the type of JSON', async () => {
    expect((await get({ query: QUERY }, { 'content-type': JSON_TYPE })).body).toEqual(NOTE);
  });
});

function persisted(query: string) {
  const sha256Hash = createHash('sha256').update(query).digest('hex');
  return { extensions: { persistedQuery: { version: 1, sha256Hash } } };
}

describe('a document named by its hash', () => {
  test('is found once it was sent along, and no other', async () => {
    const query = '{ note(id: "n3") { text } }';
    const hash = persisted(query);
    expect((await post(hash)).body).toEqual({
      errors: [{ message: 'PersistedQueryNotFound', extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }],
    });
    const known = { data: { note: { text: 'Third' } } };
    expect((await post({ query, ...hash })).body).toEqual(known);
    expect((await post(hash)).body).toEqual(known);
    expect((await post({ query: '{ __typename }', ...hash })).body).toMatchObject(coded('BAD_USER_INPUT'));
    expect((await post(hash)).body).toEqual(known);
  });

  test('is not kept when it is not valid', async () => {
    const hash = persisted('{ nothing }');
    await post({ query: '{ nothing }', ...hash });
    expect((await post(hash)).body).toMatchObject(coded('PERSISTED_QUERY_NOT_FOUND'));
  });

  test('is found over a WebSocket too', async () => {
    await post({ query: QUERY, ...persisted(QUERY) });
    const { client } = fixture.connect();
    const { value } = await client.iterate({ query: '', ...persisted(QUERY) }).next();
    expect(value).toEqual(NOTE);
  });
});
