import type { IncomingMessage, ServerResponse } from 'node:http';
import { fault, unauthenticated } from '@chorus/kit/errors';
import type { Logger } from '@chorus/kit/logger';
import { type FormattedExecutionResult, type GraphQLError, OperationTypeNode } from 'graphql';
import { ACT_AS_HEADER, type Authenticator, sessionEnded } from '../auth/authenticate.ts';
import type { EventText } from '../execution/tail-event.ts';
import type { Admission } from '../http/admission.ts';
import { refuse } from '../http/answers.ts';
import type { BodyWatch } from '../http/body-watch.ts';
import { JSON_TYPE } from '../http/media-types.ts';
import { readParameters } from '../http/parameters.ts';
import { type OperationContext, RequestHeaders } from '../operation/context.ts';
import type { Supergraph } from '../supergraph/supergraph.ts';
import { type Connection, type Connections, type EndReason, type Place, RETRY_AFTER } from './connections.ts';
import { runOnce, showError, showResult } from './operation.ts';

const TYPE = 'text/event-stream';
/** What EventSource waits before it connects again, in milliseconds: at random up to this. */
const RECONNECT_MS = 3000;

type Handler = (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<void>;

/** Whether the client would have an event stream before anything else. */
export const wantsEventStream = (request: IncomingMessage): boolean =>
  request.headers.accept?.startsWith(TYPE) === true;

/**
 * One operation as server-sent events, by the graphql-sse protocol in its distinct connections mode: `next` for each
 * result, faults of the operation included, and `complete`. What is wrong with the request itself is told by HTTP. A
 * stream that ends without `complete` broke off: the client connects again.
 * @param origins pages of which other origins may open one
 */
export function createEventStreamHandler(options: {
  supergraph: Supergraph;
  authenticator: Authenticator;
  connections: Connections;
  admission: Admission;
  origins: readonly string[];
  /** Bytes of the request's JSON. */
  maxBody: number;
  bodies: BodyWatch;
  logger: Logger;
}): Handler {
  const { supergraph, authenticator, connections, admission, maxBody, bodies, logger } = options;
  const origins = new Set(options.origins);

  const open: Handler = async (request, response, url) => {
    if (connections.full) throw later();
    const headers = new RequestHeaders(request);
    const credentials = { authorization: headers.get('authorization'), actAs: headers.get(ACT_AS_HEADER) };
    const authenticated = await authenticator.authenticate(credentials, request);
    const ownSite = isOwnSite(request, origins);
    const parameters = await readParameters(request, response, url, { maxBody, bodies, ownSite });
    const { documents, execution } = supergraph.current();
    const found = documents.find(parameters);
    if (connections.full) throw later();
    if (response.destroyed) return;

    const stream = new EventStream(response, connections);
    try {
      stream.place.identify(authenticated);
      stream.place.beginOperation();
    } catch (error) {
      stream.place.remove();
      throw error;
    }
    stream.open();
    try {
      if (!('document' in found)) return stream.complete(showResult({ errors: found }, logger));
      const { document, operation } = found;
      if (operation.operation === OperationTypeNode.MUTATION && request.method === 'GET') {
        return stream.complete({ errors: [fault('BAD_USER_INPUT', 'Send mutations by POST.').toJSON()] });
      }
      const { viewer } = authenticated;
      const context: OperationContext = { viewer, headers, signal: stream.gone, logger, calls: 0 };
      const { operationName, variables } = parameters;
      const asked = { document, operationName, variables, context };
      if (operation.operation !== OperationTypeNode.SUBSCRIPTION) {
        return stream.complete(showResult(await runOnce(execution, asked, admission), logger));
      }
      const live = await execution.subscribe(asked);
      stream.onGone(() => live.end());
      await live.run((event) => stream.next(event));
      stream.complete();
    } catch (error) {
      stream.complete({ errors: [showError(error, logger)] });
    }
  };

  return async (request, response, url) => {
    try {
      await open(request, response, url);
    } catch (error) {
      if (response.headersSent) throw error;
      refuse(response, JSON_TYPE, error, (refused) => showError(refused, logger));
    }
  };
}

/** The response to one operation. */
class EventStream implements Connection {
  readonly place: Place;
  readonly #response: ServerResponse;
  /** Says whether the client is gone, or has been sent away. */
  readonly gone = { aborted: false };
  #onGone: () => void = () => undefined;
  #taken: PromiseWithResolvers<void> | undefined;
  #stuck = false;

  constructor(response: ServerResponse, connections: Connections) {
    this.#response = response;
    this.place = connections.add(this);
    response.on('drain', () => this.#take());
    response.once('close', () => {
      this.place.remove();
      this.gone.aborted = true;
      this.#onGone();
      this.#take();
    });
  }

  open(): void {
    this.#response.writeHead(200, {
      'content-type': `${TYPE}; charset=utf-8`,
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
    });
    this.#response.write(':\n\n'); // some browsers take a stream for open only when something comes
  }

  /** @returns when the client has taken it, if not at once, so that whoever waits for it is as slow as the client */
  next({ text }: EventText): Promise<void> | undefined {
    this.#write(`event: next\ndata: ${text}\n\n`);
    if (!this.#response.writableNeedDrain || this.#response.destroyed) return undefined;
    this.#taken ??= Promise.withResolvers();
    return this.#taken.promise;
  }

  /** Ends the operation, after one more result if there is one. */
  complete(last?: FormattedExecutionResult): void {
    if (last !== undefined) this.#write(`event: next\ndata: ${JSON.stringify(last)}\n\n`);
    this.#write('event: complete\ndata:\n\n');
    this.#response.end();
  }

  onGone(fn: () => void): void {
    if (this.gone.aborted) fn();
    else this.#onGone = fn;
  }

  keepAlive(): void {
    if (this.#response.writableLength === 0) {
      this.#stuck = false;
      this.#write(':\n\n');
    } else if (this.#stuck) this.#response.destroy();
    else this.#stuck = true;
  }

  end(reason: EndReason): void {
    if (reason === 'restart') {
      this.#write(`retry: ${Math.ceil(Math.random() * RECONNECT_MS)}\n\n`);
      this.#response.end();
    } else this.complete({ errors: [endings[reason]().toJSON()] });
    this.gone.aborted = true;
    this.#onGone();
    this.#take();
  }

  destroy(): void {
    this.#response.destroy();
  }

  #write(text: string): void {
    if (!this.#response.writableEnded) this.#response.write(text);
  }
  #take(): void {
    this.#stuck = false;
    this.#taken?.resolve();
    this.#taken = undefined;
  }
}

const endings: Record<Exclude<EndReason, 'restart'>, () => GraphQLError> = {
  expired: () => unauthenticated('The access token has expired. Connect again with a new one.'),
  revoked: sessionEnded,
  slow: () => fault('SLOW_CONSUMER', 'Events came faster than you took them. Connect again, from the last cursor.'),
};

const later = () =>
  fault('RATE_LIMITED', 'This server holds as many live connections as it can. Try again later.', {
    retryAfter: RETRY_AFTER,
    http: { status: 503 },
  });

/**
 * Whether the request is of no other site's page: EventSource can send no header to show that its browser asked us
 * first, but browsers say where it comes from.
 */
function isOwnSite({ headers }: IncomingMessage, origins: ReadonlySet<string>): boolean {
  const { origin, host, 'sec-fetch-site': site } = headers;
  if (origin !== undefined && origins.has(origin)) return true;
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  return origin === undefined || URL.parse(origin)?.host === host;
}
