export type CircuitState = 'closed' | 'open' | 'half-open';

/** `unknown`: it said nothing about the service, its client having left, say. */
export type Outcome = 'success' | 'failure' | 'unknown';

/** When it opens, and for how long. */
export interface CircuitRule {
  /** Calls are looked at for so long. */
  windowMs: number;
  /** Fewer say too little. Half of them must have failed. */
  minCalls: number;
  /** After that one call is let through. */
  openMs: number;
}

/** Hystrix's defaults. */
const DEFAULTS: CircuitRule = { windowMs: 10_000, minCalls: 20, openMs: 5000 };
const FAILURE_RATIO = 0.5;
const BUCKETS = 10;

/**
 * Stops calls to a service that mostly fails, so that they fail at once and it gets time to recover. While it is open
 * nothing passes; after that one call at a time does, and the first that succeeds closes it.
 */
export class CircuitBreaker {
  readonly #onChange: (state: CircuitState) => void;
  readonly #rule: CircuitRule;
  readonly #calls = new Uint32Array(BUCKETS);
  readonly #failures = new Uint32Array(BUCKETS);
  #bucket = 0;
  #state: CircuitState = 'closed';
  #openUntil = 0;
  /** The call that was let through last has until then to say something; after that there is another. */
  #probeUntil = 0;
  /** Counts changes of state: what a call of an earlier state came to says nothing about this one. */
  #epoch = 1;

  constructor(onChange: (state: CircuitState) => void, rule: CircuitRule = DEFAULTS) {
    this.#onChange = onChange;
    this.#rule = rule;
  }

  /**
   * Asks to make a call.
   * @param now by performance.now(), as everywhere here
   * @returns a pass to give to `record` when it is over; 0 when it may not be made
   */
  admit(now: number): number {
    if (this.#state === 'closed') return this.#epoch;
    if (this.#state === 'open' && now >= this.#openUntil) this.#change('half-open');
    if (this.#state === 'open' || now < this.#probeUntil) return 0;
    this.#probeUntil = now + this.#rule.openMs;
    return this.#epoch;
  }

  /** Whether a call that was given this pass, and has not been made yet, may still be made. */
  holds(pass: number): boolean {
    return pass === this.#epoch;
  }

  /** Whole seconds, at least 1, after which asking again makes sense. */
  retryAfter(now: number): number {
    return Math.max(1, Math.ceil((this.#openUntil - now) / 1000));
  }

  record(pass: number, outcome: Outcome, now: number): void {
    if (pass !== this.#epoch) return;
    if (this.#state === 'half-open') {
      this.#probeUntil = 0;
      if (outcome === 'success') this.#change('closed');
      if (outcome === 'failure') this.#open(now);
    } else if (outcome !== 'unknown') {
      const index = this.#turnTo(Math.floor((now * BUCKETS) / this.#rule.windowMs));
      this.#calls[index] = (this.#calls[index] ?? 0) + 1;
      if (outcome === 'success') return;
      this.#failures[index] = (this.#failures[index] ?? 0) + 1;
      const calls = sum(this.#calls);
      if (calls >= this.#rule.minCalls && sum(this.#failures) >= calls * FAILURE_RATIO) this.#open(now);
    }
  }

  #open(now: number): void {
    this.#openUntil = now + this.#rule.openMs;
    this.#change('open');
  }

  #change(state: CircuitState): void {
    this.#state = state;
    this.#epoch++;
    this.#probeUntil = 0;
    this.#calls.fill(0);
    this.#failures.fill(0);
    this.#onChange(state);
  }

  /** Empties the buckets whose time has passed. @returns the index of the present one */
  #turnTo(bucket: number): number {
    for (let at = Math.max(this.#bucket + 1, bucket - BUCKETS + 1); at <= bucket; at++) {
      this.#calls[at % BUCKETS] = 0;
      this.#failures[at % BUCKETS] = 0;
    }
    this.#bucket = bucket;
    return bucket % BUCKETS;
  }
}

const sum = (counts: Uint32Array): number => counts.reduce((total, count) => total + count, 0);
