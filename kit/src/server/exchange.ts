import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';

/** What of HTTP an operation may read and add. */
export interface Exchange {
  /** Those of the client that the router passes on, beside its own. */
  readonly requestHeaders: IncomingHttpHeaders;
  /** Sets a header of the answer; the router gives it to the client where RETURN_HEADERS says so. */
  setHeader(name: string, value: string): void;
}

export const exchangeOf = (request: IncomingMessage, response: ServerResponse): Exchange => ({
  requestHeaders: request.headers,
  setHeader: (name, value) => void response.setHeader(name, value),
});

/** Of a subscription, whose events are no answers of HTTP. */
export const noExchange: Exchange = Object.freeze({
  requestHeaders: Object.freeze({}),
  setHeader() {
    throw new Error('an event of a subscription has no headers');
  },
});
