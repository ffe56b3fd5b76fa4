import { readFileSync } from 'node:fs';
import path from 'node:path';
import { composeServices } from '@apollo/composition';
import { Supergraph } from '@apollo/federation-internals';
import { getOperationAST, type GraphQLSchema, Kind, parse, validate } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EXAMPLES } from '../graphiql/examples.ts';
import { createCostLimit, DEFAULT_MAX_COST } from '../src/operation/cost.ts';
import { type Fixture, startFixture } from './fixture/router.ts';

const LIST_SIZE = 10;

/** Two subgraphs that import the directives under names of their own. */
const costly = compose(
  `{name: "@cost", as: "@price"}, {name: "@listSize", as: "@length"}`,
  `
  type Query {
    one: Thing
    heavy: Thing @price(weight: 5)
    free: Thing @price(weight: 0)
    number: Int
    priced: Int @price(weight: 3)
    many: [Thing]
    strict: [[Thing!]!]!
    assumed: [Thing] @length(assumedSize: 7)
    sliced(first: Int, last: Int = 4): [Thing] @length(slicingArguments: ["first", "last"], requireOneSlicingArgument: false)
    exactly(first: Int, last: Int): [Thing] @length(slicingArguments: ["first", "last"])
    page(first: Int, after: String): Page
      @length(assumedSize: 20, slicingArguments: ["first"], sizedFields: ["edges"], requireOneSlicingArgument: false)
    search(filter: Filter, filters: [Filter], by: Int @price(weight: 2), mood: Mood): Int
    any: [Any] @length(assumedSize: 2)
    cheaper: Discount
  }
  type Mutation { set(filter: Filter): Thing }
  type Subscription { things: Thing }
  type Thing { id: ID thing: Thing things: [Thing] mood: Mood gold: Gold moods: [Mood] @length(assumedSize: 3) }
  type Gold @price(weight: 6) { id: ID }
  type Page { edges: [Edge] total: Int @price(weight: 2) other: [Edge] }
  type Edge { node: Thing cursor: String }
  type Discount { off: Int @price(weight: -50) }
  input Filter { text: String id: Int @price(weight: 4) inner: Filter inners: [Filter] }
  enum Mood @price(weight: 8) { GOOD }
  union Any = Thing | Gold
  `,
);

