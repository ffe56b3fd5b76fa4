import { LRUCache } from 'lru-cache';

/**
 * Keeps the most recently used values, at most `max` of them, and makes each only once however many ask for it at the
 * same time. What fails to be made is forgotten, so the next to ask tries again.
 */
export class OnceCache<T extends object> {
  readonly #entries: LRUCache<string, Promise<T>>;

  constructor(max: number) {
    this.#entries = new LRUCache({ max });
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: string, make: () => T | Promise<T>): Promise<T> {
    const known = this.#entries.get(key);
    if (known !== undefined) return known;
    const made = Promise.resolve().then(make);
    this.#entries.set(key, made);
    made.catch(() => {
      if (this.#entries.peek(key) === made) this.#entries.delete(key);
    });
    return made;
  }

  /** At most `limit` keys, the last used first. */
  recent(limit: number): string[] {
    return [...this.#entries.keys().take(limit)];
  }

  clear(): void {
    this.#entries.clear();
  }
}
