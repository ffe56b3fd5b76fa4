import { describe, expect, it } from 'vitest';
import { OnceCache } from '../../src/execution/compiled/index.ts';

describe('OnceCache', () => {
  it('makes a value once, however many ask for it at the same time', async () => {
    const cache = new OnceCache<{ n: number }>(10);
    let made = 0;
    const all = await Promise.all(Array.from({ length: 100 }, () => cache.get('key', () => ({ n: ++made }))));
    expect(made).toBe(1);
    expect(new Set(all).size).toBe(1);
  });

  it('forgets what failed, and tries again', async () => {
    const cache = new OnceCache<{ n: number }>(10);
    const fail = (): never => {
      throw new Error('no plan');
    };
    await expect(cache.get('key', fail)).rejects.toThrow('no plan');
    await expect(cache.get('key', () => ({ n: 1 }))).resolves.toEqual({ n: 1 });
  });

  it('keeps the most recently used, and no more than it may', async () => {
    const cache = new OnceCache<{ key: string }>(2);
    for (const key of ['a', 'b', 'a', 'c']) await cache.get(key, () => ({ key }));
    expect(cache.size).toBe(2);
    let again = false;
    await cache.get('a', () => {
      again = true;
      return { key: 'a' };
    });
    expect(again).toBe(false);
  });
});
