import type { Server } from 'node:http';
import {
  createSourceEventStream,
  execute,
  type ExecutionArgs,
  GraphQLError,
  type GraphQLSchema,
  OperationTypeNode,
} from 'graphql';
import { CloseCode, handleProtocols, makeServer } from 'graphql-ws';
import { LRUCache } from 'lru-cache';
import type { Logger } from 'pino';
import { type WebSocket, WebSocketServer } from 'ws';
import { fault, maskError } from '../errors.ts';
import { parsedMessage } from '../graphql-ws.ts';
import { sharedKey } from '../sharing.ts';
import { runWithTrace, withSpan } from '../telemetry/index.ts';
import { type Viewer, VIEWER_HEADER, type ViewerTokens } from '../viewer.ts';
import type { Documents } from './documents.ts';
import { type Exchange, noExchange } from './exchange.ts';
import { type EventExecution, OperationEvents, type Subscribed } from './operation-events.ts';
import { Tails } from './tails.ts';

/** In the `extensions` of a subscribe message: whoever sent it can take the events of a tail (docs/live.md). */
export const TAILS_EXTENSION = 'chorus-tails';

const MAX_MESSAGE = 256 * 1024;
/** RFC 6455: the service restarts; a client should connect again. */
const SERVICE_RESTART = 1012;
/** Characters of texts and names of operations, each of which is kept once, whoever sends it. */
const MAX_STRINGS_SIZE = 1_000_000;
const KEEP_ALIVE_MS = 12_000;
/** How long a peer may take to answer a closing handshake. */
const CLOSE_LIMIT_MS = 2000;

export interface SubscriptionServerOptions {
  server: Server;
  path: string;
  schema: GraphQLSchema;
  documents: Documents;
  viewerTokens: ViewerTokens;
  logger: Logger;
  /** A fresh context: one to subscribe with, and one for each event, so that no loader outlives its event. */
  context: (viewer: Viewer, exchange: Exchange) => object;
}

/**
 * graphql-ws for the router: each subscribe message carries its own viewer token and trace context in `extensions`.
 * A slow router is not read ahead of: the next event is asked for when the socket has taken the last. An error that ends
 * an event stream ends its operation with an error message; other operations of the socket go on.
 */
