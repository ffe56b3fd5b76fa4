/** One operation that a person ran in GraphiQL. */
export interface Operation {
  traceId: string;
  name: string;
}

/** What `/traces/<id>` answers. Times in milliseconds, `startMs` since the start of the trace. */
export interface Trace {
  traceId: string;
  spans: Span[];
}

export interface Span {
  spanId: string;
  parentSpanId?: string;
  name: string;
  service: string;
  startMs: number;
  durationMs: number;
  attributes: Record<string, string | number | boolean>;
  error?: boolean;
}

/** The operation last run; a store in React's sense (useSyncExternalStore). */
export class LastOperation {
  #current: Operation | undefined;
  readonly #listeners = new Set<() => void>();

  get = (): Operation | undefined => this.#current;

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  set(operation: Operation): void {
    this.#current = operation;
    for (const listener of this.#listeners) listener();
  }
}

/** Spans reach the router in batches, some seconds after the answer. */
const DELAYS_MS = [100, 200, 400, 800, 1_500, 2_000, 3_000];

/**
 * Yields a trace as soon as it is there, and again when more of it has arrived; ends when nothing is added any more,
 * or after 8 seconds. Yields nothing when there is no such trace by then.
 * @throws Error when the router answers anything but the trace or 404; AbortError when `signal` says so.
 */
export async function* watchTrace(url: URL, signal: AbortSignal): AsyncGenerator<Trace> {
  let seen = 0;
  for (const delay of DELAYS_MS) {
    await pause(delay, signal);
    const response = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(5_000)]) });
    if (response.status === 404) continue;
    if (!response.ok) throw new Error(`The router answered ${response.status} ${response.statusText}.`);
    const trace = (await response.json()) as Trace;
    if (seen > 0 && trace.spans.length === seen) return;
    seen = trace.spans.length;
    yield trace;
  }
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, ms);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });

export interface Row {
  span: Span;
  depth: number;
}

/** Spans in reading order: each followed by its children, earliest first. At most `limit` of them. */
export function waterfall({ spans }: Trace, limit: number): Row[] {
  const known = new Set(spans.map((span) => span.spanId));
  const children = Map.groupBy(
    spans.toSorted((a, b) => a.startMs - b.startMs),
    // The parent of a root is the page's own span, which is in no trace.
    ({ parentSpanId }) => (parentSpanId !== undefined && known.has(parentSpanId) ? parentSpanId : undefined),
  );
  const rows: Row[] = [];
  const visit = (parent: string | undefined, depth: number): void => {
    for (const span of children.get(parent) ?? []) {
      if (rows.length === limit) return;
      rows.push({ span, depth });
      visit(span.spanId, depth + 1);
    }
  };
  visit(undefined, 0);
  return rows;
}
