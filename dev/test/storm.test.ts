import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { runStorm } from '../src/storm/storm.ts';

// The long version, with another seed each time: npm run proof -- storm
test(
  'a storm of half a minute loses nothing, doubles nothing, and takes every way of recovering',
  {
    timeout: 500_000,
  },
  async () => {
    const dir = await mkdtemp(path.join(tmpdir(), 'chorus-storm-'));
    try {
      const lines: string[] = [];
      const report = await runStorm({ dir, seconds: 30, seed: 1, tell: (line) => lines.push(line) });
      expect(report.wrong, lines.join('\n')).toEqual([]);
      expect(report).toMatchObject({ passed: true, people: 200, rooms: 50 });
      for (const [fault, count] of Object.entries(report.faults)) expect(count, fault).toBeGreaterThan(0);
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  },
);
