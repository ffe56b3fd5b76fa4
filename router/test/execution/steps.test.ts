import { describe, expect, it } from 'vitest';
import { readPlan } from '../../src/execution/compiled/plan.ts';
import { schedule } from '../../src/execution/compiled/schedule.ts';
import { Graph, read, type Subgraphs } from './graph.ts';

const items = [1, 2, 3].map((n) => ({ id: String(n) }));
const shop: Subgraphs = {
  catalog: {
    sdl: `type Query { items: [Item!] top: Item }
      type Item @key(fields: "id") { id: ID! name: String price: Int weight: Int }`,
    resolvers: {
      Query: { items: () => [...items, items[0]], top: () => items[0] },
      Item: {
        __resolveReference: (item: { id: string }) => item,
        name: ({ id }: { id: string }) => `item ${id}`,
        price: ({ id }: { id: string }) => Number(id) * 10,
        weight: () => 2,
      },
    },
  },
  stock: {
    sdl: `type Item @key(fields: "id") {
      id: ID! price: Int @external weight: Int @external
      left: Int shipping: Int @requires(fields: "price weight")
    }`,
    resolvers: {
      Item: {
        __resolveReference: (item: object) => item,
        left: () => 5,
        shipping: ({ price, weight }: { price: number; weight: number }) => price + weight,
      },
    },
  },
  reviews: {
    sdl: `type Item @key(fields: "id") { id: ID! reviews(first: Int): [Review!] }
      type Review @key(fields: "id") { id: ID! author: User item: Item }
      type User @key(fields: "id") { id: ID! }`,
    resolvers: {
      Item: {
        __resolveReference: (item: object) => item,
        reviews: ({ id }: { id: string }, { first }: { first?: number }) =>
          [1, 2].slice(0, first ?? 2).map((n) => ({ id: `${id}-${n}`, author: { id: 'u' }, item: items[2] })),
      },
    },
  },
  users: {
    sdl: `type User @key(fields: "id") { id: ID! name: String friend: User best: User }`,
    resolvers: {
      User: {
        __resolveReference: (user: object) => user,
        name: ({ id }: { id: string }) => `user ${id}`,
        friend: () => ({ id: 'f' }),
        best: () => ({ id: 'f' }),
      },
    },
  },
};

