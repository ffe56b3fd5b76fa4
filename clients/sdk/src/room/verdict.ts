import { ChorusError } from '../errors.ts';

/** What an error says about asking again. */
export type Verdict =
  /** It may go well next time, at the earliest after so many milliseconds. */
  | { again: true; afterMs: number }
  /** It never will. */
  | { again: false };

/** Codes of what passes; without one it is no answer of Chorus, but of something on the way. */
const PASSING: ReadonlySet<string | undefined> = new Set([
  undefined,
  'RATE_LIMITED',
  'SLOW_CONSUMER',
  'SUBGRAPH_UNAVAILABLE',
  'TIMEOUT',
  'INTERNAL',
]);

/** @param error of a request or a subscription; anything but a ChorusError is a fault of the connection */
export function verdictOn(error: unknown): Verdict {
  if (!(error instanceof ChorusError)) return { again: true, afterMs: 0 };
  if (!PASSING.has(error.code)) return { again: false };
  const seconds = Number(error.errors[0]?.extensions?.['retryAfter'] ?? 0);
  return { again: true, afterMs: Number.isFinite(seconds) ? seconds * 1000 : 0 };
}