export function serveSubscriptions(options: SubscriptionServerOptions): { stop(): Promise<void> } {
  const { schema, documents, logger, viewerTokens } = options;
  const sockets = new WebSocketServer({
    server: options.server,
    path: options.path,
    maxPayload: MAX_MESSAGE,
    handleProtocols: (protocols) => handleProtocols(protocols),
  });
  const strings = new LRUCache<string, string>({
    maxSize: MAX_STRINGS_SIZE,
    sizeCalculation: (text) => text.length + 1,
  });
  /** The same string for all who send the same text. */
  const once = (text: string): string => {
    const known = strings.get(text) ?? text;
    strings.set(known, known);
    return known;
  };

  const mask = (errors: readonly GraphQLError[]) => errors.map((error) => maskError(error.toJSON(), error, logger));

  /** Apart, for what is in reach of an operation's functions lives as long as it does: here, a context with its loaders. */
  const openSource = (args: ExecutionArgs, { viewer, trace }: Subscribed) => {
    const contextValue = options.context(viewer, noExchange);
    return runWithTrace(trace, () =>
      withSpan('subscribe', {}, () => createSourceEventStream({ ...args, contextValue })),
    );
  };

  const execution: EventExecution = {
    tails: new Tails(logger),
    context: (viewer) => options.context(viewer, noExchange),
    print: ({ data, errors }) =>
      errors.length === 0 ? `{"data":${data}}` : `{"errors":${JSON.stringify(mask(errors))},"data":${data}}`,
    failed: (error) => JSON.stringify({ errors: mask([new GraphQLError('', { originalError: error as Error })]) }),
  };

  const subscribe = async (args: ExecutionArgs) => {
    const subscribed = args.contextValue as Subscribed;
    const coerced = subscribed.operation.coerce(args.variableValues ?? {});
    if ('errors' in coerced) return coerced;
    const { variableValues } = coerced;
    const source = await openSource(args, subscribed);
    if (!(Symbol.asyncIterator in source)) return source;
    return new OperationEvents(source, { subscribed, variableValues, server: execution });
  };

  const graphql = makeServer<Record<string, unknown>, { socket: WebSocket }>({
    schema,
    connectionInitWaitTimeout: 5000,
    onSubscribe: async (ctx, operationId, payload) => {
      try {
        const extensions = payload.extensions ?? {};
        const viewer = await viewerTokens.verify(extensions[VIEWER_HEADER]);
        const operation = documents.operation(payload.query, payload.operationName ?? null);
        if (operation !== null && 'errors' in operation) return operation.errors;
        if (operation?.kind !== OperationTypeNode.SUBSCRIPTION) {
          return [fault('BAD_USER_INPUT', 'Send queries and mutations over HTTP.')];
        }
        const query = once(payload.query);
        const { variables: variableValues, operationName } = payload;
        const { sharing } = operation;
        const takesTails = sharing !== null && extensions[TAILS_EXTENSION] === true;
        const shared = takesTails ? once(sharedKey(sharing, query, operationName, variableValues ?? {})) : null;
        const { socket } = ctx.extra;
        const { [VIEWER_HEADER]: _, [TAILS_EXTENSION]: __, ...trace } = extensions;
        // graphql-ws keeps the message for as long as the operation lives.
        Object.assign(payload, { query, extensions: null });
        const contextValue: Subscribed = { viewer, operation, shared, operationId, socket, trace };
        return { schema, document: operation.document, variableValues, operationName, contextValue };
      } catch (error) {
        if (error instanceof GraphQLError) return [error];
        throw error;
      }
    },
    subscribe,
    execute,
    onNext: (_ctx, _id, _payload, _args, { errors, ...result }) =>
      errors === undefined ? result : { ...result, errors: mask(errors) },
    onError: (_ctx, _id, _payload, errors) => mask(errors),
  });

  /** Those that were asked and have not answered. */
  const silent = new Set<WebSocket>();
  sockets.on('connection', (socket) => {
    const failed = (err: unknown) => {
      // One that is gone needs no more; it is told to graphql-ws when it closes.
      if (socket.readyState !== socket.OPEN) return;
      logger.error({ err }, 'a message on a socket could not be handled');
      socket.close(CloseCode.InternalServerError, 'Internal server error');
    };
    const closed = graphql.opened(
      {
        protocol: socket.protocol,
        send: (message) =>
          new Promise((resolve, reject) => {
            if (socket.readyState !== socket.OPEN) resolve();
            else socket.send(message, (error) => (error == null ? resolve() : reject(error)));
          }),
        close: (code, reason) => socket.close(code, reason),
        // Here, and not in `useServer`, which keeps the bytes of a subscribe message for as long as the operation lives.
        onMessage: (receive) =>
          socket.on('message', (message: Buffer) => void receive(parsedMessage(message)).catch(failed)),
      },
      { socket },
    );
    socket.on('error', (err) => logger.debug({ err }, 'a router broke the protocol of its socket'));
    socket.on('pong', () => silent.delete(socket));
    socket.once('close', (code, reason) => {
      silent.delete(socket);
      void closed(code, String(reason)).catch(failed);
    });
  });
  const keepAlive = setInterval(() => {
    for (const socket of sockets.clients) {
      if (silent.has(socket)) socket.terminate();
      silent.add(socket);
      if (socket.readyState === socket.OPEN) socket.ping();
    }
  }, KEEP_ALIVE_MS);
  keepAlive.unref();

  return {
    async stop() {
      const clients = [...sockets.clients];
      for (const socket of clients) socket.close(SERVICE_RESTART, 'Service restart');
      // A peer that hangs would keep the process for ws's own 30 s.
      const timer = setTimeout(() => clients.forEach((socket) => socket.terminate()), CLOSE_LIMIT_MS);
      clearInterval(keepAlive);
      await new Promise((resolve) => sockets.close(resolve));
      clearTimeout(timer);
    },
  };
}
