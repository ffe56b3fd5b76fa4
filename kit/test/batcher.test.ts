import { AsyncLocalStorage } from 'node:async_hooks';
import { expect, test } from 'vitest';
import { Batcher } from '../src/batcher.ts';

/** Whose calls end when they are told to. */
function create(max = 100) {
  const calls: { items: readonly number[]; end: PromiseWithResolvers<void> }[] = [];
  const batcher = new Batcher<number, string>({
    max,
    async run(items) {
      const end = Promise.withResolvers<void>();
      calls.push({ items, end });
      await end.promise;
      return items.map(String);
    },
    full: () => new Error('too many'),
  });
  return { batcher, calls, asked: () => calls.map(({ items }) => items) };
}
const turn = () => new Promise(setImmediate);

test('one that comes alone is run at once, and those that come meanwhile together, in their order', async () => {
  const { batcher, calls, asked } = create(3);
  const results = [1, 2, 3, 4, 5].map((item) => batcher.add(item));
  expect(asked()).toEqual([[1]]);
  calls[0]?.end.resolve();
  await turn();
  expect(asked()).toEqual([[1], [2, 3, 4]]);
  calls[1]?.end.resolve();
  await turn();
  expect(asked()).toEqual([[1], [2, 3, 4], [5]]);
  calls[2]?.end.resolve();
  expect(await Promise.all(results)).toEqual(['1', '2', '3', '4', '5']);
  const late = batcher.add(6);
  expect(asked().at(-1)).toEqual([6]);
  calls.at(-1)?.end.resolve();
  expect(await late).toBe('6');
});

test('what a call fails with all of its items get, and nobody after them', async () => {
  const { batcher, calls } = create();
  const first = batcher.add(1);
  const both = [batcher.add(2), batcher.add(3)];
  calls[0]?.end.resolve();
  expect(await first).toBe('1');
  await turn();
  const next = batcher.add(4);
  calls[1]?.end.reject(new Error('broken'));
  for (const one of both) await expect(one).rejects.toThrow('broken');
  await turn();
  calls[2]?.end.resolve();
  expect(await next).toBe('4');
});

test('a result that takes longer keeps nobody else waiting', async () => {
  const slow = Promise.withResolvers<string>();
  const batcher = new Batcher<number, string>({
    max: 10,
    run: async (items) => items.map((item) => (item === 1 ? slow.promise : String(item))),
    full: () => new Error('too many'),
  });
  const first = batcher.add(1);
  expect(await batcher.add(2)).toBe('2');
  slow.resolve('at last');
  expect(await first).toBe('at last');
});

test('more than may wait are turned away', async () => {
  const { batcher, calls } = create(20_000);
  const results = Array.from({ length: 10_001 }, (_, item) => batcher.add(item));
  await expect(batcher.add(0)).rejects.toThrow('too many');
  calls[0]?.end.resolve();
  await turn();
  calls[1]?.end.resolve();
  expect(await Promise.all(results)).toHaveLength(10_001);
});

test('a call belongs to the first of its items', async () => {
  const store = new AsyncLocalStorage<string>();
  const seen: (string | undefined)[] = [];
  const batcher = new Batcher<number, null>({
    max: 10,
    async run(items) {
      await turn();
      seen.push(store.getStore());
      return items.map(() => null);
    },
    full: () => new Error('too many'),
  });
  await Promise.all(['ada', 'bob', 'eve'].map((name, item) => store.run(name, () => batcher.add(item))));
  expect(seen).toEqual(['ada', 'bob']);
});
