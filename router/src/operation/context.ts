import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Logger } from '@chorus/kit/logger';
import type { Viewer } from '@chorus/kit/viewer';

/** The client's request headers, some of which may be forwarded. */
export interface ClientHeaders {
  /** @param name lower case */
  get(name: string): string | undefined;
}

/** The headers of an HTTP request, read where they are. */
export class RequestHeaders implements ClientHeaders {
  readonly #headers: IncomingHttpHeaders;

  constructor({ headers }: IncomingMessage) {
    this.#headers = headers;
  }

  get(name: string): string | undefined {
    const value = this.#headers[name];
    return Array.isArray(value) ? value.join(', ') : value;
  }
}

/** What belongs to one operation, from the first byte of the request to its answer. */
export interface OperationContext {
  viewer: Viewer;
  headers: ClientHeaders;
  /** Those that go on to every subgraph, as lines of HTTP; made by the first call. */
  forwarded?: string;
  /** Says whether anybody still waits for the answer. */
  signal: { readonly aborted: boolean };
  logger: Logger;
  /** When its calls must be answered, by performance.now(); calls that carry files may take longer. */
  deadline?: number;
  /** Calls to subgraphs so far. */
  calls: number;
  /** Whether its plan was there already; known once it is planned. */
  planCached?: boolean;
  /** Whether the answer is that of an equal query which ran at the same time. */
  shared?: boolean;
  /** Headers of subgraphs' answers that go back to the client; made by the first that has one. */
  returned?: Map<string, string | string[]>;
  /** W3C trace context that came with the operation itself, and not in HTTP headers. */
  trace?: object;
}
