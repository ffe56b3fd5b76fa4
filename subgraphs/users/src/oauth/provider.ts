import { AsyncLocalStorage } from 'node:async_hooks';
import type { CircuitBreaker, Outcome } from '@chorus/kit/circuit-breaker';
import { AuthorizationResponseError, type CustomFetch, ResponseBodyError } from 'openid-client';

/** What a provider says of a person, once all that it sent has been verified. */
export interface Profile {
  provider: string;
  /** Who it is at this provider, for good. */
  subject: string;
  /** Null unless the provider itself made sure that it is theirs. */
  verifiedEmail: string | null;
  name: string;
  /** A name for the account that the person chose there. */
  nickname: string | null;
}

/** What binds a callback to the attempt that it belongs to. */
export interface Checks {
  state: string;
  nonce: string;
  codeVerifier: string;
}

/** Somebody else who knows people: Google, say. */
export interface Provider {
  /** As in the paths: `google`. */
  readonly name: string;
  /** As people know it. */
  readonly title: string;
  /**
   * Where a browser goes to say who it is.
   * @throws ProviderFault
   */
  authorizationUrl(checks: Checks): Promise<URL>;
  /**
   * Whom the provider sent back.
   * @param answer the query that came with it
   * @throws ProviderFault
   */
  profile(answer: string, checks: Checks): Promise<Profile>;
}

export type FaultReason = 'DENIED' | 'PROVIDER_TIMEOUT' | 'PROVIDER_UNAVAILABLE' | 'PROVIDER_ANSWER_INVALID';

/** A provider did not say who somebody is; the cause is for the log alone. */
export class ProviderFault extends Error {
  readonly reason: FaultReason;
  constructor(reason: FaultReason, cause: unknown) {
    super(`a provider did not say who somebody is: ${reason}`, { cause });
    this.reason = reason;
  }
}

/**
 * Requests to one provider: all that one step of a sign-in needs must be answered in the same few seconds. While steps
 * mostly fail for want of an answer the next ones fail at once, also those that would send somebody there.
 */
export interface ProviderCalls {
  fetch: CustomFetch;
  /** @throws ProviderFault for whatever goes wrong */
  within<Result>(step: () => Promise<Result>): Promise<Result>;
}

export type Send = (url: string, init: RequestInit) => Promise<Response>;

/**
 * @param options.send default: fetch
 * @param options.now the breaker's clock; default: performance.now
 */
export function createProviderCalls(options: {
  timeoutMs: number;
  breaker: CircuitBreaker;
  send?: Send;
  now?: () => number;
}): ProviderCalls {
  const { timeoutMs, breaker, send = fetch, now = () => performance.now() } = options;
  const steps = new AsyncLocalStorage<{ deadline: AbortSignal; asked: boolean }>();
  return {
    fetch(url, init) {
      const step = steps.getStore();
      if (step !== undefined) step.asked = true;
      const signals = [step?.deadline, init.signal].filter((signal) => signal !== undefined);
      // One type declares bytes on any buffer, the other on one of its own.
      const body = init.body as BodyInit | null | undefined;
      return send(url, { ...init, body: body ?? null, signal: AbortSignal.any(signals) });
    },
    async within(run) {
      const pass = breaker.admit(now());
      if (pass === 0) throw new ProviderFault('PROVIDER_UNAVAILABLE', new Error('the circuit is open'));
      const step = { deadline: AbortSignal.timeout(timeoutMs), asked: false };
      let outcome: Outcome = 'unknown';
      try {
        const result = await steps.run(step, run);
        if (step.asked) outcome = 'success';
        return result;
      } catch (error) {
        const reason = reasonOf(error);
        // What comes by the browser anybody can have written: it says nothing of the provider.
        if (error instanceof AuthorizationResponseError) outcome = 'unknown';
        else if (reason === 'PROVIDER_TIMEOUT' || reason === 'PROVIDER_UNAVAILABLE') outcome = 'failure';
        else if (step.asked) outcome = 'success';
        throw new ProviderFault(reason, error);
      } finally {
        breaker.record(pass, outcome, now());
      }
    },
  };
}

function reasonOf(error: unknown): FaultReason {
  if (error instanceof AuthorizationResponseError) {
    if (error.error === 'access_denied') return 'DENIED';
    return isTheirs(error.error) ? 'PROVIDER_UNAVAILABLE' : 'PROVIDER_ANSWER_INVALID';
  }
  if (error instanceof ResponseBodyError)
    return error.status >= 500 ? 'PROVIDER_UNAVAILABLE' : 'PROVIDER_ANSWER_INVALID';
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause.name === 'TimeoutError') return 'PROVIDER_TIMEOUT';
    // As fetch says that nobody answered.
    if (cause instanceof TypeError && cause.message === 'fetch failed') return 'PROVIDER_UNAVAILABLE';
    if (cause.cause instanceof Response && cause.cause.status >= 500) {
      return 'PROVIDER_UNAVAILABLE';
    }
  }
  return 'PROVIDER_ANSWER_INVALID';
}

const isTheirs = (code: string): boolean => code === 'server_error' || code === 'temporarily_unavailable';
