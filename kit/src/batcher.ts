import { AsyncLocalStorage } from 'node:async_hooks';

/** More than so many that wait are turned away. */
const MAX_WAITING = 10_000;

interface Waiting<Item, Result> {
  item: Item;
  settled: PromiseWithResolvers<Result>;
  /** Runs something where the item was asked for. */
  within: <T>(run: () => T) => T;
}

/**
 * Puts together what is asked while the call before is under way, so that many at once cost few calls. One that comes
 * alone is not kept waiting for others: its call begins at once. A call belongs to the trace of the first of its items.
 */
export class Batcher<Item, Result> {
  readonly #run: (items: readonly Item[]) => Promise<readonly (Result | PromiseLike<Result>)[]>;
  readonly #max: number;
  readonly #full: () => Error;
  #waiting: Waiting<Item, Result>[] = [];
  #running = false;

  /**
   * @param options.max items of one call
   * @param options.run gives a result for each of its items, in their order; a result that takes longer keeps nobody else
   *   waiting. What it rejects with, all of them get
   * @param options.full what to throw when too many wait
   */
  constructor(options: {
    max: number;
    run: (items: readonly Item[]) => Promise<readonly (Result | PromiseLike<Result>)[]>;
    full: () => Error;
  }) {
    this.#max = options.max;
    this.#run = options.run;
    this.#full = options.full;
  }

  async add(item: Item): Promise<Result> {
    if (this.#waiting.length >= MAX_WAITING) throw this.#full();
    const settled = Promise.withResolvers<Result>();
    this.#waiting.push({ item, settled, within: AsyncLocalStorage.snapshot() });
    if (!this.#running) void this.#work();
    return settled.promise;
  }

  async #work(): Promise<void> {
    this.#running = true;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.slice(0, this.#max);
      this.#waiting = this.#waiting.slice(this.#max);
      try {
        const run = () => this.#run(batch.map(({ item }) => item));
        const results = await (batch[0]?.within(run) ?? []);
        batch.forEach(({ settled }, index) => settled.resolve(results[index] as Result | PromiseLike<Result>));
      } catch (error) {
        for (const { settled } of batch) settled.reject(error);
      }
    }
    this.#running = false;
  }
}
