import { parseArgs } from 'node:util';

export const BENCHES = ['router', 'chat', 'identity'] as const;
export type BenchName = (typeof BENCHES)[number];

export interface Options {
  name: BenchName;
  /** At most two minutes instead of ten. */
  quick: boolean;
  /** Only install the peers. */
  prepare: boolean;
}

export const USAGE = `npm run bench -- NAME [--quick]     measures; NAME is one of: ${BENCHES.join(', ')}
npm run bench -- NAME --prepare     installs the peers that NAME compares with`;

/** @throws UsageError */
export function readOptions(args: readonly string[]): Options {
  try {
    const { values, positionals } = parseArgs({
      args: args.filter((arg) => arg !== '--'),
      allowPositionals: true,
      options: { quick: { type: 'boolean', default: false }, prepare: { type: 'boolean', default: false } },
    });
    const [name, ...more] = positionals;
    const known = BENCHES.find((bench) => bench === name);
    if (known === undefined || more.length > 0) throw new UsageError(`Name one benchmark: ${BENCHES.join(', ')}.`);
    return { name: known, ...values };
  } catch (error) {
    if (error instanceof TypeError) throw new UsageError(`${error.message.split('. ')[0]}.`, { cause: error });
    throw error;
  }
}

/** The command line says something we do not understand. */
export class UsageError extends Error {}
