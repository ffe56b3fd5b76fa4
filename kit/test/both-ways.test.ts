import { GraphQLError, type GraphQLResolveInfo, parse } from 'graphql';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fault } from '../src/errors.ts';
import { batchOne, type Loader } from '../src/loaders.ts';
import { DateTime } from '../src/scalars.ts';
import { type Exchange, startSubgraphServer, type SubgraphServer } from '../src/server/index.ts';
import { createLogger } from '../src/telemetry/logger.ts';
import { createSubgraphClient, testKeys, viewerOf } from '../src/testing/index.ts';
import { createViewerTokens, type Viewer, VIEWER_HEADER } from '../src/viewer.ts';

/** A request takes the short path, or Apollo Server's when it has `extensions`: both must answer the same. */

const typeDefs = parse(`
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@key"])
  scalar DateTime
  enum Colour { RED BLUE }
  input Change { id: ID!  name: String  colour: Colour = BLUE }
  type User @key(fields: "id") {
    id: ID!  name: String  born: DateTime  friend: User  strictFriend: User!  broken: String  coded: String
  }
  type Post @key(fields: "id") { id: ID!  author: User }
  interface Being { id: ID! }
  type Dog implements Being { id: ID!  barks: Boolean! }
  type Cat implements Being { id: ID!  lives: Int }
  type Query {
    me: User  user(id: ID!): User  beings: [Being!]  wrong: Being  strict: User!  args(change: Change, at: DateTime): String
    limited: String  status: String  cookie: String  twice: String  nodes: Int
  }
  type Mutation { change(change: Change!): User  fail: Int!  count: Int! }
`);

interface Context {
  viewer: Viewer;
  exchange: Exchange;
  users: Loader<string, { id: string; name: string } | null>;
}

let batches: (readonly string[])[] = [];
let count = 0;
const nodes: object[] = [];
const same = new GraphQLError('the same error object each time', { extensions: { code: 'FORBIDDEN' } });
const user = (id: string) => ({ id, name: `User ${id}`, born: new Date(0) });
const schema = buildSubgraphSchema([
  {
    typeDefs,
    resolvers: {
      DateTime,
      User: {
        __resolveReference: ({ id }: { id: string }, { users }: Context) => {
          if (id === 'thrown') throw new Error('secret');
          if (id === 'rejected') return Promise.reject(fault('FORBIDDEN', 'Not you.'));
          return users.load(id);
        },
        friend: ({ id }: { id: string }, _: unknown, { users }: Context) => users.load(`${id}f`),
        strictFriend: async () => null,
        broken: () => {
          throw new TypeError('select * from secret');
        },
        coded: async () => Promise.reject(same),
      },
      Being: {
        __resolveType: ({ id }: { id: string }) => (id.startsWith('d') ? 'Dog' : id.startsWith('c') ? 'Cat' : 'Post'),
      },
      Query: {
        me: (_: unknown, __: unknown, { viewer }: Context) => user(viewer.userId ?? ''),
        user: (_: unknown, { id }: { id: string }, { users }: Context) => users.load(id),
        beings: () => [{ id: 'd1', barks: true }, { id: 'c1', lives: 9 }, { id: 'c2' }],
        wrong: () => ({ id: 'x' }),
        strict: () => null,
        args: (_: unknown, args: object) => JSON.stringify(args),
        limited: () => {
          throw fault('RATE_LIMITED', 'Wait.', { retryAfter: 3, http: { headers: new Map([['retry-after', '3']]) } });
        },
        status: () => {
          throw fault('NOT_FOUND', 'Not here.', { http: { status: 418 } });
        },
        cookie: (_: unknown, __: unknown, { exchange }: Context) => {
          exchange.setHeader('set-cookie', 'baked=yes; HttpOnly');
          return exchange.requestHeaders.cookie;
        },
        nodes: (_: unknown, __: unknown, ___: unknown, { fieldNodes }: GraphQLResolveInfo) => {
          nodes.push(fieldNodes);
          return 0;
        },
        twice: () => new AggregateError([new Error('a'), new Error('b')], 'both'),
      },
      Mutation: {
        change: (_: unknown, { change }: { change: { id: string } }) => ({
          ...user(change.id),
          name: JSON.stringify(change),
        }),
        fail: async () => Promise.reject(fault('CURSOR_INVALID', 'No.')),
        count: () => ++count,
      },
    },
  },
]);

