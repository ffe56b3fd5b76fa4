import { trace } from '@opentelemetry/api';
import type { Link, SpanContext } from '@opentelemetry/api';
import { withSpan } from './spans.ts';

const MAX_LINKS = 16;

/**
 * What asked a loader for keys since its last batch. A loader calls `note` on each load and hands the object to
 * `traceBatch`; without a recorded trace only the counters move.
 */
export class LoaderCalls {
  #memoHits = 0;
  readonly #callers = new Map<string, SpanContext>();

  /** @param memoHit whether the key was already loaded or on its way, so that it is not part of the next batch. */
  note(memoHit: boolean): void {
    if (memoHit) this.#memoHits++;
    const span = trace.getActiveSpan();
    if (span === undefined || this.#callers.size === MAX_LINKS || !span.isRecording()) return;
    const caller = span.spanContext();
    this.#callers.set(caller.spanId, caller);
  }

  /** The calls noted since the last `take`. */
  take(): { memoHits: number; links: Link[] } {
    const taken = {
      memoHits: this.#memoHits,
      links: Array.from(this.#callers.values(), (caller) => ({ context: caller })),
    };
    this.#memoHits = 0;
    this.#callers.clear();
    return taken;
  }
}

/**
 * A `loader NAME` span around one batch, child of the first caller and linked to all that `calls` saw. Outside of a
 * recorded trace it only calls `fn`.
 */
export async function traceBatch<T>(
  name: string,
  keys: readonly unknown[],
  fn: () => Promise<T>,
  calls?: LoaderCalls,
): Promise<T> {
  const { memoHits, links } = calls?.take() ?? { memoHits: 0, links: [] };
  if (trace.getActiveSpan()?.isRecording() !== true) return fn();
  return withSpan(
    `loader ${name}`,
    {
      'chorus.loader.keys': keys.length + memoHits,
      'chorus.loader.unique': new Set(keys).size,
      'chorus.loader.batch_size': keys.length,
      'chorus.loader.memo_hits': memoHits,
    },
    fn,
    { links },
  );
}
