import { setTimeout as delay } from 'node:timers/promises';

/**
 * How long an answer takes that must not tell whether there is an account: longer than comparing with any hash, or than
 * storing what only an account has.
 */
const REFUSAL_MS = 1000;

/** To be called before an account is looked for; what it returns waits until the second is over. */
export function startRefusal(): () => Promise<void> {
  const end = performance.now() + REFUSAL_MS;
  return () => delay(Math.max(0, end - performance.now()));
}
