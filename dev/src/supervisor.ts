import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import type { Environment } from './env.ts';
import { type Log, withProgress } from './log.ts';
import { Problem } from './problem.ts';
import { type Child, type Exit, launch } from './processes.ts';

const READY_TIMEOUT_MS = 60_000;
const FIRST_BACKOFF_MS = 250;
const MAX_BACKOFF_MS = 10_000;
/** A service that lived this long has recovered: its next crash starts at the first backoff again. */
const RECOVERED_AFTER_MS = 30_000;
/** So often may a service crash before it was ever ready; then starting it has failed. */
const MAX_FAILED_STARTS = 5;

export interface ServiceSpec {
  name: string;
  /** Arguments of Node: the script, and what comes before it. */
  args: readonly string[];
  env: Environment;
  cwd: string;
  /** Base URL; `/health/ready` below it answers 200 when the service can work. */
  url: string;
  /** Folder in which running processes are noted (see processes.ts). */
  registry: string;
}

export interface Service {
  readonly name: string;
  readonly url: string;
  /** Of the running process; undefined while it is being restarted. */
  readonly pid: number | undefined;
  stop(graceMs?: number): Promise<void>;
}

/**
 * Starts a service as a process of its own and keeps it running: a crash is followed by a new start, after a pause that
 * doubles from 0.25 to 10 s.
 * @returns when it is ready.
 * @throws Problem when it is not ready within 60 s or crashes five times before; the signal's reason when aborted.
 */
export async function startService(spec: ServiceSpec, log: Log, signal?: AbortSignal): Promise<Service> {
  const ending = new AbortController();
  const state: { child?: Child; lastLine: string; wasReady: boolean } = { lastLine: '', wasReady: false };
  const firstReady = Promise.withResolvers<void>();

  const start = (): Child => {
    const started = Date.now();
    const child = launch(process.execPath, spec.args, { ...spec, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    for (const stream of [child.process.stdout, child.process.stderr]) {
      if (!stream) continue;
      createInterface({ input: stream }).on('line', (line) => {
        if (line.trim() !== '') state.lastLine = line;
        log.line(spec.name, line);
      });
    }
    const gone = new AbortController();
    void child.exited.then(() => gone.abort());
    void isReady(spec.url, gone.signal).then((ready) => {
      if (!ready) return;
      log.info(`${spec.name} is ready after ${((Date.now() - started) / 1000).toFixed(1)} s`);
      state.wasReady = true;
      firstReady.resolve();
    });
    return child;
  };

  const keepRunning = async () => {
    for (let failures = 0; !ending.signal.aborted;) {
      const started = Date.now();
      state.child = start();
      const exit = await state.child.exited;
      state.child = undefined;
      if (ending.signal.aborted) return;
      failures = Date.now() - started > RECOVERED_AFTER_MS ? 1 : failures + 1;
      if (!state.wasReady && failures >= MAX_FAILED_STARTS) {
        return firstReady.reject(
          new Problem(
            `The service ${spec.name} does not start (${describe(exit)}): ${lastMessage(state.lastLine)}`,
            'What it wrote is above.',
          ),
        );
      }
      const backoff = Math.min(FIRST_BACKOFF_MS * 2 ** (failures - 1), MAX_BACKOFF_MS);
      log.warn(`${spec.name} ended unexpectedly (${describe(exit)}), starting it again in ${backoff / 1000} s`);
      await delay(backoff, undefined, { signal: ending.signal }).catch(() => undefined);
    }
  };
  const loop = keepRunning();

  const service: Service = {
    name: spec.name,
    url: spec.url,
    get pid() {
      return state.child?.process.pid;
    },
    async stop(graceMs = 3000) {
      ending.abort();
      await state.child?.stop(graceMs);
      await loop;
    },
  };
  try {
    await withProgress(log, `waiting for ${spec.name}`, limited(firstReady.promise, spec.name, signal));
    return service;
  } catch (error) {
    await service.stop(1000);
    throw error;
  }
}

async function limited(ready: Promise<void>, name: string, signal?: AbortSignal): Promise<void> {
  const timeout = AbortSignal.timeout(READY_TIMEOUT_MS);
  const limit = signal ? AbortSignal.any([signal, timeout]) : timeout;
  const reached = Promise.withResolvers<never>();
  const onAbort = () => reached.reject(limit.reason);
  limit.addEventListener('abort', onAbort, { once: true });
  if (limit.aborted) onAbort();
  try {
    await Promise.race([ready, reached.promise]);
  } catch (error) {
    if (!timeout.aborted || signal?.aborted) throw error;
    throw new Problem(
      `The service ${name} did not get ready within ${READY_TIMEOUT_MS / 1000} s.`,
      'What it wrote is above.',
      { cause: error },
    );
  } finally {
    limit.removeEventListener('abort', onAbort);
  }
}

/** Asks until the service is ready (true) or the process is gone (false). */
async function isReady(url: string, gone: AbortSignal): Promise<boolean> {
  while (!gone.aborted) {
    try {
      const signal = AbortSignal.any([gone, AbortSignal.timeout(2000)]);
      const response = await fetch(`${url}/health/ready`, { headers: { connection: 'close' }, signal });
      await response.body?.cancel();
      if (response.ok) return true;
    } catch {
      // Refused while it boots, or gone: the loop asks again, or ends.
    }
    await delay(100, undefined, { signal: gone }).catch(() => undefined);
  }
  return false;
}

const describe = ({ code, signal, error }: Exit): string => error?.message ?? signal ?? `exit code ${code}`;

function lastMessage(line: string): string {
  try {
    const { msg } = JSON.parse(line) as { msg?: unknown };
    return typeof msg === 'string' ? msg : line;
  } catch {
    return line; // not every line is JSON
  }
}
