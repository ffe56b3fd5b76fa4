import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { fault, unauthenticated } from '@chorus/kit/errors';
import { parsedMessage } from '@chorus/kit/graphql-ws';
import type { Logger } from '@chorus/kit/logger';
import type { Viewer } from '@chorus/kit/viewer';
import { CloseCode } from 'graphql-ws';
import { WebSocket } from 'ws';
import type { Authenticated } from '../auth/authenticate.ts';
import type { SendEvent } from '../execution/live-operation.ts';
import type { OperationContext } from '../operation/context.ts';
import { type Connection, type Connections, type EndReason, type Place, RETRY_AFTER } from './connections.ts';
import { nextFrame } from './frame.ts';

const MAX_OPERATIONS = 100;
/** Bytes that a client may leave unread in our memory, besides what its operations have waiting. */
const MAX_UNSENT = 1024 * 1024;
/** RFC 6455: the service restarts; a client should connect again. */
const SERVICE_RESTART = 1012;
/** Of the IANA registry of close codes: the client is to come back later. */
export const TRY_AGAIN_LATER = 1013;

const endings: Record<EndReason, [code: number, reason: string]> = {
  expired: [CloseCode.Forbidden, 'Token expired'],
  revoked: [CloseCode.Forbidden, 'Session ended'],
  slow: [TRY_AGAIN_LATER, 'Messages came faster than you took them'],
  restart: [SERVICE_RESTART, 'Service restart'],
};

export const noHeaders: ReadonlyMap<string, string> = new Map();

/** A client's socket: as graphql-ws sees it, and as everything else does. */
export class ClientSocket implements Connection {
  #request: IncomingMessage | undefined;
  readonly #socket: WebSocket;
  /** What the frames of the WebSocket go out on. */
  readonly #stream: Duplex;
  #drained: PromiseWithResolvers<void> | undefined;
  readonly #place: Place;
  readonly #logger: Logger;
  readonly #gone = { aborted: false };
  #answered = true;
  #viewer: Viewer | undefined;
  #headers: ReadonlyMap<string, string> = noHeaders;

  constructor(socket: WebSocket, stream: Duplex, request: IncomingMessage, connections: Connections, logger: Logger) {
    this.#request = request;
    this.#socket = socket;
    this.#stream = stream;
    stream.on('drain', () => this.#drain());
    this.#logger = logger;
    this.#place = connections.add(this);
    socket.on('pong', () => (this.#answered = true));
    // Too long a message, or bytes that are none: the socket closes, with the code that says so.
    socket.on('error', (err) => logger.debug({ err }, 'a client broke the protocol of its socket'));
  }

  /** The request that became the socket; once, for what it says is needed no more after connection_init. */
  takeRequest(): IncomingMessage {
    const request = this.#request;
    if (request === undefined) throw new Error('a socket authenticates once');
    this.#request = undefined;
    return request;
  }

  /**
   * @param headers that go on to subgraphs
   * @throws GraphQLError RATE_LIMITED, UNAUTHENTICATED
   */
  identify(authenticated: Authenticated, headers: ReadonlyMap<string, string>): void {
    if (this.#gone.aborted) return;
    this.#place.identify(authenticated);
    this.#viewer = authenticated.viewer;
    this.#headers = headers;
  }

  /** @throws GraphQLError RATE_LIMITED */
  beginOperation(): void {
    if (this.#place.operations >= MAX_OPERATIONS) {
      const message = `One connection holds at most ${MAX_OPERATIONS} operations. End one first.`;
      throw fault('RATE_LIMITED', message, { retryAfter: RETRY_AFTER });
    }
    this.#place.beginOperation();
  }

  endOperation(): void {
    this.#place.endOperation();
  }

  contextOf(trace: object | undefined, logger: Logger): OperationContext {
    if (this.#viewer === undefined) throw unauthenticated();
    return {
      viewer: this.#viewer,
      headers: this.#headers,
      signal: this.#gone,
      logger,
      calls: 0,
      ...(trace && { trace }),
    };
  }

  /** The socket is gone, whoever closed it. */
  closed(): void {
    this.#gone.aborted = true;
    this.#drain();
    this.#place.remove();
  }

  keepAlive(): void {
    if (!this.#answered) return this.#socket.terminate();
    this.#answered = false;
    this.#socket.ping();
  }
  end(reason: EndReason): void {
    this.#socket.close(...endings[reason]);
  }
  destroy(): void {
    this.#socket.terminate();
  }

  get protocol(): string {
    return this.#socket.protocol;
  }
  close(code: number, reason: string): void {
    this.#socket.close(code, reason);
  }
  /** Resolves when the system has taken the message, so that whoever waits for it is as slow as the client. */
  send(message: string): Promise<void> {
    const socket = this.#socket;
    if (socket.bufferedAmount > MAX_UNSENT) this.#place.end('slow');
    if (socket.readyState !== socket.OPEN) return Promise.resolve();
    return new Promise((resolve, reject) =>
      socket.send(message, (error) => (error == null ? resolve() : reject(error))),
    );
  }
  /**
   * Sends the events of one operation. They are the same bytes for all who get them, and no more than the operation's id
   * is this client's: a frame made here, and written as `ws` would.
   * @returns when the client takes more, if it does not now
   */
  sender(operationId: string): SendEvent {
    return (event) => {
      if (this.#socket.readyState !== WebSocket.OPEN) return undefined;
      const stream = this.#stream;
      if (stream.write(nextFrame(event, operationId))) return undefined;
      if (stream.writableLength > MAX_UNSENT) this.#place.end('slow');
      this.#drained ??= Promise.withResolvers();
      return this.#drained.promise;
    };
  }
  #drain(): void {
    this.#drained?.resolve();
    this.#drained = undefined;
  }
  onMessage(receive: (message: string) => Promise<void>): void {
    this.#socket.on('message', (message) => {
      receive(parsedMessage(message as Buffer)).catch((err: unknown) => {
        if (this.#gone.aborted) return;
        this.#logger.error({ err }, 'a message on a socket could not be handled');
        this.close(CloseCode.InternalServerError, 'Internal server error');
      });
    });
  }
}
