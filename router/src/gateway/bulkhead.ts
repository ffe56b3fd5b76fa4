/** Something that can be waited on, and given up. */
export interface Wait {
  /** Rejects with the reason of `cancel`. */
  readonly promise: Promise<void>;
  cancel(reason: Error): void;
}

/** There is no room for one more call, nor to wait for it. */
export class BulkheadFull extends Error {}

/**
 * Bounds the calls under way at one time, and those that wait to be, so that a slow service costs a bounded amount of
 * memory and no other service any of its own.
 */
export class Bulkhead {
  readonly #concurrent: number;
  readonly #waiting: number;
  readonly #queue = new Set<Place>();
  #underWay = 0;

  constructor({ concurrent, waiting }: { concurrent: number; waiting: number }) {
    this.#concurrent = concurrent;
    this.#waiting = waiting;
  }

  /**
   * Takes a place, which `leave` gives back.
   * @returns null when it is there at once; else what to wait on, first come, first served
   * @throws BulkheadFull
   */
  enter(): Wait | null {
    if (this.#underWay < this.#concurrent) {
      this.#underWay++;
      return null;
    }
    if (this.#queue.size >= this.#waiting) throw new BulkheadFull('too many calls wait already');
    const place = new Place(this.#queue);
    this.#queue.add(place);
    return place;
  }

  leave(): void {
    const [next] = this.#queue;
    if (next === undefined) {
      this.#underWay--;
    } else {
      this.#queue.delete(next);
      next.resolve();
    }
  }
}

class Place implements Wait {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
  readonly #reject: (reason: Error) => void;
  readonly #queue: Set<Place>;

  constructor(queue: Set<Place>) {
    ({ promise: this.promise, resolve: this.resolve, reject: this.#reject } = Promise.withResolvers<void>());
    this.#queue = queue;
  }

  cancel(reason: Error): void {
    // One that has been called in already has its place, and gives it back by itself.
    if (this.#queue.delete(this)) this.#reject(reason);
  }
}

/** Waits that long. */
export function pause(ms: number): Wait {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  return {
    promise,
    cancel(reason) {
      clearTimeout(timer);
      reject(reason);
    },
  };
}
