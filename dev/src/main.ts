import path from 'node:path';
import { run } from './command-line.ts';
import { ROOT } from './layout.ts';

await run({ dir: path.join(ROOT, '.chorus'), args: process.argv.slice(2) });
