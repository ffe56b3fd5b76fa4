/** What is in a bag, and where in it. */
export interface Bagged {
  place: number;
}

/**
 * Things that come and go all the time, in no order. A Set would do, but for its memory: every so often it moves to a new
 * table, the old one still points to that and to all that was in it then, and once such a table has grown old, V8 keeps
 * alive until the next full collection whatever it points to. With thousands of changes a second that is every request.
 */
export class Bag<Thing extends Bagged> {
  readonly #things: Thing[] = [];

  get size(): number {
    return this.#things.length;
  }

  add(thing: Thing): void {
    thing.place = this.#things.length;
    this.#things.push(thing);
  }

  /** Does nothing when it is not in here. */
  delete(thing: Thing): void {
    if (this.#things[thing.place] !== thing) return;
    const last = this.#things.pop();
    if (last === undefined || last === thing) return;
    last.place = thing.place;
    this.#things[thing.place] = last;
  }

  /** Calls `fn` with each; the one it is called with may be deleted meanwhile. */
  forEach(fn: (thing: Thing) => void): void {
    for (let place = this.#things.length - 1; place >= 0; place--) {
      const thing = this.#things[place];
      if (thing !== undefined) fn(thing);
    }
  }
}
