/** Finagle's defaults: a fifth of the calls, and ten a second where there are few. */
const RATIO = 0.2;
const PER_SECOND = 10;
/** Saved up at most: enough for the calls that one instance can lose at once when it is killed. */
const MOST = 256;
/** Of that, what comes by time alone: ten seconds' worth. */
const MOST_BY_TIME = 100;

/**
 * How many retries a service can still bear: they are a share of the calls, so that when all calls fail there is little
 * more to do than without any.
 */
export class RetryBudget {
  #balance = MOST_BY_TIME;
  #counted = 0;

  /** A call was made, which is not itself a retry. */
  deposit(): void {
    this.#balance = Math.min(MOST, this.#balance + RATIO);
  }

  /** @returns whether one more retry may be made, which it then counts */
  withdraw(now: number): boolean {
    const earned = ((now - this.#counted) / 1000) * PER_SECOND;
    this.#balance = Math.max(this.#balance, Math.min(MOST_BY_TIME, this.#balance + earned));
    this.#counted = now;
    if (this.#balance < 1) return false;
    this.#balance--;
    return true;
  }
}

/** Envoy's defaults, with full jitter: at most 25 ms before the first retry, doubling up to 250. */
const BACKOFF_MS = 25;
const MAX_BACKOFF_MS = 250;

/** Milliseconds to wait before the nth retry, counted from 1. */
export const backoff = (retry: number): number =>
  Math.random() * Math.min(MAX_BACKOFF_MS, BACKOFF_MS * 2 ** (retry - 1));
