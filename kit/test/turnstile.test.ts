import { expect, test } from 'vitest';
import { Turnstile } from '../src/turnstile.ts';

test('a turnstile lets so many through at one time, in order, whatever becomes of them', async () => {
  const turnstile = new Turnstile(3);
  const began: number[] = [];
  let inside = 0;
  let most = 0;
  const all = Array.from({ length: 5000 }, (_, index) =>
    turnstile.pass(async () => {
      began.push(index);
      most = Math.max(most, ++inside);
      await new Promise(setImmediate);
      inside--;
      if (index % 7 === 0) throw new Error('failed');
      return index;
    }),
  );
  const results = await Promise.allSettled(all);
  expect(most).toBe(3);
  expect(began).toEqual(Array.from({ length: 5000 }, (_, index) => index));
  expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(715);
  expect(await turnstile.pass(async () => 'again')).toBe('again');
});
