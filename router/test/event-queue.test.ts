import { expect, test } from 'vitest';
import { createEventQueue } from '../src/execution/event-queue.ts';

const create = (limit: { events: number; bytes: number }) => {
  let ended = 0;
  const overflow = () => new Error('too slow');
  const queue = createEventQueue<number>({ limit, overflow, onEnd: () => ended++ });
  return { queue, ended: () => ended };
};
const drain = async (queue: AsyncIterableIterator<number, void>) => {
  const taken: unknown[] = [];
  try {
    for await (const event of queue) taken.push(event);
  } catch (error) {
    taken.push((error as Error).message);
  }
  return taken;
};

test('a queue gives what waits, then the error, when there are too many', async () => {
  const { queue, ended } = create({ events: 3, bytes: 1000 });
  for (const event of [1, 2, 3, 4, 5]) queue.push(event, 1);
  expect(ended()).toBe(1);
  expect(await drain(queue)).toEqual([1, 2, 3, 'too slow']);
});

test('or too large ones, also when some were taken', async () => {
  const { queue } = create({ events: 100, bytes: 10 });
  queue.push(1, 6);
  expect(await queue.next()).toEqual({ done: false, value: 1 });
  queue.push(2, 6);
  queue.push(3, 4);
  queue.push(4, 1);
  expect(await drain(queue)).toEqual([2, 3, 'too slow']);
});

test('but not one alone, however large', async () => {
  const { queue } = create({ events: 100, bytes: 10 });
  queue.push(1, 5000);
  queue.end();
  expect(await drain(queue)).toEqual([1]);
});
