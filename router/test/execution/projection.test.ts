import {
  buildSchema,
  execute,
  isAbstractType,
  isCompositeType,
  isListType,
  isNonNullType,
  Kind,
  parse,
  validate,
  type FragmentDefinitionNode,
  type GraphQLOutputType,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { randomOperation } from '../../proof/difference/operations.ts';
import { Random } from '../../proof/difference/random.ts';
import { assign, conditionVariables } from '../../src/execution/compiled/conditions.ts';
import type { Data } from '../../src/execution/compiled/merge.ts';
import { ProjectionRun } from '../../src/execution/compiled/projection-run.ts';
import { ProjectionCompiler } from '../../src/execution/compiled/projection.ts';

const schema = buildSchema(`
  scalar Any
  type Query { a: A! maybe: A any: I u: [U!] list: [[A!]]! texts: [String!]! anything: Any level: Level! dummy: Int }
  interface I { id: ID! n: Int }
  type A implements I { id: ID! n: Int! b: B bs: [B!]! f: Float t: Boolean! name: String kin: I }
  type B implements I { id: ID! n: Int a: A! deep: [[[Int!]]!] level: Level constructor: String toString: Int }
  union U = A | B
  enum Level { LOW HIGH }
`);

type Known = Partial<ConstructorParameters<typeof ProjectionRun>[0]>;

function project(query: string, data: Data, variables: Record<string, unknown> = {}, known: Known = {}) {
  const document = parse(query);
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of document.definitions)
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  const operation = document.definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION);
  const root = schema.getQueryType();
  if (!operation || !root) throw new Error('No query.');
  const assignment = assign(conditionVariables(document), operation, variables, new Map());
  const compiler = new ProjectionCompiler({ schema, fragments, assignment, deferring: false }, new Map());
  const run = new ProjectionRun({ absent: new Set(), repeated: new Set(), ...known });
  const text = compiler.compile(root, operation.selectionSet)(data, run);
  return { data: JSON.parse(text ?? 'null') as unknown, errors: run.errors() };
}

/** Data for a type, often with what does not belong there. */
function randomData(type: GraphQLOutputType, random: Random, depth = 0): unknown {
  if (random.chance(0.08)) return null;
  const nullable = isNonNullType(type) ? type.ofType : type;
  if (isListType(nullable))
    return Array.from({ length: random.int(4) }, () => randomData(nullable.ofType, random, depth));
  if (isCompositeType(nullable)) {
    if (depth > 5) return null;
    const possible = isAbstractType(nullable) ? schema.getPossibleTypes(nullable) : [nullable];
    const chosen = random.pick(possible);
    const data: Data = { __typename: random.chance(0.03) ? 'Nothing' : chosen.name };
    for (const [name, field] of Object.entries(chosen.getFields())) {
      if (!random.chance(0.05)) data[name] = randomData(field.type, random, depth + 1);
    }
    return data;
  }
  if (random.chance(0.05)) return random.pick([1.5, 2 ** 31, 'x', '12', true, {}, [], '', 0]);
  const values: Record<string, readonly unknown[]> = {
    Int: [0, -1, 2_147_483_647],
    Float: [0, 1.25, 1e30, -3],
    Boolean: [true, false],
    Level: ['LOW', 'HIGH'],
    Any: [{ a: [1] }, 'text', 0],
  };
  return random.pick(values[nullable.name] ?? ['', 'text', 'with "quotes"', 'ünï\u2028cödé']);
}

/** graphql-js over the same data: the reference. */
function reference(query: string, data: Data, variables: Record<string, unknown>) {
  const result = execute({
    schema,
    document: parse(query),
    rootValue: data,
    variableValues: variables,
    fieldResolver: (source: Data, _args, _context, { path }) =>
      Object.hasOwn(source, path.key) ? source[path.key] : undefined,
    typeResolver: (value: Data) => value['__typename'] as string,
  });
  if (result instanceof Promise) throw new Error('Synchronous data gave a promise.');
  const errors = result.errors?.map(({ path }) => path) ?? [];
  return { data: JSON.parse(JSON.stringify(result.data)) as unknown, errors };
}

