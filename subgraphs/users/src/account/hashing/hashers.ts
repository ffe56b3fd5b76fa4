import { Worker } from 'node:worker_threads';
import type { Job, Outcome } from './protocol.ts';

/** Megabytes of a thread's heap; what argon2 fills is apart from it. */
const MEMORY = { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 2 };

/**
 * Threads that hash, apart from libuv's, in which reading files, looking up names and signing tokens would wait behind it,
 * and of lower priority. One is started when there is none free, so there are as many as there were ever jobs at once:
 * the caller bounds that. One that dies loses the job that it had; the next job starts another.
 */
export class Hashers {
  readonly #free: HashingThread[] = [];
  readonly #all = new Set<HashingThread>();

  /** @throws Error when there is no result */
  async run(job: Job): Promise<string | boolean> {
    const thread = this.#free.pop() ?? this.#start();
    try {
      const outcome = await thread.run(job);
      if ('failure' in outcome) throw new Error(`A password could not be hashed or compared: ${outcome.failure}`);
      return outcome.value;
    } finally {
      if (!thread.ended) this.#free.push(thread);
      else this.#all.delete(thread);
    }
  }

  /** Ends all of them; what they were at fails. */
  async stop(): Promise<void> {
    this.#free.length = 0;
    await Promise.all([...this.#all].map((thread) => thread.stop()));
  }

  #start(): HashingThread {
    const thread = new HashingThread();
    this.#all.add(thread);
    return thread;
  }
}

/** One of them, asked one thing at a time. */
class HashingThread {
  readonly #worker: Worker;
  #pending: PromiseWithResolvers<Outcome> | undefined;
  ended = false;

  constructor() {
    this.#worker = new Worker(new URL('worker.ts', import.meta.url), {
      name: 'hashing',
      // What the process was started with (telemetry, debuggers, secrets) is not for this thread.
      execArgv: [],
      env: {},
      resourceLimits: MEMORY,
    });
    this.#worker.on('message', (outcome: Outcome) => this.#take()?.resolve(outcome));
    this.#worker.on('error', (error) => this.#end(error));
    this.#worker.on('exit', () => this.#end(undefined));
  }

  /** @throws Error when the thread ends meanwhile */
  async run(job: Job): Promise<Outcome> {
    const pending = Promise.withResolvers<Outcome>();
    this.#pending = pending;
    // While nobody waits it keeps no process alive.
    this.#worker.ref();
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    this.#worker.postMessage(job);
    return pending.promise.finally(() => this.#worker.unref());
  }

  async stop(): Promise<void> {
    this.#end(undefined);
    await this.#worker.terminate();
  }

  #end(cause: unknown): void {
    this.ended = true;
    this.#take()?.reject(new Error('A hashing thread ended before it had hashed.', { cause }));
  }

  #take(): PromiseWithResolvers<Outcome> | undefined {
    const pending = this.#pending;
    this.#pending = undefined;
    return pending;
  }
}
