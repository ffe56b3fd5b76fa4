/** Takes the events of a pump. */
export interface EventConsumer<Event> {
  /** Gets one, and calls the pump's `next` or `fail` when it has done with it, later than it returns. */
  take(event: Event): void;
}

/**
 * Events on their way from one producer to one consumer, who gets each when it has done with the one before, and at once
 * when it has. Nothing is promised for an event: a thousand pumps cost no more than a thousand calls.
 */
export class EventPump<Event> {
  readonly #options: {
    limit: { events: number; bytes: number };
    overflow: () => Error;
    onEnd: () => void;
  };
  #waiting: { event: Event; size: number }[] = [];
  #size = 0;
  #consumer: EventConsumer<Event> | undefined;
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
  run(consumer: EventConsumer<Event>): Promise<void> {
    this.#consumer = consumer;
    this.#done = Promise.withResolvers();
    const { promise } = this.#done;
    this.next();
    return promise;
  }

  /** The consumer takes another. */
  next(): void {
    const first = this.#waiting.length > 0 ? this.#waiting.shift() : undefined;
    if (first !== undefined) {
      this.#size -= first.size;
      this.#hand(first.event);
    } else if (this.#ended) this.#settle();
    else this.#busy = false;
  }

  /** The consumer cannot go on. */
  fail(error: unknown): void {
    this.#waiting = [];
    this.end();
    this.#failure = error as Error;
    this.#settle();
  }

  #hand(event: Event): void {
    this.#busy = true;
    try {
      this.#consumer?.take(event);
    } catch (error) {
      this.fail(error);
    }
  }

  #settle(): void {
    const done = this.#done;
    this.#done = undefined;
    this.#busy = true;
    if (this.#failure === undefined) done?.resolve();
    else done?.reject(this.#failure);
  }
}
