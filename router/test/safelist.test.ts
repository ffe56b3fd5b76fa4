import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ConfigError } from '@chorus/kit/config';
import { createLogger } from '@chorus/kit/logger';
import * as sdk from '@chorus/sdk';
import { getIntrospectionQuery, parse, print } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadConfig } from '../src/config.ts';
import { startRouter } from '../src/context.ts';
import { readSafelist } from '../src/operation/safelist.ts';
import { type Fixture, startFixture } from './fixture/router.ts';

const NOTE = 'query Note($id: ID!) {\n  note(id: $id) {\n    ...Words\n  }\n}\n\nfragment Words on Note {\n  text\n}';
const ADD = 'mutation Add {\n  addNote(text: "x") {\n    id\n  }\n}';
const LIVE = 'subscription Live {\n  notes {\n    number\n  }\n}';
const STALE = 'query Stale {\n  gone\n}';
const variables = { id: 'n1' };
const FIRST = { data: { note: { text: 'First' } } };

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const operation = (body: string) => ({ id: sha256(body), body, name: 'N', type: 'query' });
const manifestOf = (...operations: object[]) => ({ format: 'apollo-persisted-query-manifest', version: 1, operations });
const persisted = (sha256Hash: string) => ({ extensions: { persistedQuery: { version: 1, sha256Hash } } });

const dir = mkdtempSync(path.join(tmpdir(), 'chorus-safelist-'));
const write = (content: unknown): string => {
  const file = path.join(dir, 'manifest.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
};

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture({ SAFELIST_PATH: write(manifestOf(...[NOTE, ADD, LIVE, STALE].map(operation))) });
});
afterAll(async () => {
  await fixture.stop();
  rmSync(dir, { recursive: true });
});

const post = (body: object, accept = 'application/graphql-response+json') =>
  fixture.send({ headers: { 'content-type': 'application/json', accept }, body: JSON.stringify(body) });
const FORBIDDEN = { errors: [{ extensions: { code: 'FORBIDDEN' } }] };

describe('what is on the list runs', () => {
  test('by its hash, from the first request on, by POST and GET', async () => {
    expect((await post({ variables, ...persisted(sha256(NOTE)) })).body).toEqual(FIRST);
    const search = new URLSearchParams({
      variables: JSON.stringify(variables),
      extensions: JSON.stringify(persisted(sha256(NOTE)).extensions),
    });
    const init = { method: 'GET', headers: { 'apollo-require-preflight': '1' } };
    expect((await fixture.send(init, `${fixture.url}?${search}`)).body).toEqual(FIRST);
  });

  test.each([
    ['as it is', NOTE],
    ['with other spaces, commas and comments', `# hello\n${NOTE.replaceAll('\n', ' ,')}`],
    [
      'with its definitions in another order',
      print({ ...parse(NOTE), definitions: parse(NOTE).definitions.toReversed() }),
    ],
  ])('by its text, %s', async (_what, query) => {
    expect((await post({ query, variables })).body).toEqual(FIRST);
    expect((await post({ query, variables, ...persisted(sha256(query)) })).body).toEqual(FIRST);
  });

  test('over a WebSocket, both ways', async () => {
    const { client } = fixture.connect();
    for (const request of [{ query: NOTE }, { query: '', ...persisted(sha256(NOTE)) }]) {
      expect((await client.iterate({ ...request, variables }).next()).value).toEqual(FIRST);
    }
    const events = client.iterate({ query: '', ...persisted(sha256(LIVE)) });
    const next = events.next();
    await expect.poll(() => fixture.world.subscribers()).toBe(1);
    fixture.world.publish(7);
    expect((await next).value).toEqual({ data: { notes: { number: 7 } } });
    await events.return?.();
  });

  test('unless it does not fit the schema any more', async () => {
    const answer = await post({ query: STALE });
    expect(answer.body).toMatchObject({ errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }] });
  });
});

describe('nothing else does:', () => {
  test.each([
    ['another text', { query: '{ notes { id } }' }],
    ['one field more', { query: NOTE.replace('text', 'text id'), variables }],
    ['one operation more', { query: `${NOTE} ${ADD}`, operationName: 'Note', variables }],
    ['introspection', { query: getIntrospectionQuery() }],
    ['__typename alone', { query: '{ __typename }' }],
    ['an unknown hash', persisted(sha256('{ notes { id } }'))],
    ['an unknown hash and its text', { query: '{ notes { id } }', ...persisted(sha256('{ notes { id } }')) }],
  ])('%s', async (_what, body) => {
    for (const accept of ['application/json', 'application/graphql-response+json']) {
      const answer = await post(body, accept);
      expect(answer.status).toBe(403);
      expect(answer.body).toMatchObject(FORBIDDEN);
    }
    const { client, closed } = fixture.connect();
    await expect(client.iterate({ query: '', ...body }).next()).rejects.toMatchObject(FORBIDDEN.errors);
    client.terminate();
    await closed;
  });

  test('a known hash with another text', async () => {
    const answer = await post({ query: '{ notes { id } }', ...persisted(sha256(NOTE)) });
    expect(answer.body).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
  });
});

describe('a manifest that is broken ends the start:', () => {
  test.each([
    ['not there', null, 'ENOENT'],
    ['no JSON', '{', 'JSON'],
    ['no manifest', {}, 'format'],
    ['of another format', { ...manifestOf(), format: 'relay' }, 'format'],
    ['of another version', { ...manifestOf(), version: 2 }, 'version'],
    ['an operation without a body', manifestOf({ ...operation(NOTE), body: undefined }), 'operations.0.body'],
    ['a hash of something else', manifestOf({ ...operation(NOTE), body: ADD }), 'SHA-256'],
    ['no GraphQL', manifestOf(operation('query {')), 'no GraphQL'],
  ])('%s', async (_what, content, why) => {
    const file = content === null ? path.join(dir, 'nothing.json') : write(content);
    const config = loadConfig({ PORT: '0', SUPERGRAPH_PATH: 'not read before', SAFELIST_PATH: file });
    const starting = startRouter(config, createLogger({ service: 'test', level: 'silent' }));
    await expect(starting).rejects.toThrow(ConfigError);
    await expect(starting).rejects.toThrow(new RegExp(`SAFELIST_PATH: .*${why}`, 's'));
  });
});

test('codegen makes one of the operations of the SDK, with the very documents that it sends', async () => {
  const here = path.join(import.meta.dirname, '../../clients/sdk');
  const safelist = await readSafelist(path.join(here, 'persisted-queries.json'));
  const documents = Object.entries(sdk).filter(([name]) => name.endsWith('Document'));
  expect(documents.length).toBeGreaterThan(20);
  for (const [name, document] of documents) {
    expect(safelist.byContent(parse(String(document))), name).toBeDefined();
  }
  const manifest = JSON.parse(readFileSync(path.join(here, 'persisted-queries.json'), 'utf8')) as {
    operations: object[];
  };
  expect(manifest.operations).toHaveLength(documents.length);
});