describe('projection', () => {
  it('answers as graphql-js does, with errors at the same places, whatever the data', () => {
    let compared = 0;
    let failing = 0;
    for (let seed = 1; compared < 1_000; seed++) {
      const { query, variables } = randomOperation(schema, seed, { depth: 5, fields: 30 });
      // Aliases and arguments are not read from plain data here; renaming has tests of its own.
      if (query.includes(': __typename') || /[A-Za-z_0-9]+: [a-z]/.test(query.replaceAll(/\(.*?\)/g, ''))) continue;
      if (validate(schema, parse(query)).length > 0) continue;
      const data = randomData(schema.getQueryType() as GraphQLOutputType, new Random(seed)) as Data | null;
      if (data === null) continue;
      compared++;
      const ours = project(query, data, variables);
      const theirs = reference(query, data, variables);
      expect(ours.data, `${seed}: ${query}`).toEqual(theirs.data);
      expect(JSON.stringify(ours.data), `${seed}: ${query}`).toBe(JSON.stringify(theirs.data));
      expect(
        ours.errors.map(({ path }) => path),
        `${seed}: ${query}`,
      ).toEqual(theirs.errors);
      if (theirs.errors.length > 0) failing++;
    }
    expect(failing).toBeGreaterThan(200);
  });

  it('gives an error for what is no object, no list or no possible type', () => {
    expect(project('{ maybe { id } }', { maybe: 'text' }).errors).toEqual([
      { message: 'The value of this field is no valid A.', path: ['maybe'], extensions: { code: 'INTERNAL' } },
    ]);
    expect(project('{ maybe { id } u { ... on A { id } } }', { maybe: [], u: {} })).toMatchObject({
      data: { maybe: null, u: null },
      errors: [{ path: ['maybe'] }, { path: ['u'] }],
    });
    expect(project('{ any { n } }', { any: { __typename: 'Query', n: 1 } })).toMatchObject({
      data: { any: null },
      errors: [{ path: ['any'] }],
    });
  });

  it('prints an object of which only the interface is known, unless its type is asked for', () => {
    expect(project('{ any { n ... on I { id } } }', { any: { __typename: 'I', id: '1', n: 2 } })).toEqual({
      data: { any: { n: 2, id: '1' } },
      errors: [],
    });
    expect(project('{ any { n __typename } }', { any: { n: 2 } })).toMatchObject({
      data: { any: null },
      errors: [{ path: ['any', '__typename'] }],
    });
  });

  it('makes an absent entity null without an error, and says so only where null may not be', () => {
    const gone: Data = { __typename: 'A', id: '1' };
    expect(project('{ maybe { id t } }', { maybe: gone }, {}, { absent: new Set([gone]) })).toEqual({
      data: { maybe: null },
      errors: [],
    });
    expect(project('{ a { id t } }', { a: gone }, {}, { absent: new Set([gone]) })).toMatchObject({
      data: null,
      errors: [{ path: ['a'] }],
    });
    expect(project('{ maybe { id name } }', { maybe: gone }, {}, { absent: new Set([gone]) }).data).toEqual({
      maybe: { id: '1', name: null },
    });
  });

  it('prints an object that stands at several places as anywhere, with an error at each', () => {
    const b = { __typename: 'B', id: '1', n: 4, level: 'LOW', a: { id: '2', n: 1, t: true, name: 'é"' } };
    const broken = { ...b, id: '3', a: null };
    const query = '{ a { bs { id n level a { name n } } } u { ... on B { id a { name } } } list { b { id a { n } } } }';
    const data = { a: { bs: [b, b, b] }, u: [b, broken, b, broken], list: [[{ b }, { b: broken }, { b: broken }]] };
    const once = project(query, data, {}, { repeated: new Set<Data>([b, broken, b.a]) });
    expect(once).toEqual(project(query, data));
    expect(once.errors).toHaveLength(3);
  });

  it('prints strings that need escapes, and those that do not', () => {
    const long = 'x'.repeat(300);
    const texts = [
      '',
      'a',
      '"',
      '\\',
      '\u0000',
      '\u001f',
      '\u007f',
      '\ud800',
      '\ud83d\ude42',
      '\uffff',
      long,
      `${long}"`,
    ];
    expect(project('{ texts }', { texts }).data).toEqual({ texts });
  });

  it('reads keys that every object has only when the data has them', () => {
    const b = { __typename: 'B', id: '1' };
    const query = '{ u { ... on B { constructor toString } } }';
    expect(project(query, { u: [b, { ...b, constructor: 'c', toString: 1 }] })).toEqual({
      data: {
        u: [
          { constructor: null, toString: null },
          { constructor: 'c', toString: 1 },
        ],
      },
      errors: [],
    });
  });

  it('refuses numbers that JSON text cannot hold', () => {
    const { data, errors } = project('{ maybe { f } }', { maybe: JSON.parse('{"f":1e999}') as Data });
    expect(data).toEqual({ maybe: { f: null } });
    expect(errors).toMatchObject([{ path: ['maybe', 'f'] }]);
  });
});
