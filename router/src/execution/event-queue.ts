/** Events on their way from one producer to one consumer, who asks for each with `next`. */
export interface EventQueue<T> extends AsyncIterableIterator<T, void> {
  /** @param bytes its size */
  push(event: T, bytes: number): void;
  /** No more events: `next` gives those that wait, then rejects with `error` or is done. */
  end(error?: Error): void;
}

/**
 * @param limit how many events may wait, and how large all of them may be; one too many ends the queue with `overflow()`.
 * A single event may be of any size.
 * @param onEnd called once, whichever side ends it
 */
export function createEventQueue<T>(options: {
  limit: { events: number; bytes: number };
  overflow: () => Error;
  onEnd: () => void;
}): EventQueue<T> {
  const done = { done: true, value: undefined } as const;
  let waiting: { event: T; size: number }[] = [];
  let size = 0;
  let consumer: PromiseWithResolvers<IteratorResult<T, void>> | undefined;
  let failure: Error | undefined;
  let ended = false;

  /** What `next` gives now, if anything. */
  const take = (): Promise<IteratorResult<T, void>> | undefined => {
    const first = waiting.shift();
    if (first !== undefined) {
      size -= first.size;
      return Promise.resolve({ done: false, value: first.event });
    }
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
    push(event, bytes) {
      if (ended) return;
      const { limit } = options;
      if (waiting.length >= limit.events || (waiting.length > 0 && size + bytes > limit.bytes)) {
        return queue.end(options.overflow());
      }
      waiting.push({ event, size: bytes });
      size += bytes;
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
