/** Events on their way from one producer to one consumer, who asks for each with `next`. */
export interface EventQueue<T> extends AsyncIterableIterator<T, void> {
  push(event: T): void;
  /** No more events: `next` gives those that wait, then rejects with `error` or is done. */
  end(error?: Error): void;
}

/**
 * @param limit how many events may wait; one more ends the queue with `overflow()`
 * @param onEnd called once, whichever side ends it
 */
export function createEventQueue<T>(options: {
  limit: number;
  overflow: () => Error;
  onEnd: () => void;
}): EventQueue<T> {
  const done = { done: true, value: undefined } as const;
  let waiting: T[] = [];
  let consumer: PromiseWithResolvers<IteratorResult<T, void>> | undefined;
  let failure: Error | undefined;
  let ended = false;

  /** What `next` gives now, if anything. */
  const take = (): Promise<IteratorResult<T, void>> | undefined => {
    const value = waiting.shift();
    if (value !== undefined) return Promise.resolve({ done: false, value });
    if (!ended) return undefined;
    const error = failure;
    failure = undefined;
    return error === undefined ? Promise.resolve(done) : Promise.reject(error);
  };
  const serve = () => {
    const result = consumer && take();
    if (result === undefined) return;
    consumer?.resolve(result);
    consumer = undefined;
  };

  const queue: EventQueue<T> = {
    push(event) {
      if (ended) return;
      if (waiting.length >= options.limit) return queue.end(options.overflow());
      waiting.push(event);
      serve();
    },
    end(error) {
      if (ended) return;
      ended = true;
      failure = error;
      options.onEnd();
      serve();
    },
    [Symbol.asyncIterator]() {
      return queue;
    },
    next() {
      const ready = take();
      if (ready !== undefined) return ready;
      consumer ??= Promise.withResolvers();
      return consumer.promise;
    },
    async return() {
      waiting = [];
      queue.end();
      failure = undefined;
      return done;
    },
  };
  return queue;
}
