import { expect, test } from 'vitest';
import { batchMany, batchOne, batchPages } from '../src/loaders.ts';

test('one for each key: in the order of the keys whatever that of the rows, null where there is none, each key once', async () => {
  const batches: (readonly string[])[] = [];
  const loader = batchOne({
    name: 'thing',
    load: async (keys: readonly string[]) => {
      batches.push(keys);
      return keys
        .filter((key) => key !== 'missing')
        .map((id) => ({ id }))
        .toReversed();
    },
    keyOf: (row: { id: string }) => row.id,
  });
  expect(await Promise.all(['a', 'missing', 'b', 'a'].map((key) => loader.load(key)))).toEqual([
    { id: 'a' },
    null,
    { id: 'b' },
    { id: 'a' },
  ]);
  expect(batches).toEqual([['a', 'missing', 'b']]);
});

test('keys may be objects', async () => {
  const loader = batchOne({
    name: 'pair',
    cacheKey: (key: { a: number; b: number }) => `${key.a}:${key.b}`,
    load: async (keys) => keys.map(({ a, b }) => ({ a, b, sum: a + b })),
    keyOf: ({ a, b }) => `${a}:${b}`,
  });
  const [first, second] = await Promise.all([loader.load({ a: 1, b: 2 }), loader.load({ a: 1, b: 2 })]);
  expect(first).toEqual({ a: 1, b: 2, sum: 3 });
  expect(second).toBe(first);
});

test('a batch has at most 500 keys', async () => {
  const sizes: number[] = [];
  const loader = batchMany({
    name: 'things',
    load: async (keys: readonly number[]) => {
      sizes.push(keys.length);
      return keys.map((key) => [key]);
    },
  });
  await loader.loadMany(Array.from({ length: 501 }, (_, index) => index));
  expect(sizes).toEqual([500, 1]);
});

test('a failed batch fails each of its keys', async () => {
  const loader = batchMany({ name: 'things', load: () => Promise.reject<string[]>(new Error('away')) });
  const results = await Promise.allSettled([loader.load('a'), loader.load('b')]);
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
});

test('the same page of many parents is one batch; another page is another', async () => {
  const calls: [readonly string[], { limit: number }][] = [];
  const pages = batchPages({
    name: 'children',
    load: async (keys: readonly string[], page: { limit: number }) => {
      calls.push([keys, page]);
      return keys.map((key) => `${key}:${page.limit}`);
    },
  });
  expect(await Promise.all([pages('a', { limit: 3 }), pages('b', { limit: 3 }), pages('a', { limit: 5 })])).toEqual([
    'a:3',
    'b:3',
    'a:5',
  ]);
  expect(calls).toEqual([
    [['a', 'b'], { limit: 3 }],
    [['a'], { limit: 5 }],
  ]);
});
