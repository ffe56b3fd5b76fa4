import { SpanStatusCode } from '@opentelemetry/api';
import { ApolloServer } from '@apollo/server';
import DataLoader from 'dataloader';
import { execute, parse } from 'graphql';
import type { DocumentNode, ExecutionResult, GraphQLSchema } from 'graphql';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { describe, expect, test } from 'vitest';
import { type Operation, operationOf } from '../../src/execution/index.ts';
import {
  LoaderCalls,
  instrumentResolvers,
  resolverSpans,
  traceBatch,
  withResolverSpans,
  withSpan,
} from '../../src/telemetry/index.ts';
import { recordSpans } from './fixtures/recorder.ts';

interface Context {
  load: (id: string) => Promise<object | null>;
}

const typeDefs = parse(`
  type Query { posts: [Post!]! broken: Int }
  type Post { id: ID! title: String author: User }
  type User { id: ID! name: String }
`);

function makeSchema(): GraphQLSchema {
  const posts = Array.from({ length: 50 }, (_, id) => ({ id: String(id), title: `Post ${id}` }));
  return instrumentResolvers(
    buildSubgraphSchema([
      {
        typeDefs,
        resolvers: {
          Query: {
            posts: () => posts,
            broken: async () => {
              throw new Error('out of order');
            },
          },
          Post: {
            author: async (post: { id: string }, _args: unknown, { load }: Context) =>
              post.id === '7' ? Promise.reject(new Error('no author')) : load(String(Number(post.id) % 5)),
          },
          User: { name: async (user: { id: string }) => withSpan('inside', {}, () => `User ${user.id}`) },
        },
      },
    ]),
  );
}

function makeContext(): Context {
  const calls = new LoaderCalls();
  const seen = new Set<string>();
  const loader = new DataLoader<string, object>((ids) =>
    traceBatch('userById', ids, async () => ids.map((id) => ({ id })), calls),
  );
  return {
    load: (id) => {
      calls.note(seen.has(id));
      seen.add(id);
      return loader.load(id);
    },
  };
}

const document = parse('{ posts { id title author { id name } } }');

async function run(schema: GraphQLSchema, of = document): Promise<Pick<ExecutionResult, 'errors'>> {
  const contextValue = makeContext();
  return withSpan('operation', {}, () =>
    withResolverSpans(contextValue, () => execute({ schema, document: of, contextValue })),
  );
}

const compiled = new WeakMap<GraphQLSchema, Map<DocumentNode, Operation | null>>();

async function runCompiled(schema: GraphQLSchema, of = document): Promise<Pick<ExecutionResult, 'errors'>> {
  const contextValue = makeContext();
  const operations = compiled.get(schema) ?? new Map<DocumentNode, Operation | null>();
  compiled.set(schema, operations);
  const operation = operations.get(of) ?? operationOf(schema, of, null);
  operations.set(of, operation);
  const given = { rootValue: undefined, contextValue, variableValues: {} };
  return withSpan('operation', {}, () =>
    withResolverSpans(contextValue, async () => operation?.execute(given, { traced: true }) ?? {}),
  );
}

