import type { Logger } from 'pino';

/** Background work that repeats until stopped. */
export interface Loop {
  /** There is something to do now. */
  wake(): void;
  /** Resolves when the turn under way has ended. */
  stop(): Promise<void>;
}

/**
 * Runs `turn` over and over: at once after 'again', after `idleMs` or a `wake` otherwise, and with growing pauses (up to
 * 30 s) after a failure, which is logged once for each streak.
 */
export function createLoop(options: {
  name: string;
  logger: Logger;
  idleMs: number;
  turn: () => Promise<'again' | 'idle'>;
}): Loop {
  const { name, logger, idleMs, turn } = options;
  let stopped = false;
  let woken = false;
  let rouse: () => void = () => {};
  const pause = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      rouse = () => {
        clearTimeout(timer);
        resolve();
      };
      if (woken || stopped) rouse();
    });

  const run = async () => {
    for (let failures = 0; !stopped;) {
      woken = false;
      try {
        const next = await turn();
        if (failures > 0) logger.info(`${name}: working again`);
        failures = 0;
        if (next === 'idle') await pause(idleMs);
      } catch (err) {
        if (stopped) return;
        if (failures++ === 0) logger.error({ err }, `${name}: failed; trying again`);
        await pause(Math.min(100 * 2 ** failures, 30_000));
      }
    }
  };
  const done = run();
  return {
    wake() {
      woken = true;
      rouse();
    },
    stop() {
      stopped = true;
      rouse();
      return done;
    },
  };
}
