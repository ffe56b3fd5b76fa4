import { getCompileCacheDir } from 'node:module';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Reply, Request } from './protocol.ts';

/** The thread was ended because of what it was asked: it took too long, or all the memory that it may have. */
export class ThreadLost extends Error {}

/**
 * Megabytes of the planner's heap. A small supergraph takes 45; the bound is for those of thousands of types. The young
 * generation is kept small: with 8 the process is 60 smaller after two hundred plans than with the default, and no slower.
 */
const MEMORY = { maxOldGenerationSizeMb: 1024, maxYoungGenerationSizeMb: 8 };

/** Where the process keeps compiled code, if it does: the thread starts a fifth faster with it. */
const compileCache = (): NodeJS.ProcessEnv => {
  const dir = getCompileCacheDir(); // for this version of Node, below the one that it was given
  return dir === undefined ? {} : { NODE_COMPILE_CACHE: path.dirname(dir) };
};

type Pending = Pick<PromiseWithResolvers<Reply>, 'resolve' | 'reject'>;

/** A planner's thread, asked one thing at a time. It ends when it does not answer in time. */
export class PlannerThread {
  readonly #worker: Worker;
  #pending: Pending | undefined;
  #ended = false;

  constructor() {
    this.#worker = new Worker(new URL('worker.ts', import.meta.url), {
      name: 'planner',
      // What the process was started with (telemetry, debuggers) is not for this thread.
      execArgv: [],
      // Without the first, @apollo/gateway sends usage data to its maker.
      env: { APOLLO_TELEMETRY_DISABLED: 'true', ...compileCache() },
      resourceLimits: MEMORY,
    });
    this.#worker.on('message', (reply: Reply) => this.#take()?.resolve(reply));
    this.#worker.on('error', (error) => this.#end(error));
    this.#worker.on('exit', () => this.#end(undefined));
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** @throws ThreadLost when there is no answer within `limitMs`, or the thread died of the question */
  async ask(request: Request, limitMs: number): Promise<Reply> {
    if (this.#ended) throw new ThreadLost('The planner has ended.');
    const { promise, resolve, reject } = Promise.withResolvers<Reply>();
    this.#pending = { resolve, reject };
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    this.#worker.postMessage(request);
    const timer = setTimeout(() => {
      this.#end(new Error(`no answer within ${limitMs} ms`));
      void this.#worker.terminate();
    }, limitMs);
    return promise.finally(() => clearTimeout(timer));
  }

  async stop(): Promise<void> {
    this.#end(undefined);
    await this.#worker.terminate();
  }

  #end(cause: unknown): void {
    this.#ended = true;
    this.#take()?.reject(new ThreadLost('The planner has ended.', { cause }));
  }

  #take(): Pending | undefined {
    const pending = this.#pending;
    this.#pending = undefined;
    return pending;
  }
}
