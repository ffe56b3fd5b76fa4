import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Environment, readEnvironment } from './env.ts';
import { ROOT, serviceDir, SUBGRAPHS } from './layout.ts';
import { createLog, type Log, withProgress } from './log.ts';
import { registryOf, run } from './processes.ts';

interface Piece {
  name: string;
  /** Package folder; the other paths are relative to it. */
  cwd: string;
  /** Globs of what the result depends on; nothing is made while none of them matches. */
  inputs: readonly string[];
  output: string;
  /** Script of a tool and its arguments, for this Node. */
  args: readonly string[];
}

const PIECES: readonly Piece[] = [
  ...SUBGRAPHS.map((name) => ({
    name: `the database client of ${name}`,
    cwd: serviceDir(name),
    inputs: ['prisma/*.prisma', 'prisma.config.ts', 'package.json'],
    output: 'src/__generated__/prisma',
    args: ['node_modules/prisma/build/index.js', 'generate'],
  })),
  {
    name: 'the GraphiQL page',
    cwd: serviceDir('router'),
    inputs: ['graphiql/**/*', 'package.json'],
    output: 'dist/graphiql',
    args: ['node_modules/vite/bin/vite.js', 'build', 'graphiql', '--logLevel', 'warn'],
  },
];

export interface PrepareOptions {
  /** Holds the stamps that say what is up to date. */
  dir?: string;
  env: Environment;
  log: Log;
  signal?: AbortSignal;
}

/** Generates what is not committed and has changed: the Prisma clients and the GraphiQL page. */
export async function prepare({ dir = path.join(ROOT, '.chorus'), env, log, signal }: PrepareOptions): Promise<void> {
  for (const [index, piece] of PIECES.entries()) {
    const main = piece.inputs[0] ?? '';
    if (globSync(main, { cwd: piece.cwd }).length === 0) continue;
    const stamp = path.join(dir, 'stamps', piece.name.replaceAll(' ', '-'));
    const fingerprint = fingerprintOf(piece);
    if (existsSync(path.join(piece.cwd, piece.output)) && read(stamp) === fingerprint) continue;
    const what = `generating ${piece.name} (${index + 1} of ${PIECES.length})`;
    log.info(what);
    const work = run(process.execPath, piece.args, {
      // Not the stack's own: tests generate too, beside a running stack.
      registry: registryOf(path.join(dir, 'stamps')),
      cwd: piece.cwd,
      env: { ...env, ...offline },
      signal,
    });
    await withProgress(log, what, work);
    mkdirSync(path.dirname(stamp), { recursive: true });
    writeFileSync(stamp, fingerprint);
  }
}

/**
 * Prisma would download its native engine and ask for updates. `generate` never runs that engine, so any executable
 * passes for it.
 */
const offline = {
  PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
  PRISMA_HIDE_UPDATE_MESSAGE: '1',
  CHECKPOINT_DISABLE: '1',
  DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/none',
  NODE_ENV: 'production',
};

function fingerprintOf({ cwd, inputs, args }: Piece): string {
  const hash = createHash('sha256').update(process.version).update(args.join(' '));
  hash.update(readFileSync(path.join(ROOT, 'pnpm-lock.yaml')));
  const files = globSync([...inputs], { cwd }).sort();
  for (const file of files.filter((name) => statSync(path.join(cwd, name)).isFile())) {
    hash.update(`\0${file}\0`).update(readFileSync(path.join(cwd, file)));
  }
  return hash.digest('hex');
}

const read = (file: string): string | undefined => (existsSync(file) ? readFileSync(file, 'utf8') : undefined);

if (import.meta.main) {
  const log = createLog({ write: (text) => process.stdout.write(text), readable: true, colours: process.stdout.isTTY });
  await prepare({ env: readEnvironment(), log });
}
