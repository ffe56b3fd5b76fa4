import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { inheritedEnvironment } from '../config.ts';

/** A program to run. */
export interface Command {
  /** Default: this Node. */
  file?: string;
  args: readonly string[];
  env?: Readonly<Record<string, string>>;
  cwd?: string;
}

/** A started program and all that it starts. */
export interface Program {
  pid: number;
  child: ChildProcess;
  /** Resolves when it has ended. */
  ended: Promise<unknown>;
  /** The last that it printed. */
  printed: () => string;
  stop(): Promise<void>;
}

const STOP_LIMIT_MS = 5000;
const PRINTED_LIMIT = 4000;
const running = new Set<Program>();

/** Two processors to keep apart what is measured from what measures; null where they cannot be told apart. */
export const processors: { measured: number; rest: number } | null = findProcessors();

function findProcessors(): { measured: number; rest: number } | null {
  if (process.platform !== 'linux') return null;
  const allowed = /Cpus_allowed_list:\s*(\S+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '';
  const [measured, rest] = listedProcessors(allowed);
  if (measured === undefined || rest === undefined) return null;
  return spawnSync('taskset', ['-c', String(measured), 'true']).status === 0 ? { measured, rest } : null;
}

/** `0-2,5` as numbers. */
export function listedProcessors(list: string): number[] {
  return list.split(',').flatMap((range) => {
    const [first = Number.NaN, last = first] = range.split('-').map((end) => Number.parseInt(end, 10));
    return Number.isNaN(first) ? [] : Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
}

/** Which processor a program has: that of what is measured, the other, or whichever is free. */
export type Place = 'measured' | 'rest' | 'any';

/**
 * Starts a program in a process group of its own.
 * @param options.ipc whether we exchange messages with it
 */
export function startProgram(
  { file = process.execPath, args, env, cwd }: Command,
  options: { processor: Place; ipc?: boolean },
): Program {
  const { processor } = options;
  const pinned = processors === null || processor === 'any' ? [] : ['taskset', '-c', String(processors[processor])];
  const [command = file, ...rest] = [...pinned, file, ...args];
  const child = spawn(command, rest, {
    cwd,
    env: { ...inheritedEnvironment(), NODE_ENV: 'production', ...env },
    detached: true,
    stdio: options.ipc === true ? ['ignore', 'pipe', 'pipe', 'ipc'] : ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => (printed = (printed + String(chunk)).slice(-PRINTED_LIMIT)));
  }
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', (error) => {
      printed += error.message;
      resolve();
    });
  });
  const program: Program = {
    pid: child.pid ?? 0,
    child,
    ended,
    printed: () => printed,
    async stop() {
      const late = setTimeout(() => signalGroup(program, 'SIGKILL'), STOP_LIMIT_MS);
      signalGroup(program, 'SIGTERM');
      await ended;
      clearTimeout(late);
      // What it started and left behind.
      signalGroup(program, 'SIGKILL');
      running.delete(program);
    },
  };
  running.add(program);
  return program;
}

/** Kills what still runs. */
export function endEverything(): void {
  for (const program of running) signalGroup(program, 'SIGKILL');
  running.clear();
}

function signalGroup({ pid }: Program, signal: NodeJS.Signals): void {
  if (pid === 0) return;
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

/**
 * A program of ours, by default on the processor that is not measured, which answers messages one at a time.
 * @see answerMessages
 */
export interface Worker {
  ask<Answer>(message: object): Promise<Answer>;
  stop(): Promise<void>;
}

export function startWorker(command: Command, processor: Place = 'rest'): Worker {
  const program = startProgram(command, { processor, ipc: true });
  return {
    async ask<Answer>(message: object) {
      program.child.send(message);
      const [answer]: unknown[] = await Promise.race([
        once(program.child, 'message'),
        program.ended.then(() => {
          throw new Error(`${command.args.join(' ')} ended:\n${program.printed()}`);
        }),
      ]);
      return answer as Answer;
    },
    stop: () => program.stop(),
  };
}

/** The worker's side: ends with whoever started it. */
export function answerMessages(answer: (question: unknown) => unknown): void {
  process.on('message', (question) => {
    void Promise.resolve(answer(question)).then((reply) => process.send?.(reply));
  });
  process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
}
