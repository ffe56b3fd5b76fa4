/** Something that was started and must be stopped. `graceMs` is how long it may take before it is made to. */
export interface Stoppable {
  stop(graceMs?: number): Promise<void>;
}

/**
 * Starts several things at once. When one fails, or `signal` aborts, the others are told to give up and what has
 * already started is stopped again, before the first failure is thrown.
 */
export async function startTogether<T extends Record<string, (signal: AbortSignal) => Promise<Stoppable | undefined>>>(
  signal: AbortSignal,
  starts: T,
): Promise<{ [K in keyof T]: Awaited<ReturnType<T[K]>> }> {
  const giveUp = new AbortController();
  const either = AbortSignal.any([signal, giveUp.signal]);
  const failures: unknown[] = [];
  const entries = await Promise.all(
    Object.entries(starts).map(async ([name, start]) => {
      try {
        either.throwIfAborted();
        return [name, await start(either)] as const;
      } catch (error) {
        failures.push(error);
        giveUp.abort(error);
        return [name, undefined] as const;
      }
    }),
  );
  if (failures.length === 0 && !signal.aborted) {
    return Object.fromEntries(entries) as { [K in keyof T]: Awaited<ReturnType<T[K]>> };
  }
  await Promise.all(entries.map(async ([, started]) => started?.stop(1000)));
  signal.throwIfAborted();
  throw failures[0];
}
