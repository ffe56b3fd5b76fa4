import { rateLimited } from '@chorus/kit/errors';

/** Runs costly work a little at a time, and turns away what would wait too long. */
export type WorkQueue = <T>(work: () => Promise<T>) => Promise<T>;

/** Weight of the newest measurement in the average. */
const NEWEST = 1 / 8;

/**
 * @param options.concurrency pieces of work under way at once
 * @param options.guessMs how long one piece takes, until there are measurements
 * @param options.maxWaitMs how long the queue may make a newcomer wait, judged by how long pieces took lately
 * @returns a function that runs work in the order of its calls; it throws GraphQLError RATE_LIMITED
 */
export function createWorkQueue(options: { concurrency: number; guessMs: number; maxWaitMs: number }): WorkQueue {
  const { concurrency, guessMs, maxWaitMs } = options;
  const waiting: (() => void)[] = [];
  let running = 0;
  let averageMs = guessMs;

  return async (work) => {
    const waitMs = (waiting.length * averageMs) / concurrency;
    if (waitMs > maxWaitMs) {
      const retryAfter = Math.ceil(waitMs / 1000);
      throw rateLimited(`Too much is asked at once. Try again in ${retryAfter} s.`, retryAfter);
    }
    // Whoever ends hands its place to the first in the queue, so `running` then stays as it is.
    if (running < concurrency) running++;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    const started = performance.now();
    try {
      return await work();
    } finally {
      averageMs += (Math.max(1, performance.now() - started) - averageMs) * NEWEST;
      const next = waiting.shift();
      if (next === undefined) running--;
      else next();
    }
  };
}
