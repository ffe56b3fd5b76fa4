import type { Outcome } from '@chorus/kit/circuit-breaker';
import { late, silent } from './call-watch.ts';
import { ConnectionError, type HttpAnswer } from './http-client.ts';
import type { Verdict } from './instances.ts';
import { retryAfterMs } from './passed-headers.ts';

/** An answer of whoever stands before the service, or of a service that does not serve: 502, 503 or 504. */
export class Unavailable extends Error {
  readonly retryAfterMs: number | undefined;
  constructor(status: number, retryAfterMs: number | undefined) {
    super(`answered ${status}`);
    this.retryAfterMs = retryAfterMs;
  }
}

/** An answer that is no GraphQL. */
class Unusable extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Every instance has asked to be left alone. */
export class Resting extends Error {
  readonly forMs: number;
  constructor(forMs: number) {
    super('every instance has asked to be left alone');
    this.forMs = forMs;
  }
}

/**
 * Why an answer is not the subgraph's word. GraphQL over HTTP, 6.4: with a status of 400 or more, only the media type of
 * GraphQL says that an answer comes from the service and not from what stands before it.
 */
export function faultOf(answer: HttpAnswer, authenticated: boolean): Error | null {
  const { status, text } = answer;
  if (status >= 502 && status <= 504 && !answer.header('content-type')?.startsWith('application/graphql-response+json'))
    return new Unavailable(status, retryAfterMs(answer.header('retry-after')));
  // That the router itself is refused is no news for the client.
  if (status === 401 && authenticated) return new Unusable(status, 'refused the viewer token');
  return text.startsWith('{') ? null : new Unusable(status, `answered ${status} without GraphQL`);
}

/**
 * What a failed try says about the instance. What a client can bring about alone must not take one out: an answer of 4xx
 * is about the request, and a connection that breaks under an upload may be a service that does not want all of it.
 */
export function verdictOf(error: unknown, uploading: boolean): Verdict {
  if (error instanceof ConnectionError) return uploading && !error.unprocessed ? 'strike' : 'down';
  if (error instanceof Unavailable || error === silent) return 'down';
  if (error instanceof Unusable) return error.status >= 400 && error.status < 500 ? 'unknown' : 'strike';
  return error === late ? 'strike' : 'unknown';
}

export const wasNeverReached = (error: unknown): boolean => error instanceof ConnectionError && error.unprocessed;

/** What a failed call says about the service. */
export function outcomeOf(error: unknown): Outcome {
  const verdict = verdictOf(error, false);
  return verdict === 'down' || verdict === 'strike' ? 'failure' : 'unknown';
}
