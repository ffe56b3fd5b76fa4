import { rateLimited } from '@chorus/kit/errors';

/** Runs what is given as soon as a slot is free. */
export type Slots = <T>(run: () => Promise<T>) => Promise<T>;

/**
 * Bounds what runs at once, and what waits for it.
 * @throws GraphQLError RATE_LIMITED when the queue is full
 */
export function createSlots({ running, waiting }: { running: number; waiting: number }): Slots {
  let free = running;
  const queue: (() => void)[] = [];
  return async (run) => {
    if (free > 0) free--;
    else {
      if (queue.length >= waiting) {
        throw rateLimited('Too many uploads are under way. Try again in a moment.', 5);
      }
      await new Promise<void>((resolve) => queue.push(resolve)); // the slot is handed over, not freed
    }
    try {
      return await run();
    } finally {
      const next = queue.shift();
      if (next === undefined) free++;
      else next();
    }
  };
}
