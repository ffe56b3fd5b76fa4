import { ChorusError, type LiveRoom } from '@chorus/sdk';
import { sleep } from './system.ts';

/** How long a removed member's stream may take to say so, in a storm. */
const END_LIMIT_MS = 60_000;

/** Codes after which the same may go well. */
const PASSING = new Set([undefined, 'RATE_LIMITED', 'SUBGRAPH_UNAVAILABLE', 'TIMEOUT', 'INTERNAL']);

/** What is said of a deleted message, and of an emoji too many. */
const GONE = new Set<string | undefined>(['NOT_FOUND', 'BAD_USER_INPUT']);

/** Does it again until the server has said what became of it. What came in part did come. */
export async function untilKnown<Data>(request: () => Promise<Data>): Promise<Data> {
  for (;;) {
    try {
      return await request();
    } catch (error) {
      if (error instanceof ChorusError && !PASSING.has(error.code)) throw error;
      await sleep(100 + Math.random() * 400);
    }
  }
}

/** The same for what is done to a message, which somebody may have deleted by now. */
export async function changed(request: () => Promise<unknown>): Promise<void> {
  await untilKnown(request).catch((error: unknown) => {
    if (!(error instanceof ChorusError) || !GONE.has(error.code)) throw error;
  });
}

/** @returns false when it took too long */
export async function becomes(room: LiveRoom, status: string): Promise<boolean> {
  for (const deadline = Date.now() + END_LIMIT_MS; Date.now() < deadline;) {
    if (room.state.connection.status === status) return true;
    await sleep(50);
  }
  return false;
}

/** When that signal is given. */
export const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
