/** Takes one event. Returns when it takes the next, if not at once. */
export type TakeEvent<Event> = (event: Event) => Promise<void> | undefined;

/**
 * Events on their way from one producer to one consumer, each in its turn. While the consumer takes each at once, nothing
 * waits and nothing is promised: a thousand pumps then cost no more than a thousand calls.
 */
export class EventPump<Event> {
  readonly #options: {
    limit: { events: number; bytes: number };
    overflow: () => Error;
    onEnd: () => void;
  };
  #waiting: { event: Event; size: number }[] = [];
  #size = 0;
  #take: TakeEvent<Event> | undefined;
  /** The consumer is not there yet, or has not done with the event before. */
  #busy = true;
  #done: PromiseWithResolvers<void> | undefined;
  #failure: Error | undefined;
  #ended = false;

  /**
   * @param options.limit how many events may wait, and how large all of them may be; one too many ends the pump with
   *   `overflow()`. A single event may be of any size.
   * @param options.onEnd called once, whichever side ends it
   */
  constructor(options: { limit: { events: number; bytes: number }; overflow: () => Error; onEnd: () => void }) {
    this.#options = options;
  }

  /** Whether nothing more comes to wait. */
  get ended(): boolean {
    return this.#ended;
  }

  /** @param bytes its size */
  push(event: Event, bytes: number): void {
    if (this.#ended) return;
    if (!this.#busy) {
      this.#hand(event);
      return;
    }
    const { limit, overflow } = this.#options;
    const full = this.#waiting.length >= limit.events;
    if (full || (this.#waiting.length > 0 && this.#size + bytes > limit.bytes)) return this.end(overflow());
    this.#waiting.push({ event, size: bytes });
    this.#size += bytes;
  }

  /** No more events: `run` hands on those that wait, then rejects with `error` or is done. */
  end(error?: Error): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#failure = error;
    this.#options.onEnd();
    if (!this.#busy) this.#settle();
  }

  /** The consumer wants no more: what waits is dropped. */
  stop(): void {
    this.#waiting = [];
    this.end();
    this.#failure = undefined;
    this.#settle();
  }

  /**
   * Hands the events to the consumer; to be called once. Resolves after the last; rejects with what the producer ended
   * with, or with what the consumer met.
   */
  run(take: TakeEvent<Event>): Promise<void> {
    this.#take = take;
    this.#done = Promise.withResolvers();
    const { promise } = this.#done;
    this.#next();
    return promise;
  }

  #next(): void {
    this.#busy = false;
    for (;;) {
      const first = this.#waiting.shift();
      if (first === undefined) break;
      this.#size -= first.size;
      if (!this.#hand(first.event)) return;
    }
    if (this.#ended) this.#settle();
  }

  /** @returns whether the consumer takes more */
  #hand(event: Event): boolean {
    try {
      const taken = this.#take?.(event);
      if (taken === undefined) return true;
      this.#busy = true;
      taken.then(
        () => this.#next(),
        (error: unknown) => this.#fail(error),
      );
    } catch (error) {
      this.#fail(error);
    }
    return false;
  }

  #fail(error: unknown): void {
    this.#waiting = [];
    this.end();
    this.#failure = error as Error;
    this.#settle();
  }

  #settle(): void {
    const done = this.#done;
    this.#done = undefined;
    this.#busy = true;
    if (this.#failure === undefined) done?.resolve();
    else done?.reject(this.#failure);
  }
}
