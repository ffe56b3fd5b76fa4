import { describe, expect, it } from 'vitest';
import {
  printFirst,
  printPayload,
  type CallSubgraph,
  type IncrementalPayload,
} from '../../src/execution/compiled/index.ts';
import { Graph, read } from './graph.ts';

const graph = new Graph({
  users: {
    sdl: `type Query { me: User users: [User] node: Node }
      interface Node { id: ID! }
      type User implements Node @key(fields: "id") { id: ID! name: String address: Address }
      type Bot implements Node @key(fields: "id") { id: ID! model: String }
      type Address { city: String! }`,
    resolvers: {
      Query: {
        me: () => ({ id: '1' }),
        users: () => [{ id: '1' }, null, { id: '2' }],
        node: () => ({ __typename: 'User', id: '1' }),
      },
      User: {
        __resolveReference: (user: object) => user,
        name: ({ id }: { id: string }) => `user ${id}`,
        address: ({ id }: { id: string }) => (id === '1' ? {} : { city: 'Bergen' }),
      },
    },
  },
  scores: {
    sdl: `type User @key(fields: "id") { id: ID! score: Int! rank: Rank } type Rank { place: Int best: User }
      type Bot @key(fields: "id") { id: ID! score: Float }`,
    resolvers: {
      User: {
        __resolveReference: (user: object) => user,
        score: ({ id }: { id: string }) => Number(id) * 7,
        rank: () => ({ place: 3, best: { id: '2' } }),
      },
    },
  },
});

/** Payloads as a client reads them. */
async function payloads(query: string, options: { variables?: Record<string, unknown>; call?: CallSubgraph } = {}) {
  const answer = await graph.run(query, { ...options, incremental: true });
  if (!answer.subsequent) return [read(answer)];
  const all: unknown[] = [JSON.parse(printFirst(answer))];
  for await (const payload of answer.subsequent) all.push(JSON.parse(printPayload(payload)));
  return all;
}

describe('@defer', () => {
  it('answers at once and sends the deferred parts after it', async () => {
    expect(await payloads('{ me { id ... @defer(label: "slow") { score rank { place } } } }')).toEqual([
      { data: { me: { id: '1' } }, hasNext: true },
      { incremental: [{ data: { score: 7, rank: { place: 3 } }, path: ['me'], label: 'slow' }], hasNext: false },
    ]);
  });

  it('does not hold the answer for a slow subgraph', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const answer = await graph.run('{ me { name ... @defer { score } } }', {
      incremental: true,
      call: async (...call) => {
        if (call[0] === 'scores') await promise;
        return graph.call(...call);
      },
    });
    expect(JSON.parse(answer.data)).toEqual({ me: { name: 'user 1' } });
    resolve();
    expect(await answer.subsequent?.next()).toMatchObject({ value: { hasNext: false }, done: false });
    expect(await answer.subsequent?.next()).toEqual({ value: undefined, done: true });
  });

  it('sends a part for each object, with its path, and none for nulls', async () => {
    const [first, second] = await payloads('{ users { ...S @defer } } fragment S on User { n: name score }');
    expect(first).toEqual({ data: { users: [{}, null, {}] }, hasNext: true });
    expect(second).toEqual({
      incremental: [
        { data: { n: 'user 1', score: 7 }, path: ['users', 0] },
        { data: { n: 'user 2', score: 14 }, path: ['users', 2] },
      ],
      hasNext: false,
    });
  });

  it('nests, in order', async () => {
    const all = await payloads(
      '{ me { id ... @defer(label: "a") { rank { place best { id ... @defer(label: "b") { name } } } } } }',
    );
    const parts = all.slice(1).flatMap((payload) => (payload as IncrementalPayload).incremental);
    expect(parts).toEqual([
      { data: { rank: { place: 3, best: { id: '2' } } }, path: ['me'], label: 'a' },
      { data: { name: 'user 2' }, path: ['me', 'rank', 'best'], label: 'b' },
    ]);
    expect(all.at(-1)).toMatchObject({ hasNext: false });
  });

  it('defers one fragment in two places, each with the client’s label', async () => {
    const [first, ...rest] = await payloads(
      '{ me { ...S @defer(label: "s") } users { id ...S @defer(label: "t") } } fragment S on User { score }',
    );
    expect(first).toMatchObject({ data: { me: {}, users: [{ id: '1' }, null, { id: '2' }] } });
    const parts = rest.flatMap((payload) => (payload as IncrementalPayload).incremental);
    expect(parts.map(({ path, label }) => [label, ...path])).toEqual([
      ['s', 'me'],
      ['t', 'users', 0],
      ['t', 'users', 2],
    ]);
  });

  it('defers by type condition', async () => {
    const query = '{ node { id ... on Bot @defer { model } ... on User @defer(label: "u") { name } } }';
    expect(await payloads(query)).toEqual([
      { data: { node: { id: '1' } }, hasNext: true },
      { incremental: [{ data: { name: 'user 1' }, path: ['node'], label: 'u' }], hasNext: false },
    ]);
  });

  it('is one answer for a client that does not take parts, or when its condition does not hold', async () => {
    const query = 'query ($d: Boolean!) { me { id ... @defer(if: $d) { score } } }';
    const whole = { data: { me: { id: '1', score: 7 } }, errors: [] };
    expect(read(await graph.run(query, { variables: { d: true } }))).toEqual(whole);
    expect(await payloads(query, { variables: { d: false } })).toEqual([whole]);
    expect(await payloads(query, { variables: { d: true } })).toHaveLength(2);
  });

  it('keeps errors with the part that they belong to', async () => {
    const failing: CallSubgraph = async (...call) => {
      if (call[0] === 'scores') throw new Error('down');
      return graph.call(...call);
    };
    const [first, second] = await payloads('{ users { name ... @defer { score } } }', { call: failing });
    expect(first).not.toHaveProperty('errors');
    expect(second).toMatchObject({
      incremental: [
        {
          data: null,
          path: ['users', 0],
          errors: [{ path: ['users', 0, 'score'], extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }],
        },
        { data: null, path: ['users', 2], errors: [{ path: ['users', 2, 'score'] }] },
      ],
    });
    const nulls = await payloads('{ me { name ... @defer { address { city } } } }');
    expect(nulls[1]).toMatchObject({
      incremental: [{ data: { address: null }, path: ['me'], errors: [{ path: ['me', 'address', 'city'] }] }],
    });
  });

  it('sends nothing for an object that the client did not get', async () => {
    const query = '{ me { address { city ... @defer(label: "lost") { c: city } } } }';
    const all = await payloads(query);
    expect(all[0]).toMatchObject({ data: { me: { address: null } }, errors: [{ path: ['me', 'address', 'city'] }] });
    expect(all[1]).toEqual({ hasNext: false });
  });

  it('defers at the root', async () => {
    const [first, second] = await payloads('{ ... @defer(label: "root") { me { score } } }');
    expect(first).toEqual({ data: {}, hasNext: true });
    expect(second).toEqual({ incremental: [{ data: { me: { score: 7 } }, path: [], label: 'root' }], hasNext: false });
  });
});
