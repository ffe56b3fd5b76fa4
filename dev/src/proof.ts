import { spawn } from 'node:child_process';
import path from 'node:path';
import { ROOT } from './layout.ts';

/** Properties that take too long for every test run: name -> the program that looks for a counter-example. */
const PROOFS: Record<string, string> = {
  difference: 'router/proof/difference.ts',
  storm: 'dev/src/storm/main.ts',
};

const HELP = `npm run proof -- NAME [--seconds N] [--seed N]   proves a property with random input

  difference   the router's executor against the stock one of @apollo/gateway [--operations N]
  storm        live chat under faults of every kind [--people N] [--rooms N]`;

const [name = '', ...args] = process.argv.slice(2).filter((arg) => arg !== '--');
const program = Object.hasOwn(PROOFS, name) ? PROOFS[name] : undefined;
if (program === undefined) {
  console.log(HELP);
  process.exitCode = name === '--help' ? 0 : 1;
} else {
  const child = spawn(process.execPath, [path.join(ROOT, program), ...args], { stdio: 'inherit' });
  child.once('exit', (code) => {
    process.exitCode = code ?? 1;
  });
}
