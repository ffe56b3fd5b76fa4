import { type Server, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Logger } from '@chorus/kit/logger';
import { type ExecutionArgs, type ExecutionResult, GraphQLError } from 'graphql';
import { handleProtocols, makeServer } from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Authenticator } from '../auth/authenticate.ts';
import { type OperationRequest, textOf } from '../execution/execute.ts';
import type { LiveOperation, SendEvent } from '../execution/live-operation.ts';
import type { Admission } from '../http/admission.ts';
import type { OperationContext } from '../operation/context.ts';
import type { Supergraph } from '../supergraph/supergraph.ts';
import { ClientSocket, noHeaders, TRY_AGAIN_LATER } from './client-socket.ts';
import { type Connections, RETRY_AFTER } from './connections.ts';
import { runOnce, showError, showResult } from './operation.ts';

const INIT_LIMIT_MS = 5000;

/**
 * graphql-ws for clients. The access token comes in connection_init, as `Authorization`; without one the viewer is
 * anonymous, with a wrong one the socket closes with 4403, and so it does when the token expires or
 * its session is ended. Queries and mutations
 * work too. Ending `connections` closes sockets with 1012, which tells clients to connect again.
 */
export function serveSockets(options: {
  server: Server;
  path: string;
  /** Bytes of one message. */
  maxBody: number;
  /** Which of the parameters of connection_init go on to subgraphs, as headers. */
  forwardHeaders: readonly string[];
  supergraph: Supergraph;
  authenticator: Authenticator;
  connections: Connections;
  admission: Admission;
  logger: Logger;
}): void {
  const { supergraph, authenticator, connections, admission, logger } = options;
  const names = new Set(options.forwardHeaders.map((name) => name.toLowerCase()));

  const forwarded = (connectionParams: Record<string, unknown>): ReadonlyMap<string, string> => {
    const headers = Object.entries(connectionParams).flatMap(([name, value]): [string, string][] =>
      typeof value === 'string' && names.has(name.toLowerCase()) ? [[name.toLowerCase(), value]] : [],
    );
    return headers.length === 0 ? noHeaders : new Map(headers);
  };

  /** Who sends the events of an operation, by its context. */
  const senders = new WeakMap<object, SendEvent>();

  const graphql = makeServer<Record<string, unknown> | undefined, ClientSocket>({
    connectionInitWaitTimeout: INIT_LIMIT_MS,
    async onConnect(ctx) {
      const { connectionParams = {}, extra: client } = ctx;
      // Kept by graphql-ws as long as the socket lives, the token with them.
      Object.assign(ctx, { connectionParams: undefined });
      const authorization = connectionParams['Authorization'] ?? connectionParams['authorization'];
      const actAs = connectionParams['chorus-act-as'];
      try {
        const authenticated = await authenticator.authenticate({ authorization, actAs }, client.takeRequest());
        client.identify(authenticated, forwarded(connectionParams));
        return true;
      } catch (error) {
        if (!(error instanceof GraphQLError)) throw error;
        // That tokens cannot be checked now, or that there are too many sockets, says nothing against this token.
        if (laterCodes.has(error.extensions['code'])) client.close(TRY_AGAIN_LATER, error.message);
        return false; // closes with 4403
      }
    },
    onSubscribe({ extra: client }, id, payload) {
      const operationName = payload.operationName ?? undefined;
      const extensions = payload.extensions ?? undefined;
      const { schema, documents } = supergraph.current();
      const found = documents.find({ query: payload.query, operationName, extensions });
      if (!('document' in found)) return found;
      try {
        client.beginOperation();
      } catch (error) {
        if (error instanceof GraphQLError) return [error];
        throw error;
      }
      const contextValue = client.contextOf(extensions, logger);
      senders.set(contextValue, client.sender(id));
      const { document } = found;
      // graphql-ws keeps the message for as long as the operation lives: then with the text that all have in common.
      Object.assign(payload, { query: textOf(document), extensions: null });
      return { schema, document, operationName, variableValues: payload.variables ?? {}, contextValue };
    },
    async subscribe(args) {
      try {
        const { execution } = supergraph.of(args.schema);
        const operation = toOperation(args);
        const send = senders.get(operation.context);
        if (send === undefined) throw new Error('an operation that nobody asked');
        senders.delete(operation.context);
        return new SentEvents(await execution.subscribe(operation), send);
      } catch (error) {
        // Thrown on, it would close the socket, and all its other operations.
        return {
          errors: [error instanceof GraphQLError ? error : new GraphQLError('', { originalError: error as Error })],
        };
      }
    },
    execute: async (args) =>
      (await runOnce(supergraph.of(args.schema).execution, toOperation(args), admission)) as ExecutionResult,
    onNext: (_ctx, _id, _payload, _args, result) => showResult(result, logger),
    onError: (_ctx, _id, _payload, errors) => errors.map((error) => showError(error, logger)),
    onComplete: ({ extra: client }) => client.endOperation(),
  });

  /** Apart from where the request is known, which would live as long as the socket otherwise. */
  const adopt = (webSocket: WebSocket, client: ClientSocket) => {
    const closed = graphql.opened(client, client);
    webSocket.once('close', (code, reason) => {
      client.closed();
      closed(code, String(reason)).catch((err: unknown) => logger.error({ err }, 'a socket did not end cleanly'));
    });
  };

  // Not given the server, whose failure to listen it would report as an error of its own.
  const sockets = new WebSocketServer({
    noServer: true,
    path: options.path,
    maxPayload: options.maxBody,
    clientTracking: false,
    handleProtocols: (protocols) => handleProtocols(protocols),
  });
  options.server.on('upgrade', (request, socket, head) => {
    if (connections.full) return refuse(socket);
    sockets.handleUpgrade(request, socket, head, (webSocket) =>
      adopt(webSocket, new ClientSocket(webSocket, socket, request, connections, logger)),
    );
  });
}

/** Sends the events of an operation past graphql-ws, which hears of no more than the end. */
class SentEvents implements AsyncIterableIterator<ExecutionResult, void> {
  readonly #operation: LiveOperation;
  readonly #send: SendEvent;

  constructor(operation: LiveOperation, send: SendEvent) {
    this.#operation = operation;
    this.#send = send;
  }
  [Symbol.asyncIterator](): this {
    return this;
  }
  next(): Promise<IteratorResult<ExecutionResult, void>> {
    return this.#operation.run(this.#send).then(() => ({ done: true, value: undefined }));
  }
  return(): Promise<IteratorResult<ExecutionResult, void>> {
    this.#operation.end();
    return Promise.resolve({ done: true, value: undefined });
  }
}

const laterCodes: ReadonlySet<unknown> = new Set(['SUBGRAPH_UNAVAILABLE', 'RATE_LIMITED']);

/** Before there is a WebSocket all that can be said is HTTP. */
function refuse(socket: Duplex): void {
  const head = [`HTTP/1.1 503 ${STATUS_CODES[503]}`, `Retry-After: ${RETRY_AFTER}`, 'Connection: close', '', ''];
  socket.on('error', () => socket.destroy());
  socket.end(head.join('\r\n'), () => socket.destroy());
}

/** What `onSubscribe` put together, with its types. */
const toOperation = ({ document, operationName, variableValues, contextValue }: ExecutionArgs): OperationRequest => ({
  document,
  operationName: operationName ?? undefined,
  variables: variableValues ?? {},
  context: contextValue as OperationContext,
});
