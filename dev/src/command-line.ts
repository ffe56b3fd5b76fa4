import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { DemoOptions } from './demo/index.ts';
import { readEnvironment } from './env.ts';
import { createLog, type Log } from './log.ts';
import { diskProblem, Problem } from './problem.ts';
import { type Stack, type StackOptions, startStack } from './stack.ts';

export interface CommandLine {
  /** Folder for everything that lasts. */
  dir: string;
  args: string[];
  /** Stand in for the real services and the demo world: for tests. */
  program?: StackOptions['program'];
  loadDemo?: (options: DemoOptions) => Promise<void>;
}

const HELP = `npm start [-- options]   brings up Chorus on this machine; Ctrl-C ends it

  --fresh      start with empty data
  --no-demo    do not load the demo data into a new database
  --port N     port of the router, default 4000
  --help       this text

Data are kept in .chorus/. Any part can be a real server: see .env.example.`;

interface Options {
  fresh: boolean;
  demo: boolean;
  port: number | undefined;
  help: boolean;
}

function readOptions(args: string[]): Options {
  try {
    const { values } = parseArgs({
      args: args.filter((arg) => arg !== '--'),
      options: {
        fresh: { type: 'boolean', default: false },
        demo: { type: 'boolean', default: true },
        port: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
      allowNegative: true,
    });
    return { ...values, port: values.port === undefined ? undefined : readPort(values.port, '--port') };
  } catch (error) {
    if (error instanceof Problem || !(error instanceof TypeError)) throw error;
    throw new Problem(`${error.message.split('. ')[0]}.`, 'See the options: npm start -- --help', { cause: error });
  }
}

function readPort(text: string, name: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port <= 65_535) return port;
  throw new Problem(
    `${name} must be a number from 1 to 65535, not "${text}".`,
    'For example: npm start -- --port 4001',
  );
}

/** Everything that asks us to end: signals, and the death of whoever started us (a closed terminal, a killed npm). */
function endOfSession(log: Log): AbortSignal {
  const ending = new AbortController();
  const end = (reason: string) => {
    // Ctrl-C reaches npm and pnpm too, which pass it on: the same wish may arrive several times.
    if (ending.signal.aborted) return;
    log.info(`stopping (${reason})`);
    ending.abort();
    // Whatever hangs, the prompt is back in time; the guards of the children then end them.
    setTimeout(() => process.exit(1), 4800).unref();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => end(signal));
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && end('the program that started Chorus has ended'), 500).unref();
  return ending.signal;
}

const LOADING = 'loading\n';
const LOADED = 'loaded\n';

/** Loads the demo world into new databases, and finishes loading that was broken off. */
async function ensureDemo(stack: Stack, { dir, loadDemo }: CommandLine, log: Log): Promise<void> {
  const marker = path.join(dir, 'demo');
  if (hasDemo(dir) || (!stack.isNew && !existsSync(marker))) return;
  writeFileSync(marker, LOADING);
  // Its libraries are needed once in the life of a data folder.
  const load = loadDemo ?? (await import('./demo/index.ts')).loadDemo;
  await load({ url: stack.urls.graphql, serviceToken: stack.serviceToken, log });
  writeFileSync(marker, LOADED);
}

/** @returns whether the demo world is all there. */
const hasDemo = (dir: string): boolean => {
  const marker = path.join(dir, 'demo');
  return existsSync(marker) && readFileSync(marker, 'utf8') === LOADED;
};

function announce({ urls }: Stack, demo: boolean, log: Log, seconds: string): void {
  log.info(`Chorus is ready after ${seconds} s`, process.stdout.isTTY ? {} : urls);
  log.text(`
  GraphiQL            ${urls.public}/
  GraphQL             ${urls.graphql}
  Subscriptions       ${urls.websocket}
  Sign-in             ${urls.public}/auth/oauth
  Traces              ${urls.traces}/:traceId${urls.mail === null ? '' : `\n  Mail                ${urls.mail}`}${demo ? '\n  Demo log-ins        ada and grace, password chorus-demo' : ''}

  Ctrl-C ends everything. Data are kept in .chorus/
`);
}

async function start(commandLine: CommandLine, log: Log, signal: AbortSignal): Promise<void> {
  const { dir, args, program } = commandLine;
  const started = performance.now();
  const options = readOptions(args);
  if (options.help) return void process.stdout.write(`${HELP}\n`);
  const env = readEnvironment();
  if (env['NODE_ENV'] === 'production') {
    throw new Problem(
      'npm start is for development: it makes up secrets, loads people with known passwords and shows every trace.',
      'Unset NODE_ENV. In production start each service by itself, as docker-compose.yml does, with secrets of your own.',
    );
  }
  const port = options.port ?? readPort(env['PORT'] || '4000', 'PORT');

  const stack = await startStack({ dir, env, log, port, fresh: options.fresh, program, signal });
  try {
    const ended = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    if (options.demo && !signal.aborted) await Promise.race([ensureDemo(stack, commandLine, log), ended]);
    if (!signal.aborted) announce(stack, hasDemo(dir), log, ((performance.now() - started) / 1000).toFixed(1));
    if (!signal.aborted) await ended;
  } finally {
    await stack.stop();
  }
}

/** The whole of `npm start`: runs until the session ends, then ends the process. */
export async function run(commandLine: CommandLine): Promise<never> {
  const { isTTY } = process.stdout;
  // A terminal that is gone must not keep us from stopping in order.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  const log = createLog({
    write: (text) => process.stdout.write(text),
    readable: isTTY,
    colours: isTTY && !readEnvironment()['NO_COLOR'],
  });
  const session = endOfSession(log);
  try {
    await start(commandLine, log, session);
  } catch (thrown) {
    // Whatever the end of the session broke off fails in its own way: that is no news.
    if (!session.aborted) {
      const error = diskProblem(thrown);
      if (!(error instanceof Problem)) throw error;
      if (!isTTY) log.error(error.message, { advice: error.advice });
      process.stderr.write(`\n${error.message}\n${error.advice}\n`);
      process.exit(1);
    }
  }
  if (session.aborted) log.info('stopped');
  process.exit(0);
}
