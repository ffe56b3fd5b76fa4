import type { Server } from 'node:http';
import {
  createSourceEventStream,
  execute,
  type ExecutionArgs,
  getOperationAST,
  GraphQLError,
  type GraphQLSchema,
  OperationTypeNode,
  parse,
  validate,
} from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import type { Logger } from 'pino';
import { maskError } from '../errors.ts';
import { runWithTrace, withResolverSpans, withSpan } from '../telemetry/index.ts';
import { type Viewer, VIEWER_HEADER, type ViewerTokens } from '../viewer.ts';

const MAX_MESSAGE = 256 * 1024;
/** RFC 6455: the service restarts; a client should connect again. */
const SERVICE_RESTART = 1012;

export interface SubscriptionServerOptions {
  server: Server;
  path: string;
  schema: GraphQLSchema;
  viewerTokens: ViewerTokens;
  logger: Logger;
  /** A fresh context: one to subscribe with, and one for each event, so that no loader outlives its event. */
  context: (viewer: Viewer) => object;
}

/**
 * graphql-ws for the router: each subscribe message carries its own viewer token and trace context in `extensions`.
 * A slow router is not read ahead of: the next event is asked for when the socket has taken the last.
 */
export function serveSubscriptions(options: SubscriptionServerOptions): { stop(): Promise<void> } {
  const { schema, logger, viewerTokens } = options;
  const sockets = new WebSocketServer({ server: options.server, path: options.path, maxPayload: MAX_MESSAGE });
  const viewers = new WeakMap<object, Viewer>();
  const freshContext = (subscribed: unknown): object => {
    const viewer = typeof subscribed === 'object' && subscribed !== null ? viewers.get(subscribed) : undefined;
    if (viewer === undefined) throw new Error('an operation without a context of ours');
    return options.context(viewer);
  };

  const mask = (errors: readonly GraphQLError[]) => errors.map((error) => maskError(error.toJSON(), error, logger));

  const subscribe = async (args: ExecutionArgs) => {
    const source = await createSourceEventStream(args);
    if (!(Symbol.asyncIterator in source)) return source;
    return mapEvents(source, (event) => {
      const contextValue = freshContext(args.contextValue);
      return withResolverSpans(contextValue, () => execute({ ...args, rootValue: event, contextValue }));
    });
  };

  const graphql = useServer(
    {
      schema,
      connectionInitWaitTimeout: 5000,
      onSubscribe: (_ctx, _id, payload) =>
        runWithTrace(payload.extensions ?? {}, async () => {
          try {
            const viewer = await viewerTokens.verify(payload.extensions?.[VIEWER_HEADER]);
            const document = parse(payload.query);
            const errors = validate(schema, document);
            if (errors.length > 0) return errors;
            const operation = getOperationAST(document, payload.operationName);
            if (operation?.operation !== OperationTypeNode.SUBSCRIPTION) {
              return [
                new GraphQLError('Send queries and mutations over HTTP.', { extensions: { code: 'BAD_REQUEST' } }),
              ];
            }
            const contextValue = options.context(viewer);
            viewers.set(contextValue, viewer);
            return {
              schema,
              document,
              variableValues: payload.variables,
              operationName: payload.operationName,
              contextValue,
            };
          } catch (error) {
            if (error instanceof GraphQLError) return [error];
            throw error;
          }
        }),
      subscribe: (args) => withSpan('subscribe', {}, () => subscribe(args)),
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
      for (const socket of sockets.clients) socket.close(SERVICE_RESTART, 'Service restart');
      await graphql.dispose();
    },
  };
}

/** Each event mapped in turn; ending either side ends the other. */
async function* mapEvents<Event, Result>(
  source: AsyncIterable<Event>,
  map: (event: Event) => Promise<Result>,
): AsyncGenerator<Result, void, void> {
  for await (const event of source) yield await map(event);
}
