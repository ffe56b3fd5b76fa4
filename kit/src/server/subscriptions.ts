import type { Server } from 'node:http';
import {
  createSourceEventStream,
  execute,
  type ExecutionArgs,
  type ExecutionResult,
  GraphQLError,
  type GraphQLSchema,
  OperationTypeNode,
} from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Logger } from 'pino';
import { fault, maskError } from '../errors.ts';
import type { Operation } from '../execution/index.ts';
import type { Executed } from '../execution/run.ts';
import { executeTraced } from '../execution/traced.ts';
import { isLiveStream } from '../live/live-stream.ts';
import { sharedKey } from '../sharing.ts';
import { runWithTrace, withSpan } from '../telemetry/index.ts';
import { sharedViewer, type Viewer, VIEWER_HEADER, type ViewerTokens } from '../viewer.ts';
import type { Documents } from './documents.ts';
import { type Exchange, noExchange } from './exchange.ts';
import { followTail, Tails } from './tails.ts';

/** In the `extensions` of a subscribe message: whoever sent it can take the events of a tail (docs/live.md). */
export const TAILS_EXTENSION = 'chorus-tails';

const MAX_MESSAGE = 256 * 1024;
/** RFC 6455: the service restarts; a client should connect again. */
const SERVICE_RESTART = 1012;
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

/** What a subscribe message brought along. */
interface Subscribed {
  viewer: Viewer;
  operation: Operation;
  /** Names it among equal ones that get their events together; null: it reads its viewer, or whoever asks takes none. */
  shared: string | null;
  operationId: string;
  socket: WebSocket;
  /** Of whoever subscribed. */
  trace: object;
}

/**
 * graphql-ws for the router: each subscribe message carries its own viewer token and trace context in `extensions`.
 * A slow router is not read ahead of: the next event is asked for when the socket has taken the last. An error that ends
 * an event stream ends its operation with an error message; other operations of the socket go on.
 */
export function serveSubscriptions(options: SubscriptionServerOptions): { stop(): Promise<void> } {
  const { schema, documents, logger, viewerTokens } = options;
  const sockets = new WebSocketServer({ server: options.server, path: options.path, maxPayload: MAX_MESSAGE });
  const tails = new Tails(logger);

  const mask = (errors: readonly GraphQLError[]) => errors.map((error) => maskError(error.toJSON(), error, logger));

  /** Apart, for what is in reach of an operation's functions lives as long as it does: here, a context with its loaders. */
  const openSource = (args: ExecutionArgs, { viewer, trace }: Subscribed) => {
    const contextValue = options.context(viewer, noExchange);
    return runWithTrace(trace, () =>
      withSpan('subscribe', {}, () => createSourceEventStream({ ...args, contextValue })),
    );
  };

  const subscribe = async (args: ExecutionArgs) => {
    const from = args.contextValue as Subscribed;
    const coerced = from.operation.coerce(args.variableValues ?? {});
    if ('errors' in coerced) return coerced;
    const { variableValues } = coerced;
    const { operation, shared, socket, operationId, trace } = from;
    const source = await openSource(args, from);
    if (!(Symbol.asyncIterator in source)) return source;
    // Also the events that it gets on its own: whether an answer is one for all does not hang on how fast somebody is.
    const viewer = operation.sharing === null ? from.viewer : sharedViewer;
    const executeEvent = (rootValue: unknown): Promise<Executed> =>
      runWithTrace(trace, () =>
        withSpan('event', {}, async () =>
          executeTraced(operation, {
            rootValue,
            contextValue: options.context(viewer, noExchange),
            variableValues,
          }),
        ),
      );
    const own =
      shared !== null && isLiveStream(source)
        ? followTail(source, {
            tails,
            key: shared,
            socket,
            operationId,
            execute: (e) => executeEvent(e).then(print, failed),
          })
        : source;
    return mapEvents(own, async (event) => {
      const { data, errors } = await executeEvent(event);
      const result = { data: JSON.parse(data) as ExecutionResult['data'] };
      return errors.length > 0 ? { ...result, errors } : result;
    });
  };

  /** The payload for all. */
  const print = ({ data, errors }: Executed): string =>
    errors.length === 0 ? `{"data":${data}}` : `{"errors":${JSON.stringify(mask(errors))},"data":${data}}`;
  const failed = (error: unknown): string =>
    JSON.stringify({ errors: mask([new GraphQLError('', { originalError: error as Error })]) });

  const graphql = useServer(
    {
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
          const { query, variables: variableValues, operationName } = payload;
          const { sharing } = operation;
          const takesTails = sharing !== null && extensions[TAILS_EXTENSION] === true;
          const shared = takesTails ? sharedKey(sharing, query, operationName, variableValues ?? {}) : null;
          const { socket } = ctx.extra;
          const { [VIEWER_HEADER]: _, ...trace } = extensions;
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
    },
    sockets,
    12_000,
  );
  return {
    async stop() {
      const clients = [...sockets.clients];
      for (const socket of clients) socket.close(SERVICE_RESTART, 'Service restart');
      // A peer that hangs would keep the process for ws's own 30 s.
      const timer = setTimeout(() => clients.forEach((socket) => socket.terminate()), CLOSE_LIMIT_MS);
      await graphql.dispose();
      clearTimeout(timer);
    },
  };
}

/**
 * Each event mapped in turn. Not a generator: the `return` of one waits for the `next` under way, which on a quiet
 * source takes until the next event. This one passes it on at once.
 */
function mapEvents<Event, Result>(
  source: AsyncIterable<Event>,
  map: (event: Event) => Promise<Result>,
): AsyncIterableIterator<Result, void> {
  const events = source[Symbol.asyncIterator]();
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      const event = await events.next();
      return event.done === true ? { done: true, value: undefined } : { done: false, value: await map(event.value) };
    },
    async return() {
      await events.return?.();
      return { done: true, value: undefined };
    },
  };
}