function compose(imports: string, typeDefs: string): GraphQLSchema {
  const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: [${imports}])`;
  const { supergraphSdl, errors } = composeServices([
    { name: 'a', url: 'http://a.test', typeDefs: parse(`${link} ${typeDefs}`) },
    { name: 'b', url: 'http://b.test', typeDefs: parse(`${link} type Query { b: Int }`) },
  ]);
  if (supergraphSdl === undefined) throw new Error(String(errors));
  return Supergraph.build(supergraphSdl).schema.toGraphQLJSSchema();
}

/** What the limit says that an operation costs. */
function costOf(
  schema: GraphQLSchema,
  text: string,
  variables: Record<string, unknown> = {},
  operationName?: string,
): unknown {
  const document = parse(text);
  expect(validate(schema, document)).toEqual([]);
  const operation = getOperationAST(document, operationName);
  if (operation == null) throw new Error('no operation');
  const limit = createCostLimit(schema, { maximum: -1, listSize: LIST_SIZE });
  const twice = [1, 2].map(() => limit.check(document, operation, variables));
  expect(twice[0]?.message).toBe(twice[1]?.message);
  const { cost, code } = twice[0]?.extensions ?? {};
  return cost === undefined ? code : (cost as { estimated: number }).estimated;
}

describe('an operation costs', () => {
  test.each<[string, string, number]>([
    ['1 for an object, nothing for scalars', '{ one { id } number }', 1],
    ['nothing for introspection', '{ __typename __schema { types { name fields { name } } } one { __typename } }', 1],
    ['what @cost says of the field', '{ heavy { id } free { id } priced }', 8],
    ['what @cost says of its type', '{ one { gold { id } mood } }', 15],
    ['the assumed size of a list', '{ many { id } }', 10],
    ['that of a list in a list once', '{ strict { id } }', 10],
    ['what is in a list as often', '{ many { thing { id } things { id } } }', 10 * (1 + 1 + 10)],
    ['a list of scalars that cost', '{ one { moods } }', 1 + 3 * 8],
    ['the size that @listSize assumes', '{ assumed { id } }', 7],
    ['the size asked for', '{ sliced(first: 6) { id } }', 6],
    ['the greater of two', '{ sliced(first: 6, last: 9) { id } }', 9],
    ['the default of a slicing argument', '{ sliced { id } }', 4],
    ['nothing of a list of none', '{ sliced(last: 0) { heavy: thing { id } } }', 0],
    ['nothing for a size below that', '{ sliced(first: -5, last: -1) { id } }', 0],
    [
      'the fields that are sized, and no others',
      '{ page(first: 3) { edges { node { id } } other { cursor } } }',
      1 + 3 * 2 + 10,
    ],
    ['what a page has by default', '{ page { edges { cursor } total } }', 1 + 20 + 2],
    [
      'sized fields in fragments',
      '{ page(first: 3) { ...p ... { b: edges { cursor } } } } fragment p on Page { edges { cursor } }',
      7,
    ],
    ['every type that there can be', '{ any { ... on Thing { thing { id } } ... on Gold { id } } }', 2 * (1 + 1)],
    ['arguments that cost', '{ search(by: 1) }', 2],
    ['no argument that is null', '{ search(by: null, filter: null) }', 0],
    ['arguments of a type that costs', '{ search(mood: GOOD) }', 8],
    [
      '1 for an input object, and what is in it',
      '{ search(filter: { text: "x", id: 1, inner: { id: 2 } }) }',
      1 + 4 + 1 + 4,
    ],
    ['each in a list', '{ search(filters: [{ id: 1 }, {}]) }', 1 + 4 + 1],
    ['10 more for a mutation', 'mutation { set(filter: { id: 1 }) { id } }', 10 + 1 + 5],
    ['nothing more for a subscription', 'subscription { things { id } }', 1],
    ['never less than nothing', '{ heavy { id } cheaper { off } }', 5 + 1],
    ['nothing of what is left out', '{ one @skip(if: true) { id } heavy @include(if: true) { id } }', 5],
  ])('%s', (_what, query, cost) => {
    expect(costOf(costly, query)).toBe(cost);
  });

  const search = 'query ($filters: [Filter], $by: Int = 1) { search(filters: $filters, by: $by) }';
  const page = 'query ($first: Int = 5) { page(first: $first) { edges { cursor } } }';
  const sliced = 'query ($n: Int) { sliced(last: $n) { id } }';
  const either = 'query ($yes: Boolean! = true) { one @include(if: $yes) { id } heavy @skip(if: $yes) { id } }';
  test.each<[string, string, Record<string, unknown>, number]>([
    ['the size in a variable', page, { first: 30 }, 31],
    ['its default', page, {}, 6],
    ['the assumed size where it is null', page, { first: null }, 21],
    ['the argument’s default where it is missing', sliced, {}, 4],
    ['the variable where it is there', sliced, { n: 9 }, 9],
    ['the assumed size where that is null', sliced, { n: null }, 10],
    [
      'input objects in variables',
      search,
      { filters: [{ id: 1 }, { inners: [{}, { id: 3 }] }] },
      1 + 4 + 1 + 1 + 1 + 4 + 2,
    ],
    ['nothing for variables that are missing', search, { by: null }, 0],
    ['what a variable includes', either, {}, 1],
    ['what it does not skip', either, { yes: false }, 5],
    ['wrong variables nothing, for now', page, { first: 'many', toString: 1 }, 21],
  ])('with variables: %s', (_what, query, variables, cost) => {
    expect(costOf(costly, query, variables)).toBe(cost);
  });

  test('and is refused when it takes none, or two, of slicing arguments of which it must take one', () => {
    expect(costOf(costly, '{ exactly(first: 3) { id } }')).toBe(3);
    expect(costOf(costly, '{ exactly { id } }')).toBe('BAD_USER_INPUT');
    expect(costOf(costly, '{ exactly(first: 3, last: 3) { id } }')).toBe('BAD_USER_INPUT');
    const query = 'query ($first: Int, $last: Int) { exactly(first: $first, last: $last) { id } }';
    expect(costOf(costly, query, { last: 5 })).toBe(5);
    expect(costOf(costly, query, { first: 1, last: 5 })).toBe('BAD_USER_INPUT');
  });
});

test('there is a bound where the supergraph says what things cost, and none where it does not', () => {
  const silent = compose('"@key"', 'type Query { things: [Thing] } type Thing { things: [Thing] id: ID }');
  const query = '{ things { things { things { things { things { id } } } } } }';
  expect(costOf(silent, query)).toBe(111_110);
  for (const [schema, text, refused] of [
    [silent, query, false],
    [costly, '{ many { things { things { things { id } } } } }', true],
  ] as const) {
    const document = parse(text);
    const operation = getOperationAST(document);
    if (operation == null) throw new Error('no operation');
    const unset = createCostLimit(schema, { maximum: undefined, listSize: LIST_SIZE });
    expect(unset.check(document, operation, {})?.extensions['code']).toBe(
      refused ? 'OPERATION_TOO_COMPLEX' : undefined,
    );
  }
});

test('what the SDK and GraphiQL’s examples ask of Chorus is far below the bound, also with the largest pages', () => {
  const root = path.join(import.meta.dirname, '../..');
  const supergraph = Supergraph.build(readFileSync(path.join(root, 'schema/supergraph.graphql'), 'utf8'));
  const schema = supergraph.schema.toGraphQLJSSchema();
  const manifest = JSON.parse(readFileSync(path.join(root, 'clients/sdk/persisted-queries.json'), 'utf8')) as {
    operations: { body: string }[];
  };
  const texts = [...manifest.operations.map(({ body }) => body), ...EXAMPLES.map(({ query }) => query)];
  const costs = texts.flatMap((text) =>
    parse(text)
      .definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION)
      .map(({ name }) => costOf(schema, text, { first: 100, last: 100 }, name?.value)),
  );
  expect(Math.max(...(costs as number[]))).toBeLessThan(DEFAULT_MAX_COST / 4);
  const greedy =
    '{ homeTimeline(first: 100) { edges { node { author { posts(first: 100) { edges { cursor } } } } } } }';
  expect(costOf(schema, greedy)).toBeGreaterThan(DEFAULT_MAX_COST);
});

describe('an operation that costs too much', () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await startFixture({ MAX_COST: '25', LIST_SIZE: '12' });
  });
  afterAll(() => fixture.stop());
  const refusal = (estimated: number) => ({
    message: expect.stringContaining(`could cost ${estimated}, and the most that one may is 25`) as string,
    extensions: { code: 'OPERATION_TOO_COMPLEX', cost: { estimated, maximum: 25 } },
  });

  test('is refused before any subgraph is asked, with what it would cost', async () => {
    expect((await fixture.ask('{ notes { author { name } } me { userId } }')).data).toBeDefined();
    fixture.world.entityCalls.length = 0;
    const answer = await fixture.ask('{ notes { author { name } } a: me { userId } b: me { userId } }');
    expect([answer.status, answer.errors]).toEqual([400, [refusal(26)]]);
    expect(fixture.world.entityCalls).toEqual([]);
  });

  test('is refused over a WebSocket too', async () => {
    const { client } = fixture.connect();
    const query = '{ notes { author { name } } a: me { userId } b: me { userId } }';
    expect((await client.iterate({ query }).next()).value).toEqual({ errors: [refusal(26)] });
    const events = client.iterate({
      query: `subscription { notes { ${Array.from({ length: 25 }, (_, n) => `n${n}: note { id }`).join(' ')} } }`,
    });
    expect((await events.next()).value).toEqual({ errors: [refusal(26)] });
    expect(fixture.world.subscribers()).toBe(0);
  });
});