describe.each([
  ['graphql-js', run],
  ['compiled code', runCompiled],
])('executed by %s', (_, run) => {
  test('fifty posts make one span per selection, nested as the selections are', async () => {
    using recorder = recordSpans();
    const result = await run(makeSchema());
    expect(result.errors).toHaveLength(1);
    expect(
      recorder
        .spans()
        .filter((span) => span.name !== 'inside')
        .map((span) => span.name)
        .toSorted(),
    ).toEqual(['loader userById', 'operation', 'resolve Post.author', 'resolve Query.posts', 'resolve User.name']);
    const author = recorder.span('resolve Post.author');
    expect(author.attributes).toMatchObject({
      'graphql.field.path': 'posts.author',
      'chorus.resolver.count': 50,
      'chorus.resolver.errors': 1,
    });
    expect(author.status.code).toBe(SpanStatusCode.ERROR);
    expect(author.attributes['chorus.resolver.max_ms']).toBeLessThanOrEqual(
      Number(author.attributes['chorus.resolver.total_ms']),
    );
    const posts = recorder.span('resolve Query.posts');
    expect(posts.parentSpanContext?.spanId).toBe(recorder.span('operation').spanContext().spanId);
    expect(author.parentSpanContext?.spanId).toBe(posts.spanContext().spanId);
    const name = recorder.span('resolve User.name');
    expect(name.parentSpanContext?.spanId).toBe(author.spanContext().spanId);
    const inside = recorder.spans().filter((span) => span.name === 'inside');
    expect(inside).toHaveLength(49);
    expect(new Set(inside.map((span) => span.parentSpanContext?.spanId))).toEqual(new Set([name.spanContext().spanId]));
  });

  test('a batch is one span with its keys counted, under its callers and linked to them', async () => {
    using recorder = recordSpans();
    await run(makeSchema());
    const loader = recorder.span('loader userById');
    const author = recorder.span('resolve Post.author').spanContext();
    expect(loader.attributes).toEqual({
      'chorus.loader.keys': 49,
      'chorus.loader.unique': 5,
      'chorus.loader.batch_size': 5,
      'chorus.loader.memo_hits': 44,
    });
    expect(loader.parentSpanContext?.spanId).toBe(author.spanId);
    expect(loader.links.map((link) => link.context.spanId)).toEqual([author.spanId]);
  });

  test('operations at the same time that share a parsed document keep their spans apart', async () => {
    using recorder = recordSpans();
    const schema = makeSchema();
    await Promise.all(Array.from({ length: 8 }, () => run(schema)));
    const authors = recorder.spans().filter((span) => span.name === 'resolve Post.author');
    expect(authors.map((span) => span.attributes['chorus.resolver.count'])).toEqual(Array<number>(8).fill(50));
    expect(new Set(authors.map((span) => span.spanContext().traceId)).size).toBe(8);
  });

  test('a fragment spread at two places has its spans at both', async () => {
    using recorder = recordSpans();
    await run(makeSchema(), parse('{ a: posts { ...P } b: posts { ...P } } fragment P on Post { author { name } }'));
    const names = recorder.spans().filter((span) => span.name === 'resolve User.name');
    expect(
      names.map(({ attributes }) => [attributes['graphql.field.path'], attributes['chorus.resolver.count']]),
    ).toEqual([
      ['a.author.name', 49],
      ['b.author.name', 49],
    ]);
  });
});

test('nothing is recorded, and nothing changes, outside of a recorded trace', async () => {
  const schema = makeSchema();
  const contextValue = makeContext();
  const expected = await execute({ schema, document, contextValue });
  using recorder = recordSpans();
  const again = makeContext();
  expect(await withResolverSpans(again, () => execute({ schema, document, contextValue: again }))).toEqual(expected);
  expect(recorder.spans().filter((span) => span.name !== 'inside')).toEqual([]);
});

test("through Apollo's server the spans end with the execution, also when it fails", async () => {
  using recorder = recordSpans();
  const server = new ApolloServer<Context>({ schema: makeSchema(), plugins: [resolverSpans()] });
  try {
    await withSpan('request', {}, () =>
      server.executeOperation({ query: '{ broken posts { author { id } } }' }, { contextValue: makeContext() }),
    );
  } finally {
    await server.stop();
  }
  expect(recorder.span('resolve Query.broken').attributes['chorus.resolver.errors']).toBe(1);
  expect(recorder.span('resolve Post.author').attributes['chorus.resolver.count']).toBe(50);
});

test('a schema instrumented twice is wrapped once', async () => {
  using recorder = recordSpans();
  await run(instrumentResolvers(makeSchema()));
  expect(recorder.span('resolve Post.author').attributes['chorus.resolver.count']).toBe(50);
});
