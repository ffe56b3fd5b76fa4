import { existsSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ChorusError } from '@chorus/sdk';
import { readEnvironment } from '../env.ts';
import { ROOT } from '../layout.ts';
import { Problem } from '../problem.ts';
import { serviceToken } from '../stack.ts';
import { runImport } from './importer.ts';
import { createProgress } from './progress.ts';
import { summaryOf } from './report.ts';

const HELP = `npm run import -- PATH... [options]   imports files and folders into a running Chorus

A social graph ("a b" a line: two people who follow each other), chat logs ("[HH:MM] <nick> text", one room a log) and
pictures are told apart by themselves. Ctrl-C stops; run it again to go on.

  --url URL          the GraphQL endpoint, default http://localhost:4000/graphql
  --token TOKEN      of a service account; default CHORUS_SERVICE_TOKEN, else made with the key of the local stack
  --concurrency N    requests under way at once, 1 to 64, default 8
  --help             this text`;

const USAGE = 'See the options: npm run import -- --help';

function readOptions(args: string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: args.filter((arg) => arg !== '--'),
      allowPositionals: true,
      options: {
        url: { type: 'string', default: 'http://localhost:4000/graphql' },
        token: { type: 'string' },
        concurrency: { type: 'string', default: '8' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    const concurrency = Number(values.concurrency);
    if (!Number.isInteger(concurrency) || concurrency < 1 || concurrency > 64) {
      throw new Problem(`--concurrency must be a number from 1 to 64, not "${values.concurrency}".`, USAGE);
    }
    if (!URL.canParse(values.url) || !/^https?:/.test(values.url)) {
      throw new Problem(`--url must be an http URL, not "${values.url}".`, USAGE);
    }
    if (positionals.length === 0 && !values.help) throw new Problem('There is nothing to import.', USAGE);
    return { ...values, concurrency, paths: positionals };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new Problem(`${error.message.split('. ')[0]}.`, USAGE, { cause: error });
  }
}

/** The token given, else one made with the local stack's key, as often as it is needed. */
function tokenSource(given: string | undefined, url: string): (renew: boolean) => Promise<string> {
  if (given) return () => Promise.resolve(given);
  const key = path.join(ROOT, '.chorus/keys/signing.pem');
  if (!existsSync(key)) {
    throw new Problem('There is no token to import with.', 'Start Chorus here with npm start, or give --token.');
  }
  const issuer = readEnvironment()['PUBLIC_URL'] || new URL(url).origin;
  let current: Promise<string> | undefined;
  return (renew) => (current = (renew ? undefined : current) ?? serviceToken(key, issuer));
}

async function main(stop: AbortController): Promise<void> {
  const { url, token, concurrency, paths, help } = readOptions(process.argv.slice(2));
  if (help) {
    process.stdout.write(`${HELP}\n`);
    return;
  }
  const progress = createProgress({ write: (text) => process.stdout.write(text), terminal: process.stdout.isTTY });
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(name, () => {
      progress.note('stopping; run it again to go on');
      stop.abort();
    });
  }
  const started = performance.now();
  const source = tokenSource(token ?? readEnvironment()['CHORUS_SERVICE_TOKEN'], url);
  const counts = await runImport({ paths, url, token: source, concurrency, progress, signal: stop.signal });
  process.stdout.write(`\n${summaryOf(counts, (performance.now() - started) / 1000)}\n`);
}

/** The sentence about a failure, and what to do; null for a defect of ours. */
function explain(error: unknown): string | null {
  if (error instanceof Problem) return `${error.message}\n${error.advice}`;
  const again = 'What is stored stays: run the import again to go on.';
  if (error instanceof ChorusError) return `The server refused: ${error.message} (${error.code})\n${again}`;
  if (error instanceof TypeError && error.message === 'fetch failed') return `The server cannot be reached.\n${again}`;
  if (error instanceof Error && error.name === 'TimeoutError') return `The server does not answer.\n${again}`;
  return null;
}

const stop = new AbortController();
try {
  await main(stop);
} catch (error) {
  if (stop.signal.aborted) process.exitCode = 130;
  else {
    const told = explain(error);
    if (told === null) throw error;
    process.stderr.write(`\n${told}\n`);
    process.exitCode = 1;
  }
}
