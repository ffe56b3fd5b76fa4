import type { IncomingMessage, ServerResponse } from 'node:http';
import { fault } from '@chorus/kit/errors';
import { JSON_TYPE } from './media-types.ts';
import { writeAnswer } from './answers.ts';

/** Seconds after which a client that was turned away may try again. */
const RETRY_AFTER = 1;

type Handler = (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<void>;

/** Counts what the router has to do, whichever way it came in: requests, and operations of live connections. */
export class Admission {
  readonly #limit: number;
  #underWay = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Whether one more may begin; then `leave` when it has ended. */
  enter(): boolean {
    if (this.#underWay >= this.#limit) return false;
    this.#underWay++;
    return true;
  }

  leave(): void {
    this.#underWay--;
  }
}

/**
 * Lets so many requests in at one time and turns away the rest at once, with 503 and Retry-After, before anything of them
 * is read: what waits inside costs memory, and is answered too late to be of use.
 */
export function admit(handler: Handler, admission: Admission): Handler {
  return async (request, response, url) => {
    if (!admission.enter()) {
      response.setHeader('retry-after', RETRY_AFTER);
      return writeAnswer(response, 503, JSON_TYPE, busyText);
    }
    try {
      await handler(request, response, url);
    } finally {
      admission.leave();
    }
  };
}

/** What is turned away is told so. */
export const busy = () =>
  fault('RATE_LIMITED', 'The router has more to do than it can. Try again in a moment.', { retryAfter: RETRY_AFTER });
const busyText = JSON.stringify({ errors: [busy()] });
