import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** A folder that is removed at the end of the block that holds it. */
export function temporaryFolder(): Disposable & { path: string } {
  const dir = mkdtempSync(path.join(tmpdir(), 'chorus-dev-'));
  return { path: dir, [Symbol.dispose]: () => rmSync(dir, { recursive: true, force: true }) };
}

/** Waits until `probe` returns something, asking again and again. */
export async function until<T>(what: string, probe: () => T | undefined | false, limitMs = 20_000): Promise<T> {
  for (const deadline = Date.now() + limitMs; Date.now() < deadline; await delay(20)) {
    const found = probe();
    if (found !== undefined && found !== false) return found;
  }
  throw new Error(`waited in vain for ${what}`);
}

/** @returns command lines of all running processes that name `dir`, work in it or were started with it in their environment. */
export function processesOf(dir: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      const [command, environment] = ['cmdline', 'environ'].map((file) => readIfThere(`/proc/${pid}/${file}`));
      return `${command}${environment}${workingFolder(pid)}`.includes(dir)
        ? [`${pid} ${command?.replaceAll('\0', ' ')}`]
        : [];
    });
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return ''; // gone meanwhile, or not ours to read
  }
}

function workingFolder(pid: string): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return ''; // gone meanwhile, or not ours to read
  }
}

export interface Session {
  pid: number;
  /** Everything it has written. */
  output(): string;
  exited: Promise<number | null>;
  kill(signal: NodeJS.Signals): void;
}

/**
 * Runs `npm start` with stand-ins for the services, in a process of its own that carries `dir` in its environment.
 * @param wrapper a command that runs the one appended to it
 */
export function startSession(
  dir: string,
  args: string[] = [],
  env: Record<string, string> = {},
  wrapper: string[] = [],
): Session {
  const script = path.join(import.meta.dirname, 'fixtures/start.ts');
  const [command = '', ...rest] = [...wrapper, process.execPath, script, dir, ...args];
  const child = spawn(command, rest, { env: { ...process.env, ...env, CHORUS_TEST: dir } });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return {
    pid: child.pid ?? 0,
    output: () => output,
    exited: new Promise((resolve) => child.once('close', resolve)),
    kill: (signal) => child.kill(signal),
  };
}

/** Holds a port of 127.0.0.1 until the end of the block. */
export async function takePort(): Promise<AsyncDisposable & { port: number }> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
