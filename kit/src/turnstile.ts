const COMPACT_AT = 1024;

/** Lets so many through at one time; who comes then waits for somebody to leave, in the order of coming. */
export class Turnstile {
  #free: number;
  #waiting: (() => void)[] = [];
  /** Of those who wait, the first whose turn has not come: what is in front of it is let go of now and then. */
  #next = 0;

  constructor(places: number) {
    this.#free = places;
  }

  /** Runs `fn` when its turn has come. */
  async pass<T>(fn: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await fn();
    } finally {
      this.#leave();
    }
  }

  /** Whoever is first of those who wait gets the place itself. */
  #leave(): void {
    const first = this.#waiting[this.#next];
    if (first === undefined) {
      this.#free++;
      return;
    }
    this.#next++;
    if (this.#next >= COMPACT_AT || this.#next === this.#waiting.length) {
      this.#waiting = this.#waiting.slice(this.#next);
      this.#next = 0;
    }
    first();
  }
}
