import { Worker } from 'node:worker_threads';
import type { Job, Outcome } from './protocol.ts';

/** Megabytes of a thread's heap; what argon2 fills is apart from it. */
const MEMORY = { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 2 };

/**
 * Threads that hash, apart from libuv's, in which reading files, looking up names and signing tokens would wait behind it,
 * and of lower priority. Each takes its jobs one after the other; with two given to it, it has the next at hand when it
 * ends one. A thread is started when it is needed; one that dies loses the job that it was at, and another does the rest.
 */
export class Hashers {
  readonly #threads = new Set<HashingThread>();
  readonly #max: number;

  /** @param max threads at a time; how many jobs these are given is for the caller to bound */
  constructor(max: number) {
    this.#max = max;
  }

  /** @throws Error when there is no result */
  async run(job: Job): Promise<string | boolean> {
    const thread = this.#choose();
    const outcome = await thread.run(job).finally(() => thread.ended && this.#threads.delete(thread));
    if (outcome === 'not begun') return this.run(job);
    if ('failure' in outcome) throw new Error(`A password could not be hashed or compared: ${outcome.failure}`);
    return outcome.value;
  }

  /** Ends all of them; what they were at fails. */
  async stop(): Promise<void> {
    await Promise.all([...this.#threads].map((thread) => thread.stop()));
  }

  /** One that has nothing to do, a new one, or that with the least. */
  #choose(): HashingThread {
    let best: HashingThread | undefined;
    for (const thread of this.#threads) {
      if (!thread.ended && (best === undefined || thread.load < best.load)) best = thread;
    }
    if (best !== undefined && (best.load === 0 || this.#threads.size >= this.#max)) return best;
    const thread = new HashingThread();
    this.#threads.add(thread);
    return thread;
  }
}

/** One of them. */
class HashingThread {
  readonly #worker: Worker;
  /** In the order of the jobs, which is that of the outcomes. */
  readonly #pending: PromiseWithResolvers<Outcome | 'not begun'>[] = [];
  ended = false;

  constructor() {
    this.#worker = new Worker(new URL('worker.ts', import.meta.url), {
      name: 'hashing',
      // What the process was started with (telemetry, debuggers, secrets) is not for this thread.
      execArgv: [],
      env: {},
      resourceLimits: MEMORY,
    });
    this.#worker.on('message', (outcome: Outcome) => this.#pending.shift()?.resolve(outcome));
    this.#worker.on('error', (error) => this.#die(error));
    this.#worker.on('exit', () => this.#die(undefined));
  }

  /** Jobs that it has. */
  get load(): number {
    return this.#pending.length;
  }

  /**
   * @returns `not begun` when the thread dies before it comes to this job
   * @throws Error when it dies at it, or is stopped
   */
  async run(job: Job): Promise<Outcome | 'not begun'> {
    const pending = Promise.withResolvers<Outcome | 'not begun'>();
    this.#pending.push(pending);
    // While nobody waits it keeps no process alive.
    this.#worker.ref();
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    this.#worker.postMessage(job);
    return pending.promise.finally(() => this.load === 0 && this.#worker.unref());
  }

  async stop(): Promise<void> {
    this.ended = true;
    for (const pending of this.#pending.splice(0)) pending.reject(ended(undefined));
    await this.#worker.terminate();
  }

  #die(cause: unknown): void {
    this.ended = true;
    const [current, ...next] = this.#pending.splice(0);
    current?.reject(ended(cause));
    for (const pending of next) pending.resolve('not begun');
  }
}

const ended = (cause: unknown): Error => new Error('A hashing thread ended before it had hashed.', { cause });
