import { buildSchema, GraphQLError, Kind, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { Random } from '../../proof/difference/random.ts';
import { spell } from '../../proof/difference/spelling.ts';
import { compileReader } from '../../src/execution/compiled/answer-reader.ts';
import type { CallSubgraph } from '../../src/execution/compiled/index.ts';
import type { Data } from '../../src/execution/compiled/merge.ts';
import { Graph, read } from './graph.ts';

const schema = buildSchema(`
  scalar Any
  type Query { users: [User!] me: User item: Item grid: [[User]] texts: [String] any: Any }
  type User { id: ID name: String age: Int score: Float friend: User posts: [Post!] }
  type Post { id: ID text: String author: User }
  type Book { pages: Int }
  type Film { minutes: Int }
  union Item = Book | Film
`);

/** The reader of a query; `entities` is the type of the elements of a list under that key instead. */
function reader(query: string, { share = true, entities }: { share?: boolean; entities?: string } = {}) {
  const [definition] = parse(query).definitions;
  const type = entities === undefined ? schema.getQueryType() : schema.getType(entities);
  if (definition?.kind !== Kind.OPERATION_DEFINITION || !type || !('getFields' in type) || 'isOneOf' in type)
    throw new Error('No such query.');
  const { selectionSet } = definition;
  const context = { schema, fragments: new Map<string, never>(), assignment: new Map(), deferring: false };
  const part = { type, selectionSet, context, mayShare: () => share };
  return compileReader([entities === undefined ? part : { key: 'e0', ...part }]);
}

function readWith(query: string, text: string): { data: Data | undefined; repeated: Set<Data> } {
  const repeated = new Set<Data>();
  return { data: reader(query)?.(text, repeated), repeated };
}

const answer = (data: unknown): string => JSON.stringify({ data });
const USERS = '{ users { __typename id name age } }';
const users = (...values: string[]): string => `{"data":{"users":[${values.join(',')}]}}`;
const ann = '{"__typename":"User","id":"1","name":"Ann","age":7}';

describe('the reader of answers', () => {
  it('reads what is expected as JSON.parse does', () => {
    const texts = ['x', '', 'say \\"hi\\"', '\\u00e9\\n\\/', 'ünï\u2028 🙂', '\\ud83d', '\ud83d', '\u007f'];
    const numbers = ['0', '-0', '7', '-12', '1.5', '1e3', '1E+2', '2147483648', '1.0', '1e400', '12345678901234567890'];
    const written = texts.flatMap((text) =>
      numbers.map((n) => `{"__typename":"User","id":null,"name":"${text}","age":${n}}`),
    );
    for (const text of [users(...written), users('null', ann, 'null'), users(), '{"data":{"users":null}}\n']) {
      const { data } = readWith(USERS, text);
      expect(data).toBeDefined();
      expect(data).toEqual((JSON.parse(text) as { data: unknown }).data);
    }
    const nested = { grid: [[{ id: 1, friend: null }, null], [], null], texts: ['a', null], me: null, any: true };
    expect(readWith('{ grid { id friend { name } } texts me { id } any }', answer(nested)).data).toEqual(nested);
  });

  it('tells the types of a union apart', () => {
    const query = '{ item { __typename ... on Film { minutes } ... on Book { pages } } }';
    for (const item of [{ __typename: 'Book', pages: 3 }, { __typename: 'Film', minutes: 9 }, null])
      expect(readWith(query, answer({ item })).data).toEqual({ item });
    expect(readWith(query, answer({ item: { __typename: 'User' } })).data).toBeUndefined();
    expect(reader('{ item { ... on Film { minutes __typename } } }')).toBeUndefined();
  });

  it.each([
    ['white space', `{ "data":{"users":[]}}`],
    ['white space inside', users(ann.replace(':7', ': 7'))],
    ['another order', users('{"id":"1","__typename":"User","name":"Ann","age":7}')],
    ['a key that is there twice', users(ann.replace('}', ',"age":8}'))],
    ['a key in its place that is there again', users(ann.replace('"name"', '"id":"2","name"'))],
    ['a missing key', users('{"__typename":"User","id":"1","name":"Ann"}')],
    ['__proto__', users(ann.replace('}', ',"__proto__":{"x":1}}'))],
    ['an escape in a key', users(ann.replace('"id"', '"\\u0069d"'))],
    ['another type', users(ann.replace('User', 'Person'))],
    ['an object where a leaf should be', users(ann.replace('7', '{"n":7}'))],
    ['a list where a leaf should be', users(ann.replace('7', '[7]'))],
    ['a leaf where an object should be', users('7')],
    ['errors first', `{"errors":[],"data":{"users":[]}}`],
    ['errors last', `{"data":{"users":[]},"errors":[{"message":"no"}]}`],
    ['extensions', `{"data":{"users":[]},"extensions":{}}`],
    ['no data', '{"data":null}'],
    ['a number that is none', users(ann.replace('7', '07'))],
    ['half a number', users(ann.replace('7', '7.'))],
    ['a control character', users(ann.replace('Ann', 'A\u0001n'))],
    ['a line break in a string', users(ann.replace('Ann', 'A\nn'))],
    ['an escape that is none', users(ann.replace('Ann', '\\x41'))],
    ['half an escape', users(ann.replace('Ann', '\\u12'))],
    ['a string without end', users(ann.replace('Ann"', 'Ann\\"'))],
    ['a word that is none', users(ann.replace('7', 'nul'))],
    ['a comma too many', users(ann, '')],
    ['text behind it', `${users(ann)}x`],
    ['a space that is none for JSON', `${users(ann)}\u00a0`],
    ['an end too early', users(ann).slice(0, -1)],
    ['nothing', ''],
    ['lists without end', `{"data":{"users":${'['.repeat(100_000)}`],
  ])('leaves %s to JSON.parse', (_, text) => {
    expect(readWith(USERS, text).data).toBeUndefined();
    expect(readWith(USERS, users(ann)).data).toBeDefined();
  });

  it('reads however an answer is spelled, or leaves it', () => {
    const random = new Random(7);
    const query = '{ users { id name score posts { id text author { name age } } } }';
    const read = reader(query);
    const text = (): string | null => random.pick([null, 'plain', 'a "quote" \\ /', 'ü🙂\n', '']);
    const user = () => ({ name: text(), age: random.pick([0, 41, null]) });
    const post = () => ({ id: `${random.int(3)}`, text: text(), author: user() });
    let fast = 0;
    for (let i = 0; i < 2_000; i++) {
      const data = {
        users: Array.from({ length: random.int(4) }, () => {
          const posts = Array.from({ length: random.int(4) }, post);
          return { id: `${random.int(3)}`, name: text(), score: random.pick([0.5, -1e21, 3]), posts };
        }),
      };
      const result = read?.(spell({ data }, random), new Set());
      if (result !== undefined) fast++;
      // As text, so that the order of keys counts too.
      expect(JSON.stringify(result ?? data)).toBe(JSON.stringify(data));
    }
    expect(fast).toBeGreaterThan(500);
  });

  it('makes one object of equal texts at one place', () => {
    const post = { id: '1', text: 'a', author: { name: 'Ann', age: 7 } };
    const data = { users: [{ posts: [post, post] }, { posts: [{ ...post, author: { name: 'Ann', age: 8 } }, post] }] };
    const query = '{ users { posts { id text author { name age } } } }';
    const repeated = new Set<Data>();
    const result = reader(query)?.(answer(data), repeated) as { users: { posts: { author: object }[] }[] } | undefined;
    expect(result).toEqual(data);
    const [first, second] = result?.users ?? [];
    expect(first?.posts[0]).toBe(first?.posts[1]);
    expect(first?.posts[0]).not.toBe(second?.posts[0]);
    expect(repeated).toContain(first?.posts[0]);
    expect(reader(query, { share: false })?.(answer(data), new Set())).toEqual(data);
    const entities = reader('{ name friend { id } }', { entities: 'User' });
    const text =
      '{"data":{"e0":[{"name":"a","friend":{"id":"1"}},{"name":"a","friend":{"id":"1"}},{"name":"a","friend":{"id":1}}]}}';
    const read = entities?.(text, new Set()) as { e0: { friend: object }[] } | undefined;
    expect(read).toEqual((JSON.parse(text) as { data: unknown }).data);
    // Entities are asked for once each, and each is merged into other objects.
    expect(read?.e0[0]).not.toBe(read?.e0[1]);
    expect(read?.e0[0]?.friend).toBe(read?.e0[1]?.friend);
  });

  it('looks for equal texts no longer where none come', () => {
    const posts = Array.from({ length: 60 }, (_, i) => ({ id: `${i}`, author: { age: i % 2 } }));
    const data = { users: [{ posts: [...posts, posts[59], posts[59]] }] };
    const repeated = new Set<Data>();
    expect(reader('{ users { posts { id author { age } } } }')?.(answer(data), repeated)).toEqual(data);
    expect([...repeated]).toEqual([{ age: 0 }, { age: 1 }]);
  });

  it('tries again, but not each time, when answers are not as expected', () => {
    const read = reader(USERS);
    const good = users(ann);
    const taken = (): boolean => read?.(good, new Set()) !== undefined;
    expect(taken()).toBe(true);
    read?.(users('7'), new Set());
    expect([taken(), taken()]).toEqual([false, true]);
    for (let i = 0; i < 2_000; i++) read?.(users('7'), new Set());
    let tries = 1;
    while (!taken()) tries++;
    expect(tries).toBeLessThanOrEqual(256);
    expect(taken()).toBe(true);
  });

  it('is not made for what is very large', () => {
    const query = (count: number): string =>
      `{ users { ${Array.from({ length: count }, (_, i) => `k${i}: name`).join(' ')} } }`;
    expect(reader(query(400))).toBeDefined();
    expect(reader(query(600))).toBeUndefined();
  });

  it('fails in linear time', () => {
    const keys = Array.from({ length: 60 }, (_, i) => `k${i}`);
    const query = `{ users { ${keys.map((key) => `${key}: name`).join(' ')} } }`;
    const text = users(JSON.stringify(Object.fromEntries([...keys, 'other'].map((key) => [key, 'some text']))));
    expect(readWith(query, text).data).toBeUndefined();
  });
});

describe('objects that look alike', () => {
  const graph = new Graph({
    shapes: {
      sdl: `type Query { things: [Thing!] }
        type Thing @key(fields: "id") { id: ID! look: Look @shareable maker: Maker }
        type Look { round: Boolean }
        type Maker @key(fields: "id") { id: ID! }`,
      resolvers: {
        Query: {
          things: () =>
            ['1', '2', '3'].map((id) => ({ id, look: { round: true }, maker: { id: id === '3' ? 'b' : 'a' } })),
        },
      },
    },
    paints: {
      sdl: `type Thing @key(fields: "id") { id: ID! look: Look @shareable }
        type Look { gloss: Int }
        type Maker @key(fields: "id") { id: ID! name: String! nick: String city: String! }`,
      resolvers: {
        Thing: { look: ({ id }: { id: string }) => ({ gloss: Number(id) }) },
        Maker: {
          name: ({ id }: { id: string }) => (id === 'a' ? 'Ann' : 'Bob'),
          nick: ({ id }: { id: string }) => {
            if (id === 'a') throw new GraphQLError('no', { extensions: { code: 'FORBIDDEN' } });
            return 'B';
          },
          city: ({ id }: { id: string }) => (id === 'a' ? 'none' : 'Bonn'),
        },
      },
    },
  });

  it('are kept apart where another subgraph fills them further', async () => {
    expect(read(await graph.run('{ things { look { round gloss } } }')).data).toEqual({
      things: [1, 2, 3].map((gloss) => ({ look: { round: true, gloss } })),
    });
  });

  it('are asked about, filled and printed alike where they are the same', async () => {
    const infos: { requested: number; unique: number }[] = [];
    const answer = await graph.run('{ things { maker { name } } }', {
      call: (service, body, info) => {
        infos.push(info);
        return graph.call(service, body, info);
      },
    });
    const [ann, bob] = ['Ann', 'Bob'].map((name) => ({ maker: { name } }));
    expect(read(answer)).toEqual({ data: { things: [ann, ann, bob] }, errors: [] });
    expect(infos[1]).toMatchObject({ requested: 3, unique: 2 });
  });

  it('have an error at each place', async () => {
    const told = read(await graph.run('{ things { maker { nick } } }'));
    expect(told.data).toEqual({
      things: [{ maker: { nick: null } }, { maker: { nick: null } }, { maker: { nick: 'B' } }],
    });
    const places = [0, 1].map((i) => ({ path: ['things', i, 'maker', 'nick'], extensions: { code: 'FORBIDDEN' } }));
    expect(told.errors).toMatchObject(places);
    const call: CallSubgraph = async (service, body, info) => {
      const answer = await graph.call(service, body, info);
      return typeof answer === 'string' ? answer.replaceAll('"none"', 'null') : answer;
    };
    const found = read(await graph.run('{ things { maker { city } } }', { call }));
    expect(found.data).toEqual({ things: [{ maker: null }, { maker: null }, { maker: { city: 'Bonn' } }] });
    expect(found.errors).toMatchObject([0, 1].map((i) => ({ path: ['things', i, 'maker', 'city'] })));
  });

  it('have an error at each place, too, when nothing came for them', async () => {
    const answer = await graph.run('{ things { maker { name } } }', {
      call: async (service, body, info) => {
        if (service === 'paints') throw new Error('down');
        return graph.call(service, body, info);
      },
    });
    expect(answer.errors.map(({ path }) => path)).toEqual([0, 1, 2].map((i) => ['things', i, 'maker', 'name']));
  });
});
