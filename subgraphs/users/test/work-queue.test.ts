import { expect, test } from 'vitest';
import { createWorkQueue } from '../src/account/work-queue.ts';

/** Work that ends when told to. */
function pieces() {
  const started: PromiseWithResolvers<string>[] = [];
  const work = () => {
    const piece = Promise.withResolvers<string>();
    started.push(piece);
    return piece.promise;
  };
  return { started, work };
}

test('runs no more at once than it may, in the order of the calls', async () => {
  const queue = createWorkQueue({ concurrency: 2, guessMs: 30, maxWaitMs: 1000 });
  const { started, work } = pieces();
  const results = [queue(work), queue(work), queue(work)];
  expect(started).toHaveLength(2);
  started[0]?.resolve('first');
  expect(await results[0]).toBe('first');
  await Promise.resolve();
  expect(started).toHaveLength(3);
  started[2]?.resolve('third');
  expect(await results[2]).toBe('third');
  started[1]?.resolve('second');
  expect(await results[1]).toBe('second');
});

test('a failure frees its place', async () => {
  const queue = createWorkQueue({ concurrency: 1, guessMs: 30, maxWaitMs: 1000 });
  await expect(queue(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  expect(await queue(async () => 'next')).toBe('next');
});

test('turns away what would wait too long, and says when to come back', async () => {
  const queue = createWorkQueue({ concurrency: 1, guessMs: 30, maxWaitMs: 2000 });
  const { started, work } = pieces();
  const refused: unknown[] = [];
  const calls = Array.from({ length: 100 }, () => queue(work).catch((error: unknown) => void refused.push(error)));
  await new Promise(setImmediate);
  // A piece is taken for 30 ms: one runs, 67 wait.
  expect(refused).toHaveLength(32);
  for (const error of refused) expect(error).toMatchObject({ extensions: { code: 'RATE_LIMITED', retryAfter: 3 } });

  for (let done = 0; done < 68; done++) {
    expect(started).toHaveLength(done + 1);
    started[done]?.resolve('done');
    await new Promise(setImmediate);
  }
  await Promise.all(calls);
  expect(await queue(async () => 'again')).toBe('again');
});