let server: SubgraphServer;
let token: string;
let contextFails = false;
beforeAll(async () => {
  server = await startSubgraphServer<Context>({
    name: 'test',
    host: '127.0.0.1',
    port: 0,
    schema,
    viewerTokens: createViewerTokens(testKeys.viewer),
    logger: createLogger({ service: 'test', level: 'silent' }),
    context: (viewer, exchange) => {
      if (contextFails) throw new Error('no context');
      return {
        viewer,
        exchange,
        users: batchOne({
          name: 'users',
          load: async (ids: readonly string[]) => {
            batches.push(ids);
            return ids.filter((id) => id !== 'missing').map(user);
          },
          keyOf: ({ id }) => id,
        }),
      };
    },
    ready: async () => true,
  });
  token = await createSubgraphClient(server.url).token(viewerOf('usr_ada'));
});
afterAll(() => server.stop());

interface Told {
  status: number;
  headers: Record<string, string | null>;
  body: string;
  batches: (readonly string[])[];
}

async function send(body: unknown, headers: Record<string, string> = {}, method = 'POST'): Promise<Told> {
  batches = [];
  count = 0;
  const response = await fetch(server.url, {
    method,
    headers: { 'content-type': 'application/json', [VIEWER_HEADER]: token, ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const names = ['content-type', 'cache-control', 'retry-after', 'content-length', 'set-cookie'];
  return {
    status: response.status,
    headers: Object.fromEntries(names.map((name) => [name, response.headers.get(name)])),
    body: await response.text(),
    batches,
  };
}

const entities = (...ids: string[]) => ids.map((id) => ({ __typename: 'User', id }));
const entityQuery = `query ($r: [_Any!]!) { _entities(representations: $r) { __typename ... on User { id name friend { name } } } }`;

test.each<[string, object, Record<string, string>?]>([
  ['a field', { query: '{ me { id name born } }' }],
  [
    'entities, some missing, some failed',
    { query: entityQuery, variables: { r: entities('a', 'missing', 'b', 'thrown', 'rejected', 'a') } },
  ],
  ['entities of types unknown', { query: entityQuery, variables: { r: [{ __typename: 'Nobody', id: 'x' }] } }],
  ['entities that are no objects', { query: entityQuery, variables: { r: ['x'] } }],
  ['the SDL', { query: '{ _service { sdl } }' }],
  ['interfaces', { query: '{ beings { __typename id ... on Dog { barks } ... on Cat { lives } } }' }],
  ['an object of a wrong type', { query: '{ wrong { id } me { id } }' }],
  ['null for what may not be', { query: '{ strict { id } me { id } }' }],
  ['null further out', { query: '{ me { id strictFriend { id } } }' }],
  ['errors of all kinds', { query: '{ me { broken coded name } twice a: me { coded } }' }],
  ['an error with headers', { query: '{ limited }' }],
  ['a header that a resolver sets', { query: '{ cookie }' }, { cookie: 'raw=dough' }],
  ['a header beside errors', { query: '{ cookie limited }' }],
  ['an error with a status', { query: '{ status }' }],
  [
    'conditions',
    {
      query: 'query ($a: Boolean!, $b: Boolean = true) { me { id @skip(if: $a) name @include(if: $b) } }',
      variables: { a: true },
    },
  ],
  [
    'a condition that is null',
    { query: 'query ($b: Boolean = true) { me { id name @include(if: $b) } }', variables: { b: null } },
  ],
  [
    'variables not given',
    { query: 'query ($n: String, $c: Colour) { args(change: {id: 1, name: $n, colour: $c}) }', variables: {} },
  ],
  [
    'variables null',
    {
      query: 'query ($n: String, $c: Change) { args(change: $c) b: args(change: {id: 1, name: $n}) }',
      variables: { n: null, c: null },
    },
  ],
  [
    'custom scalars',
    {
      query: 'query ($at: DateTime) { args(at: $at) b: args(at: "2026-01-01T00:00:00Z") }',
      variables: { at: '2026-01-01T00:00:00Z' },
    },
  ],
  [
    'a custom scalar that is none',
    { query: 'query ($at: DateTime) { args(at: $at) }', variables: { at: 'yesterday' } },
  ],
  ['a literal that is none', { query: '{ args(at: "yesterday") }' }],
  ['variables of the wrong type', { query: 'query ($c: Change!) { args(change: $c) }', variables: { c: { name: 1 } } }],
  ['variables that are missing', { query: 'query ($c: Change!) { args(change: $c) }' }],
  ['variables that are a list', { query: '{ me { id } }', variables: [] }],
  ['variables that are text', { query: '{ me { id } }', variables: '{}' }],
  ['variables of null', { query: '{ me { id } }', variables: null, operationName: null }],
  ['a mutation', { query: 'mutation { a: change(change: {id: 1}) { name } count b: count }' }],
  ['a mutation that fails', { query: 'mutation { count fail b: count }' }],
  ['the operation of a name', { query: 'query A { me { id } } query B { me { name } }', operationName: 'B' }],
  ['the operation of no name', { query: 'query A { me { id } } query B { me { name } }' }],
  ['the operation of an empty name', { query: '{ me { id } }', operationName: '' }],
  ['the operation of another name', { query: 'query A { me { id } }', operationName: 'C' }],
  ['a name that is none', { query: '{ me { id } }', operationName: 3 }],
  ['no GraphQL', { query: '{ me { id ' }],
  ['what is not valid', { query: '{ me { id nothing } }' }],
  ['only fragments', { query: 'fragment F on User { id }' }],
  ['no query', { variables: {} }],
  ['an empty query', { query: '' }],
  ['a query that is none', { query: { kind: 'Document' } }],
  [
    'introspection',
    { query: '{ __schema { queryType { name } types { name } } __type(name: "User") { fields { name } } }' },
  ],
  ['a list of requests', [{ query: '{ me { id } }' }]],
  ['the newer media type', { query: '{ me { id broken } }' }, { accept: 'application/graphql-response+json' }],
  ['media types weighed', { query: '{ me { id } }' }, { accept: 'text/html, application/json;q=0.9' }],
  ['a media type that is not known', { query: '{ me { id } }' }, { accept: 'image/png' }],
  ['another content type', { query: '{ me { id } }' }, { 'content-type': 'text/plain' }],
])('%s: both ways answer the same', async (_, body, headers) => {
  const short = await send(body, headers);
  const long = await send(Array.isArray(body) ? body : { ...body, extensions: {} }, headers);
  expect(JSON.parse(short.body)).toEqual(JSON.parse(long.body));
  expect(short).toEqual(long);
});

test('what the context refuses is told the same way', async () => {
  contextFails = true;
  try {
    const short = await send({ query: '{ me { id } }' });
    expect(short).toEqual(await send({ query: '{ me { id } }', extensions: {} }));
    expect(short.status).toBe(500);
    expect(short.body).not.toContain('no context');
  } finally {
    contextFails = false;
  }
});

test('a resolver reads headers of the request and sets some of the answer', async () => {
  const { headers, body } = await send({ query: '{ cookie }' }, { cookie: 'raw=dough' });
  expect([headers['set-cookie'], JSON.parse(body)]).toEqual(['baked=yes; HttpOnly', { data: { cookie: 'raw=dough' } }]);
});

test('a list of entities is one batch of its loader', async () => {
  const { batches, body } = await send({ query: entityQuery, variables: { r: entities('a', 'b', 'c', 'a') } });
  expect(batches).toEqual([
    ['a', 'b', 'c'],
    ['af', 'bf', 'cf'],
  ]);
  expect(JSON.parse(body)).toMatchObject({
    data: { _entities: [{ name: 'User a', friend: { name: 'User af' } }, {}, {}, {}] },
  });
});

test('a valid request takes the short path, where an operation is compiled once however many ask for it first', async () => {
  await Promise.all(Array.from({ length: 20 }, () => send({ query: '{ nodes }' })));
  expect([nodes.length, new Set(nodes).size]).toEqual([20, 1]);
  // graphql-js makes new ones for each execution.
  await Promise.all(Array.from({ length: 3 }, () => send({ query: '{ nodes }', extensions: {} })));
  expect([nodes.length, new Set(nodes).size]).toEqual([23, 4]);
});
