import DataLoader from 'dataloader';
import { LoaderCalls, traceBatch } from './telemetry/index.ts';

/** Keys in one statement; DataLoader splits what is more. */
const MAX_BATCH = 500;

interface LoaderOptions<Key, Cache> {
  /** Names the loader's spans. */
  name: string;
  /** What makes two keys the same; needed when keys are objects. */
  cacheKey?: (key: Key) => Cache;
}

/** A loader lives as long as one operation, or one event of a subscription: make it in the context, never share it. */
export type Loader<Key, Value, Cache = Key> = DataLoader<Key, Value, Cache>;

/** A DataLoader whose batches are spans and which tells them who asked. */
class TracedLoader<Key, Value, Cache> extends DataLoader<Key, Value, Cache> {
  readonly #calls: LoaderCalls;
  readonly #seen = new Set<unknown>();
  readonly #cacheKey: (key: Key) => unknown;

  constructor(
    { name, cacheKey }: LoaderOptions<Key, Cache>,
    load: (keys: readonly Key[]) => Promise<readonly (Value | Error)[]>,
  ) {
    const calls = new LoaderCalls();
    super((keys) => traceBatch(name, keys, () => load(keys), calls), {
      name,
      maxBatchSize: MAX_BATCH,
      ...(cacheKey && { cacheKeyFn: cacheKey }),
    });
    this.#calls = calls;
    this.#cacheKey = cacheKey ?? ((key) => key);
  }

  override load(key: Key): Promise<Value> {
    const name = this.#cacheKey(key);
    this.#calls.note(this.#seen.has(name));
    this.#seen.add(name);
    return super.load(key);
  }
}

/** One value, or null, for each key. `load` may return rows in any order; `keyOf` says whose they are. */
export function batchOne<Key, Row, Cache = Key>(
  options: LoaderOptions<Key, Cache> & {
    load: (keys: readonly Key[]) => Promise<readonly Row[]>;
    keyOf: (row: Row) => Cache;
  },
): Loader<Key, Row | null, Cache> {
  return new TracedLoader<Key, Row | null, Cache>(options, async (keys) => {
    const byKey = new Map<unknown, Row>((await options.load(keys)).map((row) => [options.keyOf(row), row]));
    return keys.map((key) => byKey.get(options.cacheKey?.(key) ?? key) ?? null);
  });
}

/**
 * A list for each key: a page of its children, say. `load` returns a list for every key in the order of the keys; it is
 * one statement (LATERAL, or a window), never one for each key.
 */
export function batchMany<Key, Value, Cache = Key>(
  options: LoaderOptions<Key, Cache> & { load: (keys: readonly Key[]) => Promise<readonly Value[]> },
): Loader<Key, Value, Cache> {
  return new TracedLoader<Key, Value, Cache>(options, options.load);
}

/**
 * Loaders for pages: one loader for each distinct page asked for in the operation, so that the same field on many
 * parents is one statement.
 */
export function batchPages<Key, Page, Value>(options: {
  name: string;
  load: (keys: readonly Key[], page: Page) => Promise<readonly Value[]>;
}): (key: Key, page: Page) => Promise<Value> {
  const loaders = new Map<string, Loader<Key, Value>>();
  return (key, page) => {
    const shape = JSON.stringify(page);
    let loader = loaders.get(shape);
    if (loader === undefined) {
      loader = batchMany({ name: options.name, load: (keys) => options.load(keys, page) });
      loaders.set(shape, loader);
    }
    return loader.load(key);
  };
}
