import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Rule } from '@chorus/kit/limits';
import { LIMITS } from '@chorus/schema/limits';
import { expect, test } from 'vitest';
import { ROOT } from '../src/layout.ts';

test('docs/limits.md has the limits that hold', () => {
  const documented = readFileSync(path.join(ROOT, 'docs/limits.md'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2)
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  const rules = Object.values(LIMITS).flatMap((rulesOf) => Object.entries<Rule>(rulesOf));
  const held = rules.map(([name, { viewer, address, account }]) => {
    const quotas = [viewer, address, account];
    const windows = new Set(quotas.flatMap((quota) => quota?.seconds ?? []));
    return [name, ...quotas.map((quota) => String(quota?.count ?? '')), `${[...windows].join(', ')} s`];
  });
  expect(documented).toEqual(held);
});
