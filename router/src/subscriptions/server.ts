import type { IncomingMessage, Server } from 'node:http';
import { fault, unauthenticated } from '@chorus/kit/errors';
import type { Logger } from '@chorus/kit/logger';
import { runWithTrace, withSpan } from '@chorus/kit/telemetry';
import { type ExecutionArgs, type ExecutionResult, GraphQLError, type GraphQLFormattedError } from 'graphql';
import { CloseCode, type Context } from 'graphql-ws';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import type { Authenticated, Authenticator } from '../auth/authenticate.ts';
import { toClientError } from '../execution/errors.ts';
import { type Execution, type OperationRequest, runTraced, toResult } from '../execution/execute.ts';
import type { OperationContext } from '../operation/context.ts';
import type { Documents } from '../operation/documents.ts';

const MAX_OPERATIONS = 100;
/** RFC 6455: the service restarts; a client should connect again. */
const SERVICE_RESTART = 1012;
const TRY_AGAIN_LATER = 1013;
const CLOSE_LIMIT_MS = 2000;
const PING_MS = 12_000;
/** setTimeout takes no more. */
const MAX_TIMER_MS = 2 ** 31 - 1;

interface Extra extends Record<PropertyKey, unknown> {
  request: IncomingMessage;
  socket: { close(code: number, reason: string): void };
  /** Set once connection_init was accepted. */
  authenticated?: Authenticated;
  /** Aborts when the socket is gone. */
  gone?: AbortController;
}

/**
 * graphql-ws for clients. The access token comes in connection_init, as `Authorization`; without one the viewer is
 * anonymous, with a wrong one the socket closes with 4403, and so it does when the token expires. Queries and mutations
 * work too. Draining closes sockets with 1012, which tells clients to connect again.
 */
export function serveSubscriptions(options: {
  server: Server;
  path: string;
  /** Bytes of one message. */
  maxMessage: number;
  documents: Documents;
  execution: Execution;
  authenticator: Authenticator;
  logger: Logger;
}): { stop(): Promise<void> } {
  const { documents, execution, authenticator, logger } = options;
  const { schema } = execution;
  // Not given the server, whose failure to listen it would report as an error of its own.
  const sockets = new WebSocketServer({ noServer: true, path: options.path, maxPayload: options.maxMessage });
  options.server.on('upgrade', (request, socket, head) => {
    sockets.handleUpgrade(request, socket, head, (client) => sockets.emit('connection', client, request));
  });
  const show = (errors: readonly GraphQLFormattedError[]) =>
    errors.map((error) => toClientError(error instanceof GraphQLError ? error.toJSON() : error, error, logger));

  const contextOf = ({
    extra,
    connectionParams,
  }: Context<Record<string, unknown> | undefined, Extra>): OperationContext => {
    if (extra.authenticated === undefined || extra.gone === undefined) throw unauthenticated();
    const headers = Object.entries(connectionParams ?? {}).flatMap(([name, value]): [string, string][] =>
      typeof value === 'string' ? [[name.toLowerCase(), value]] : [],
    );
    const { viewer } = extra.authenticated;
    return { viewer, headers: new Map(headers), signal: extra.gone.signal, logger, calls: 0 };
  };

  const graphql = useServer<Record<string, unknown> | undefined, Extra>(
    {
      connectionInitWaitTimeout: 5000,
      isProd: true, // whatever goes wrong inside, the reason of the close says nothing of it
      async onConnect({ connectionParams = {}, extra }) {
        const authorization = connectionParams['Authorization'] ?? connectionParams['authorization'];
        const actAs = connectionParams['chorus-act-as'];
        const { signal } = (extra.gone = new AbortController());
        try {
          extra.authenticated = await authenticator.authenticate({ authorization, actAs }, extra.request);
        } catch (error) {
          if (!(error instanceof GraphQLError)) throw error;
          // That tokens cannot be checked now says nothing against this one.
          if (error.extensions['code'] === 'SUBGRAPH_UNAVAILABLE') extra.socket.close(TRY_AGAIN_LATER, error.message);
          return false; // closes with 4403
        }
        const { expiresAt } = extra.authenticated;
        if (expiresAt !== null) {
          callAt(expiresAt, signal, () => extra.socket.close(CloseCode.Forbidden, 'Token expired'));
        }
        return true;
      },
      // Not onDisconnect, which a socket that closes before its connection_init is answered never gets to.
      onClose({ extra }) {
        extra.gone?.abort();
      },
      onSubscribe(ctx, _id, payload) {
        if (Object.keys(ctx.subscriptions).length > MAX_OPERATIONS) {
          return [fault('RATE_LIMITED', `One connection holds at most ${MAX_OPERATIONS} operations.`)];
        }
        const found = documents.find({
          query: payload.query,
          operationName: payload.operationName ?? undefined,
          extensions: payload.extensions ?? undefined,
        });
        if (!('document' in found)) return found;
        return {
          schema,
          document: found.document,
          operationName: payload.operationName,
          variableValues: payload.variables ?? {},
          contextValue: { ...contextOf(ctx), trace: payload.extensions ?? {} },
        };
      },
      async subscribe(args) {
        try {
          const events = await execution.subscribe(toOperation(args));
          return events as AsyncIterableIterator<ExecutionResult, void>; // onNext takes errors of either form
        } catch (error) {
          // Thrown on, it would close the socket, and all its other operations.
          return {
            errors: [error instanceof GraphQLError ? error : new GraphQLError('', { originalError: error as Error })],
          };
        }
      },
      async execute(args) {
        const operation = toOperation(args);
        const answer = await runWithTrace(operation.context.trace, () =>
          withSpan('router.operation', {}, () => runTraced(execution, operation)),
        );
        return ('data' in answer ? toResult(answer) : { errors: answer }) as ExecutionResult;
      },
      onNext: (_ctx, _id, _payload, _args, { errors, ...result }) =>
        errors === undefined ? result : { ...result, errors: show(errors) },
      onError: (_ctx, _id, _payload, errors) => show(errors),
    },
    sockets,
    PING_MS,
  );

  return {
    async stop() {
      const clients = [...sockets.clients];
      for (const socket of clients) socket.close(SERVICE_RESTART, 'Service restart');
      const timer = setTimeout(() => clients.forEach((socket) => socket.terminate()), CLOSE_LIMIT_MS);
      await graphql.dispose();
      clearTimeout(timer);
    },
  };
}

/** Calls `fn` at `time`, milliseconds since 1970, unless `signal` aborts first. */
function callAt(time: number, signal: AbortSignal, fn: () => void): void {
  if (signal.aborted) return;
  let timer: NodeJS.Timeout;
  const wait = () => {
    const left = time - Date.now();
    timer = left > MAX_TIMER_MS ? setTimeout(wait, MAX_TIMER_MS) : setTimeout(fn, left);
  };
  wait();
  signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
}

/** What `onSubscribe` put together, with its types. */
const toOperation = ({ document, operationName, variableValues, contextValue }: ExecutionArgs): OperationRequest => ({
  document,
  operationName: operationName ?? undefined,
  variables: variableValues ?? {},
  context: contextValue as OperationContext,
});
