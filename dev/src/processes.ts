import { type ChildProcess, execFileSync, spawn, type StdioOptions } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Environment } from './env.ts';
import { errorCode } from './problem.ts';

export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
  /** Set when the program could not be started at all. */
  error?: Error;
}

export interface Child {
  readonly process: ChildProcess;
  /** Resolves once, never rejects. */
  readonly exited: Promise<Exit>;
  /** Asks the child to end; after `graceMs` it is made to. Resolves when it is gone; may be called twice. */
  stop(graceMs: number): Promise<void>;
}

export interface LaunchOptions {
  /** Folder in which running children are noted, so that the next start finds those a killed supervisor left. */
  registry: string;
  env: Environment;
  cwd?: string;
  stdio?: StdioOptions;
  /** Run as this user; only root can. */
  uid?: number;
  gid?: number;
  /** What asks the child to end, and what makes it. */
  stopSignal?: NodeJS.Signals;
  killSignal?: NodeJS.Signals;
  /** Signal the child's own children too. */
  group?: boolean;
}

/** Where the running processes of a stack are noted, below the stack's folder. */
export const registryOf = (dir: string): string => path.join(dir, 'processes');

/**
 * Ends the child when the pipe to us breaks, that is when we die in whatever way, SIGKILL included. Arguments: pid,
 * signal that asks, signal that makes.
 */
const GUARD = `trap '' INT TERM HUP
read -r _
kill -s $2 -- $1 2>/dev/null || exit 0
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do kill -s 0 -- $1 2>/dev/null || exit 0; sleep 0.2; done
kill -s $3 -- $1 2>/dev/null`;

/**
 * Starts a child that cannot outlive this process. It gets a session of its own: a Ctrl-C in the terminal reaches only
 * the supervisor, which then ends the children in order.
 */
export function launch(command: string, args: readonly string[], options: LaunchOptions): Child {
  const { stopSignal = 'SIGTERM', killSignal = 'SIGKILL', group = false, env, cwd, stdio = 'ignore' } = options;
  const child = spawn(command, args, { env, cwd, stdio, uid: options.uid, gid: options.gid, detached: true });
  const { pid } = child;
  // A detached child leads a process group named by its own pid; a negative pid is how a group is signalled.
  const target = pid === undefined ? undefined : group ? -pid : pid;
  const forget =
    pid === undefined || target === undefined
      ? () => undefined
      : guard(target, path.join(options.registry, String(pid)), { born: birth(pid), stopSignal, killSignal });

  const exited = new Promise<Exit>((resolve) => {
    child.once('error', (error) => resolve({ code: null, signal: null, error }));
    child.once('exit', (code, signal) => resolve({ code, signal }));
  }).finally(forget);
  const send = (signal: NodeJS.Signals) => {
    if (target !== undefined && child.exitCode === null && child.signalCode === null) signalProcess(target, signal);
  };

  return {
    process: child,
    exited,
    async stop(graceMs) {
      send(stopSignal);
      const timer = setTimeout(() => send(killSignal), graceMs);
      await exited;
      clearTimeout(timer);
    },
  };
}

interface Note {
  /** Undefined when the process had ended before it could be noted. */
  born?: string;
  stopSignal: NodeJS.Signals;
  killSignal: NodeJS.Signals;
}

function guard(target: number, file: string, note: Note): () => void {
  const signals = [note.stopSignal, note.killSignal].map((signal) => signal.slice('SIG'.length));
  const watcher = spawn('/bin/sh', ['-c', GUARD, 'guard', String(target), ...signals], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  watcher.unref();
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(note));
  return () => {
    watcher.kill('SIGKILL');
    rmSync(file, { force: true });
  };
}

/** Ends what an earlier supervisor left running: only processes noted in `registry` that are still the same ones. */
export async function stopLeftovers(registry: string): Promise<number> {
  const pids = listDirectory(registry).map(Number).filter(Number.isSafeInteger);
  const left = pids.map((pid) => ({ pid, ...readNote(path.join(registry, String(pid))) }));
  const alive = left.filter(({ pid, born }) => born !== undefined && birth(pid) === born);
  for (const { pid, stopSignal } of alive) signalProcess(pid, stopSignal);
  await Promise.all(
    alive.map(async ({ pid, born, killSignal }) => {
      if (await waitForEnd(pid, born, 4000)) return;
      signalProcess(pid, killSignal);
      await waitForEnd(pid, born, 4000);
    }),
  );
  rmSync(registry, { recursive: true, force: true });
  return alive.length;
}

async function waitForEnd(pid: number, born: string | undefined, timeoutMs: number): Promise<boolean> {
  for (const deadline = Date.now() + timeoutMs; Date.now() < deadline; await delay(50)) {
    if (birth(pid) !== born) return true;
  }
  return false;
}

function readNote(file: string): Note {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Note;
  } catch (error) {
    // A supervisor killed while writing the note leaves it empty; its guard has ended that child.
    if (error instanceof SyntaxError) return { stopSignal: 'SIGTERM', killSignal: 'SIGKILL' };
    throw error;
  }
}

function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (errorCode(error) !== 'ESRCH') throw error;
  }
}

function listDirectory(dir: string): string[] {
  try {
    return readdirSync(dir);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

/**
 * @returns when process `pid` began, as text that is only good for comparing, or undefined when there is no such
 * process. Pid and birth together name a process; a pid alone is soon given to another one.
 */
export function birth(pid: number): string | undefined {
  if (process.platform !== 'linux') {
    try {
      return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined;
    } catch {
      return undefined; // ps exits with 1 when there is no such process
    }
  }
  try {
    // The command's name, in brackets, may hold spaces and brackets itself: count the fields after the last one.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return fields[0] === 'Z' ? undefined : `${boot} ${fields[19]}`;
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ESRCH') return undefined;
    throw error;
  }
}

export interface RunOptions extends LaunchOptions {
  signal?: AbortSignal;
}

/**
 * Runs a program to its end.
 * @returns what it wrote to stdout and stderr together (the last 64 KB).
 * @throws Error with the last lines of its output when it fails; the signal's reason when aborted.
 */
export async function run(command: string, args: readonly string[], options: RunOptions): Promise<string> {
  options.signal?.throwIfAborted();
  const child = launch(command, args, { ...options, group: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const closed = new Promise<void>((resolve) => child.process.once('close', () => resolve()));
  let output = '';
  const collect = (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-65_536);
  };
  child.process.stdout?.on('data', collect);
  child.process.stderr?.on('data', collect);
  const abort = () => void child.stop(500);
  options.signal?.addEventListener('abort', abort, { once: true });
  const { code, signal, error } = await child.exited;
  options.signal?.removeEventListener('abort', abort);
  options.signal?.throwIfAborted();
  if (error) throw error;
  await closed; // only now has all output been read
  if (code !== 0) {
    const tail = output.trim().split('\n').slice(-15).join('\n');
    throw new Error(`${path.basename(command)} ended with ${signal ?? `exit code ${code}`}\n${tail}`);
  }
  return output;
}
