/**
 * Plans whose paths have conditions on types (`typeConditionedFetching`). ApolloGateway does not let its planner make
 * them, because its executor cannot run them; ours has to answer alike with and without.
 */
import { Supergraph } from '@apollo/federation-internals';
import type { PlanNode, QueryPlan } from '@apollo/query-planner';
import { parse, validate } from 'graphql';
import { expect, test } from 'vitest';
import { createLocalCompiler } from '../../proof/difference/local-compiler.ts';
import { randomOperation } from '../../proof/difference/operations.ts';
import { compose, supergraphs } from '../../proof/difference/supergraphs.ts';
import { World } from '../../proof/difference/world.ts';
import type { CompiledOperation } from '../../src/execution/compiled/index.ts';
import { Graph, read } from './graph.ts';

const shelf = {
  shop: {
    sdl: `type Query { shelf: [Item] } union Item = Book | Film
      type Book @key(fields: "id") { id: ID! by: Person } type Film @key(fields: "id") { id: ID! by: Person }
      type Person @key(fields: "id") { id: ID! }`,
    resolvers: {
      Query: {
        shelf: () => [
          { __typename: 'Book', id: 'b', by: { id: 'ann' } },
          null,
          { __typename: 'Film', id: 'f', by: { id: 'bob' } },
        ],
      },
    },
  },
  people: {
    sdl: 'type Person @key(fields: "id") { id: ID! name: String age: Int! }',
    resolvers: {
      Person: {
        __resolveReference: (person: object) => person,
        name: ({ id }: { id: string }) => `name of ${id}`,
        age: ({ id }: { id: string }) => (id === 'bob' ? null : 7),
      },
    },
  },
};

test('a fetch behind a condition is made for objects of its types alone', async () => {
  const query = '{ shelf { ... on Book { by { name } } ... on Film { by { id } } } }';
  const typed = new Graph(shelf, { typeConditionedFetching: true });
  expect(pathsOf(await (await typed.compile(query)).planFor())).toContain('.shelf.@|[Book].by');
  const answer = { data: { shelf: [{ by: { name: 'name of ann' } }, null, { by: { id: 'bob' } }] }, errors: [] };
  expect(read(await typed.run(query))).toEqual(answer);
  const [, people] = typed.calls;
  expect(people?.variables).toEqual({ representations: [{ __typename: 'Person', id: 'ann' }] });
  const plain = new Graph(shelf);
  expect(read(await plain.run(query))).toEqual(answer);
});

test('an error behind a condition stands where the object is', async () => {
  const typed = new Graph(shelf, { typeConditionedFetching: true });
  const { data, errors } = read(await typed.run('{ shelf { ... on Film { by { age } } } }'));
  expect(data).toEqual({ shelf: [{}, null, { by: null }] });
  expect(errors).toMatchObject([{ path: ['shelf', 2, 'by', 'age'] }]);
});

test('random operations over abstract types have the same answers either way', async () => {
  let typed = 0;
  for (const source of supergraphs().filter(({ name }) =>
    ['abstracts', 'interface-objects', 'chorus'].includes(name),
  )) {
    const supergraph = Supergraph.build(compose(source));
    const without = createLocalCompiler(supergraph);
    const withTypes = createLocalCompiler(supergraph, { typeConditionedFetching: true });
    const world = new World(source, without.schema);
    for (let seed = 1; seed <= 120; seed++) {
      const { query, variables } = randomOperation(without.schema, seed, source.limits);
      const document = parse(query);
      if (validate(without.schema, document).length > 0) continue;
      const answerOf = async (operation: CompiledOperation) => {
        const weather = { seed, nulls: 0, wrongNulls: 0, errors: 0, missing: 0, plain: true, down: [] };
        const run = world.run(weather);
        const answer = await operation.run({
          variables,
          call: async (service, body) =>
            JSON.stringify(await run.call(service, JSON.parse(body) as Parameters<typeof run.call>[1])),
        });
        return { query, ...answer };
      };
      const operations = await Promise.all([without.compile(document), withTypes.compile(document)]).catch(() => null);
      if (operations === null) continue; // it cannot be planned
      const [expected, actual] = operations;
      expect(await answerOf(actual)).toEqual(await answerOf(expected));
      if (pathsOf(await actual.planFor(variables)).some((path) => path.includes('|['))) typed++;
    }
  }
  expect(typed).toBeGreaterThan(20);
});

/** Where the plan's fetches are made. */
function pathsOf({ node }: QueryPlan): string[] {
  const walk = (node: PlanNode): string[] => {
    if (node.kind === 'Flatten') return [node.path.join('.'), ...walk(node.node)];
    if (node.kind === 'Sequence' || node.kind === 'Parallel') return node.nodes.flatMap(walk);
    if (node.kind === 'Condition') return [node.ifClause, node.elseClause].flatMap((part) => (part ? walk(part) : []));
    return [];
  };
  return node === undefined || node.kind === 'Subscription' ? [] : walk(node);
}