describe('steps', () => {
  const graph = new Graph(shop);
  const services = (): string[] => graph.calls.map(({ service }) => service);

  it('makes one call of the entity fetches of one wave to one subgraph', async () => {
    const answer = await graph.run(
      'query Q($n: Int) { items { name reviews(first: $n) { id } } top { reviews { id } } }',
      {
        variables: { n: 1 },
      },
    );
    expect(services()).toEqual(['catalog', 'reviews']);
    const [, reviews] = graph.calls;
    expect(reviews?.query).toMatch(/e0:_entities\(representations:\$r0\).*e1:_entities\(representations:\$r1\)/);
    expect(Object.keys(reviews?.variables ?? {})).toEqual(['r0', 'r1', 'n']);
    expect(read(answer).data).toMatchObject({
      items: [{ reviews: [{ id: '1-1' }] }, {}, {}, {}],
      top: { reviews: [{}, {}] },
    });
  });

  it('asks for each entity once, wherever it stands', async () => {
    const answer = await graph.run('{ items { left } top { left } }');
    expect(graph.calls[1]?.variables).toEqual({
      representations: items.map(({ id }) => ({ __typename: 'Item', id })),
    });
    expect(read(answer)).toEqual({
      data: { items: Array.from({ length: 4 }, () => ({ left: 5 })), top: { left: 5 } },
      errors: [],
    });
  });

  it('makes no call for an empty set', async () => {
    const graph = new Graph({
      ...shop,
      catalog: { sdl: shop['catalog']?.sdl ?? '', resolvers: { Query: { items: () => [], top: () => null } } },
    });
    expect(read(await graph.run('{ items { left reviews { id } } top { left } }')).data).toEqual({
      items: [],
      top: null,
    });
    expect(graph.calls).toHaveLength(1);
  });

  it('waits for what a fetch needs and for nothing else', async () => {
    const operation = await graph.compile('{ items { shipping left reviews { author { name } } } }');
    const plan = await operation.planFor();
    if (!plan.node || plan.node.kind === 'Subscription') throw new Error('No plan.');
    const { steps } = readPlan(plan.node, new Map());
    const groups = schedule(steps);
    const users = groups.find(({ service }) => service === 'users');
    const waitedFor = users?.after.map((index) => groups[index]?.service);
    expect(waitedFor?.toSorted()).toEqual(['catalog', 'reviews']);
    expect(groups.find(({ service }) => service === 'stock')?.after.map((index) => groups[index]?.service)).toEqual([
      'catalog',
    ]);
  });

  it('lets a fetch that nothing waits for join a later call to the same subgraph', async () => {
    await graph.run(
      '{ items { name reviews { item { name } } } top { reviews { item { reviews { item { name } } } } } }',
    );
    const calls = services();
    expect(calls.filter((service) => service === 'catalog').length).toBeLessThanOrEqual(2);
  });

  it('keeps apart what different paths ask of one entity', async () => {
    const query =
      '{ a: top { reviews { author { friend { x: name } } } } b: top { reviews { author { friend { x: id } } } } }';
    expect(read(await graph.run(query)).data).toMatchObject({
      a: { reviews: [{ author: { friend: { x: 'user f' } } }, {}] },
      b: { reviews: [{ author: { friend: { x: 'f' } } }, {}] },
    });
  });

  it('runs the fields of a mutation one after the other, with all that belongs to each', async () => {
    const log: string[] = [];
    const resolver = (name: string) => () => {
      log.push(name);
      return { id: String(log.length) };
    };
    const graph = new Graph({
      left: {
        sdl: 'type Query { q: Int } type Mutation { a: Thing c: Thing } type Thing @key(fields: "id") { id: ID! }',
        resolvers: { Mutation: { a: resolver('a'), c: resolver('c') } },
      },
      right: {
        sdl: 'type Mutation { b: Thing } type Thing @key(fields: "id") { id: ID! seen: Int }',
        resolvers: {
          Mutation: { b: resolver('b') },
          Thing: {
            __resolveReference: (thing: object) => thing,
            seen: () => {
              log.push('seen');
              return log.length;
            },
          },
        },
      },
    });
    await graph.run('mutation { a { seen } b { id seen } c { seen } }');
    expect(log).toEqual(['a', 'seen', 'b', 'seen', 'c', 'seen']);
    // Left to the planner, this calls b twice.
    log.length = 0;
    const query = 'mutation ($no: Boolean!) { ... @skip(if: $no) { a { id } b { seen } c { id } } b { id } }';
    await graph.run(query, { variables: { no: false } });
    expect(log).toEqual(['a', 'b', 'seen', 'c']);
    log.length = 0;
    await graph.run(query, { variables: { no: true } });
    expect(log).toEqual(['b']);
  });

  it('answers an alias that is the name of a key, which the planner would lose', async () => {
    const { data, errors } = read(
      await graph.run('{ items { id: name reviews { id: __typename } left name: price } }'),
    );
    expect(errors).toEqual([]);
    expect(data).toMatchObject({
      items: [{ id: 'item 1', left: 5, name: 10, reviews: [{ id: 'Review' }, {}] }, {}, {}, {}],
    });
  });

  it('takes variables with names of its own, and leaves out those not given', async () => {
    const query = `query ($representations: Int = 1, $r0: Int, $r: Int) { top { reviews(first: $representations) { id } }
      items { a: reviews(first: $r0) { id } b: reviews(first: $r) { id } } }`;
    const { data, errors } = read(await graph.run(query, { variables: { r0: 1 } }));
    expect(errors).toEqual([]);
    expect(data).toMatchObject({ top: { reviews: [{ id: '1-1' }] }, items: [{ a: [{}], b: [{}, {}] }, {}, {}, {}] });
    expect(graph.calls[1]?.variables).not.toHaveProperty('r');
  });

  it('settles conditions before it runs', async () => {
    const query = `query ($no: Boolean = false, $yes: Boolean!) {
      top { name @include(if: $no) left @skip(if: $yes) ...F @include(if: $yes) } items @skip(if: $yes) { id } }
      fragment F on Item { reviews @skip(if: true) { id } price @include(if: $yes) @skip(if: $no) }`;
    expect(read(await graph.run(query, { variables: { yes: true } })).data).toEqual({ top: { price: 10 } });
    expect(services()).toEqual(['catalog']);
    expect(read(await graph.run(query, { variables: { yes: false, no: true } })).data).toMatchObject({
      top: { name: 'item 1', left: 5 },
      items: [{}, {}, {}, {}],
    });
    expect(services()).toEqual(['catalog', 'stock']);
  });

  it('answers introspection beside ordinary fields, also in fragments', async () => {
    const { data, errors } = read(
      await graph.run(
        `query ($t: String!) { kind: __typename ...F top { id __typename } s: __schema { queryType { name } } }
         fragment F on Query { ... @include(if: true) { __type(name: $t) { name fields { name } } } }`,
        { variables: { t: 'Review' } },
      ),
    );
    expect(errors).toEqual([]);
    expect(data).toEqual({
      kind: 'Query',
      __type: { name: 'Review', fields: [{ name: 'id' }, { name: 'author' }, { name: 'item' }] },
      top: { id: '1', __typename: 'Item' },
      s: { queryType: { name: 'Query' } },
    });
  });

  it('says what is wrong with variables', async () => {
    const operation = await graph.compile(
      'query ($n: Int!, $representations: Int) { top { a: reviews(first: $n) { id } b: reviews(first: $representations) { id } } }',
    );
    expect(operation.checkVariables({ n: 1, representations: 2 })).toEqual([]);
    expect(operation.checkVariables({ n: 'x' }).map(({ message }) => message)).toEqual([
      expect.stringContaining('Variable "$n" got invalid value "x"'),
    ]);
    expect(operation.checkVariables(undefined)).toHaveLength(1);
  });
});
