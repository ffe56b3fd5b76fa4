import { parseArgs } from 'node:util';
import { Arena, describe, newCounts } from './difference/check.ts';
import { supergraphs } from './difference/supergraphs.ts';

/**
 * Proves the compiled executor against the stock one of @apollo/gateway: random operations over random data, nulls,
 * errors and lost subgraphs included. Ends after --operations, or when --seconds are over.
 */
const { values } = parseArgs({
  options: {
    seconds: { type: 'string' },
    seed: { type: 'string' },
    operations: { type: 'string', default: '10000' },
    supergraph: { type: 'string' },
  },
});

const first = values.seed === undefined ? Math.floor(Math.random() * 1_000_000_000) : Number(values.seed);
const until = values.seconds === undefined ? Infinity : Date.now() + Number(values.seconds) * 1_000;
const wanted = Number(values.operations);
const arenas = supergraphs()
  .filter(({ name }) => values.supergraph === undefined || name === values.supergraph)
  .map((source) => new Arena(source));
const counts = newCounts();
const print = (line: string): void => void process.stdout.write(`${line}\n`);
print(`difference: seed ${first}, up to ${wanted} operations over ${arenas.map(({ name }) => name).join(', ')}`);

let failed: string | undefined;
for (let seed = first; failed === undefined && counts.operations < wanted && Date.now() < until; seed++) {
  const arena = arenas[seed % arenas.length];
  const failure = await arena?.check(seed, counts);
  if (failure) failed = describe(failure);
}
if (failed !== undefined) print(failed);
print(JSON.stringify({ proof: 'difference', passed: failed === undefined, seed: first, ...counts }));
process.exitCode = failed === undefined ? 0 : 1;
