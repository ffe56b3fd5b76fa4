/** Pauses between attempts: at random up to a limit that doubles, so that clients cut off together come back apart. */
export interface Backoff {
  /** Milliseconds to wait before attempt `failures` + 1. */
  delay(failures: number): number;
}

/** Full jitter: anything from 0 to `baseMs`, then to twice that, and so on up to `maxMs`. */
export const fullJitter = ({ baseMs = 300, maxMs = 10_000, random = Math.random } = {}): Backoff => ({
  delay: (failures) => random() * Math.min(maxMs, baseMs * 2 ** Math.min(failures, 20)),
});

/** Resolves after `ms`, or at once when the signal aborts. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done);
  });
}
