/** A plain request is executed at once, everything else by way of Apollo Server: no client may be able to tell. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Fixture, startFixture } from './fixture/router.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture({ SUBGRAPH_TIMEOUT: '500' });
});
afterAll(() => fixture.stop());

const RESPONSE_TYPE = 'application/graphql-response+json';
const operations: [what: string, body: Record<string, unknown>][] = [
  ['a query', { query: '{ notes { id text author { name } } }' }],
  ['variables', { query: 'query ($id: ID!) { note(id: $id) { text } }', variables: { id: 'n2' } }],
  ['a null', { query: '{ note(id: "nowhere") { text } }' }],
  ['one operation of two', { query: 'query A { notes { id } } query B { notes { text } }', operationName: 'B' }],
  ['introspection', { query: '{ __type(name: "Note") { name fields { name } } }' }],
  ['__typename', { query: '{ __typename }' }],
  ['a refusal by a subgraph', { query: 'mutation { addNote(text: "No") { id } }' }],
  ['wrong variables', { query: 'query ($id: ID!) { note(id: $id) { text } }', variables: { id: ['n1', 'n2'] } }],
  ['missing variables', { query: 'query ($id: ID!) { note(id: $id) { text } }' }],
  ['no such field', { query: '{ nothing }' }],
  ['no GraphQL', { query: '{ notes {' }],
  ['no such operation', { query: 'query A { notes { id } }', operationName: 'B' }],
  ['a subscription', { query: 'subscription { notes { number } }' }],
];

/** Empty extensions ask for nothing, but make a request go the long way. */
const send = async (body: Record<string, unknown>, accept: string) => {
  const response = await fetch(fixture.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept },
    body: JSON.stringify(body),
  });
  const { status, headers } = response;
  return {
    status,
    type: headers.get('content-type'),
    cache: headers.get('cache-control'),
    answer: (await response.json()) as unknown,
  };
};

describe.each(['application/json', RESPONSE_TYPE, `${RESPONSE_TYPE}, application/json`, '*/*'])('%s', (accept) => {
  test.each(operations)('%s', async (_what, body) => {
    const short = await send(body, accept);
    expect(short).toEqual(await send({ ...body, extensions: {} }, accept));
    expect(short.type).toContain(accept.startsWith(RESPONSE_TYPE) ? RESPONSE_TYPE : 'application/json');
  });
});

test('a type that we do not speak is refused', async () => {
  const response = await fetch(fixture.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/html' },
    body: JSON.stringify({ query: '{ __typename }' }),
  });
  expect(response.status).toBe(406);
});
