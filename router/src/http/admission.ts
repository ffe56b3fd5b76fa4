import type { IncomingMessage, ServerResponse } from 'node:http';
import { fault } from '@chorus/kit/errors';
import { JSON_TYPE } from './media-types.ts';
import { writeAnswer } from './answers.ts';

/** Seconds after which a client that was turned away may try again. */
const RETRY_AFTER = 1;

type Handler = (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<void>;

/**
 * Lets so many requests in at one time and turns away the rest at once, with 503 and Retry-After, before anything of them
 * is read: what waits inside costs memory, and is answered too late to be of use.
 */
export function admit(handler: Handler, maxRequests: number): Handler {
  let underWay = 0;
  return async (request, response, url) => {
    if (underWay >= maxRequests) {
      response.setHeader('retry-after', RETRY_AFTER);
      return writeAnswer(response, 503, JSON_TYPE, busy);
    }
    underWay++;
    try {
      await handler(request, response, url);
    } finally {
      underWay--;
    }
  };
}

const busy = JSON.stringify({
  errors: [
    fault('RATE_LIMITED', 'The router has more to do than it can. Try again in a moment.', { retryAfter: RETRY_AFTER }),
  ],
});
