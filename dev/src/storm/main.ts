import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { runStorm } from './storm.ts';

/** `npm run proof -- storm`: live chat under faults of every kind. */
const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '300' },
    seed: { type: 'string' },
    people: { type: 'string', default: '200' },
    rooms: { type: 'string', default: '50' },
  },
});
const seed = values.seed === undefined ? Math.floor(Math.random() * 1_000_000_000) : Number(values.seed);
const started = Date.now();
const print = (line: string) =>
  console.log(`${String(Math.round((Date.now() - started) / 1000)).padStart(4)} s  ${line}`);

const dir = mkdtempSync(path.join(tmpdir(), 'chorus-storm-'));
print(`storm: seed ${seed}, ${values.seconds} s`);
try {
  const { wrong, ...report } = await runStorm({
    dir,
    seconds: Number(values.seconds),
    seed,
    people: Number(values.people),
    rooms: Number(values.rooms),
    tell: print,
  });
  const table = (title: string, counts: Record<string, number>) => {
    print(title);
    for (const [name, count] of Object.entries(counts)) print(`  ${name.padEnd(16)} ${count}`);
  };
  table('people did', report.deeds);
  table('faults', report.faults);
  table('recoveries of chat’s streams', report.recoveries);
  print(`events shared    ${report.shared}`);
  table('clients', report.clients);
  for (const fault of wrong.slice(0, 20)) print(`WRONG  ${fault}`);
  if (wrong.length > 20) print(`WRONG  and ${wrong.length - 20} more`);
  console.log(JSON.stringify({ ...report, wrong: wrong.length }));
  process.exitCode = report.passed ? 0 : 1;
} catch (error) {
  console.error(error);
  console.log(JSON.stringify({ proof: 'storm', passed: false, seed }));
  process.exitCode = 1;
} finally {
  rmSync(dir, { recursive: true, force: true });
}
