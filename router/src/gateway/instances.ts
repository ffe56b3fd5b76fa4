import type { Logger } from '@chorus/kit/logger';
import type { HttpClient } from './http-client.ts';
import type { UploadClient } from './upload-client.ts';

/**
 * - `success`: it answered.
 * - `down`: it cannot be reached, cut the connection, or says itself that it cannot answer now.
 * - `strike`: it took too long or answered nonsense, which may be the request's fault.
 * - `unknown`: nobody waited for its answer.
 */
export type Verdict = 'success' | 'down' | 'strike' | 'unknown';

/** One address of a subgraph. */
export interface Instance {
  readonly url: string;
  readonly http: HttpClient;
  readonly uploads: UploadClient;
  /** Tries that are not over. */
  pending: number;
  /** Changes whenever it goes out or comes back: what began before says nothing about it any more. */
  epoch: number;
  /** 0 while it is in; else when it may be tried again, by performance.now(). */
  outUntil: number;
  /** It asked to be left alone until then. */
  restUntil: number;
  /** Times that it went out without having answered in between. */
  failures: number;
  strikes: number;
  /** It is out, and a call is finding out whether it still must be. */
  probing: boolean;
}

/** Linkerd's defaults: out for 1 s, doubled each time up to a minute, and up to half as much again at random. */
const MIN_OUT_MS = 1_000;
const MAX_OUT_MS = 60_000;
const JITTER = 0.5;
/** As many in a row take an instance out: Envoy's `consecutive_5xx`. */
const MAX_STRIKES = 5;
/** A service is believed for so long when it asks to be left alone. */
const MAX_REST_MS = 60_000;

/**
 * The instances of a subgraph and what calls have shown of their health. The one with the fewest calls under way is
 * chosen among those that are in; when the time of one that is out has passed, one call tries it.
 */
export class Instances {
  readonly #all: readonly Instance[];
  readonly #subgraph: string;
  readonly #logger: Logger;
  #turn = 0;

  constructor(subgraph: string, transports: readonly Pick<Instance, 'url' | 'http' | 'uploads'>[], logger: Logger) {
    this.#subgraph = subgraph;
    this.#logger = logger;
    this.#all = transports.map((transport) => ({
      ...transport,
      pending: 0,
      epoch: 0,
      outUntil: 0,
      restUntil: 0,
      failures: 0,
      strikes: 0,
      probing: false,
    }));
  }

  /**
   * The instance to call; `ended` must follow. When all are out, it is the one whose time comes first.
   * @param mayProbe whether the call may go to one that is probably still out: it can be tried again elsewhere
   * @returns undefined when all have asked to be left alone
   */
  choose(now: number, mayProbe: boolean): Instance | undefined {
    const all = this.#all;
    const start = this.#turn++;
    let best: Instance | undefined;
    let leastOut: Instance | undefined;
    for (let i = 0; i < all.length; i++) {
      const instance = all[(start + i) % all.length];
      if (instance === undefined || instance.restUntil > now) continue;
      if (instance.outUntil === 0) {
        if (best === undefined || instance.pending < best.pending) best = instance;
      } else if (mayProbe && instance.outUntil <= now && !instance.probing && all.length > 1) {
        instance.probing = true;
        best = instance;
        break;
      } else if (leastOut === undefined || instance.outUntil < leastOut.outUntil) {
        leastOut = instance;
      }
    }
    const chosen = best ?? leastOut;
    if (chosen === undefined) return undefined;
    chosen.pending++;
    return chosen;
  }

  /** @param epoch the instance's when the try began */
  ended(instance: Instance, epoch: number, verdict: Verdict, now?: number): void {
    instance.pending--;
    if (epoch !== instance.epoch) return;
    instance.probing = false;
    if (verdict === 'success') {
      instance.strikes = 0;
      if (instance.outUntil > 0) this.#bringBack(instance);
    } else if (verdict === 'down' || (verdict === 'strike' && this.#strike(instance))) {
      this.#takeOut(instance, now ?? performance.now());
    }
  }

  /** It asks to be left alone for so long. */
  rest(instance: Instance, ms: number, now: number): void {
    if (instance.restUntil <= now) this.#log(instance, 'warn', 'asks to be left alone');
    instance.restUntil = Math.max(instance.restUntil, now + Math.min(ms, MAX_REST_MS));
  }

  /** Milliseconds until the first instance takes calls again, when all have asked to be left alone. */
  restLeft(now: number): number {
    return Math.max(0, Math.min(...this.#all.map(({ restUntil }) => restUntil)) - now);
  }

  async stop(): Promise<void> {
    await Promise.all(this.#all.flatMap(({ http, uploads }) => [http.stop(), uploads.stop()]));
  }

  /** @returns whether that was one too many: one that is out must answer before it is in */
  #strike(instance: Instance): boolean {
    return ++instance.strikes >= MAX_STRIKES || instance.outUntil > 0;
  }

  #takeOut(instance: Instance, now: number): void {
    if (instance.outUntil > now) return;
    const ms = Math.min(MAX_OUT_MS, MIN_OUT_MS * 2 ** instance.failures) * (1 + Math.random() * JITTER);
    if (instance.failures === 0) this.#log(instance, 'warn', 'is out');
    instance.failures++;
    instance.epoch++;
    instance.probing = false;
    instance.outUntil = now + ms;
  }

  #bringBack(instance: Instance): void {
    this.#log(instance, 'info', 'is back');
    instance.failures = 0;
    instance.epoch++;
    instance.probing = false;
    instance.outUntil = 0;
  }

  #log({ url }: Instance, level: 'info' | 'warn', what: string): void {
    this.#logger[level]({ subgraph: this.#subgraph, url }, `an instance of a subgraph ${what}`);
  }
}
