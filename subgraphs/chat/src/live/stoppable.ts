import type { Alarm } from '@chorus/kit/live';

/**
 * A generator that sleeps on an alarm, whose `return` ends it at once: a generator's own waits for the `next` under way.
 * @param close what ends with it
 */
export function stoppable<Frame>(
  alarm: Alarm,
  frames: AsyncGenerator<Frame, void>,
  close: () => void,
): AsyncIterableIterator<Frame, void> {
  const end = () => {
    alarm.stop();
    close();
  };
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      try {
        const result = await frames.next();
        if (result.done === true) end();
        return result;
      } catch (error) {
        end();
        throw error;
      }
    },
    async return() {
      end();
      return frames.return();
    },
  };
}
