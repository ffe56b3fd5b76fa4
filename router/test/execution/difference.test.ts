import { expect, it } from 'vitest';
import { Arena, describe as explain, newCounts } from '../../proof/difference/check.ts';
import { supergraphs } from '../../proof/difference/supergraphs.ts';

// The long version, with other seeds: npm run proof -- difference
it(
  'answers 500 random operations as the stock executor does, but for its known faults',
  { timeout: 120_000 },
  async () => {
    const counts = newCounts();
    const arenas = supergraphs().map((source) => new Arena(source));
    for (let seed = 1; counts.operations < 500; seed++) {
      const failure = await arenas[seed % arenas.length]?.check(seed, counts);
      expect(failure && explain(failure)).toBeUndefined();
    }
    expect(counts.runs).toBe(1_500);
    expect(counts.ourCalls).toBeLessThan(counts.stockCalls);
  },
);
