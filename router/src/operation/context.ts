import type { Logger } from '@chorus/kit/logger';
import type { Viewer } from '@chorus/kit/viewer';

/** What belongs to one operation, from the first byte of the request to its answer. */
export interface OperationContext {
  viewer: Viewer;
  /** The client's request headers, lower case; some may be forwarded. */
  headers: ReadonlyMap<string, string>;
  /** Aborts when nobody waits for the answer any more. */
  signal: AbortSignal;
  logger: Logger;
  /** Calls to subgraphs so far. */
  calls: number;
  /** Whether its plan was there already; known once it is planned. */
  planCached?: boolean;
  /** Headers of subgraphs' answers that go back to the client; made by the first that has one. */
  returned?: Map<string, string | string[]>;
  /** W3C trace context that came with the operation itself, and not in HTTP headers. */
  trace?: object;
}
