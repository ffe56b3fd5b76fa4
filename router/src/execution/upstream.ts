import { fault } from '@chorus/kit/errors';
import type { Logger } from '@chorus/kit/logger';
import { injectTrace } from '@chorus/kit/telemetry';
import { VIEWER_HEADER } from '@chorus/kit/viewer';
import { type FormattedExecutionResult, GraphQLError } from 'graphql';
import { type Client, createClient, type SubscribePayload } from 'graphql-ws';
import { WebSocket } from 'ws';
import type { Subgraph } from '../gateway/gateway.ts';
import type { OperationContext } from '../operation/context.ts';
import { createEventQueue } from './event-queue.ts';

/** What goes to a subgraph to open a subscription there. */
export interface UpstreamRequest {
  query: string;
  variables: Record<string, unknown>;
  operationName: string | undefined;
}

/** Subscriptions at the subgraphs: one socket for each subgraph, shared by all. */
export interface Upstream {
  /**
   * The events of one subscription. `next` rejects with a coded error when the subgraph refuses; when the connection
   * cannot be made or is lost (SUBGRAPH_UNAVAILABLE), so that the client subscribes again from where it was; and when
   * the client takes events too slowly (SLOW_CONSUMER).
   */
  subscribe(
    subgraph: string,
    request: UpstreamRequest,
    context: OperationContext,
  ): AsyncIterableIterator<FormattedExecutionResult, void>;
  stop(): void;
}

const MAX_WAITING_EVENTS = 500;
const MAX_MESSAGE = 16 * 1024 * 1024;
const CONNECT_TIMEOUT_MS = 5000;
const PING_MS = 10_000;
const PONG_TIMEOUT_MS = 5000;
/** The longest that a timer takes: an idle socket stays, so that none is ever closed from this side. */
const NEVER_MS = 2 ** 31 - 1;

/** @param subgraphs those of the supergraph, by name */
export function createUpstream(subgraphs: ReadonlyMap<string, Subgraph>): Upstream {
  const connections = new Map<string, Connection>();

  const extensionsOf = async ({ viewerTokens, forwardHeaders }: Subgraph, { viewer, headers }: OperationContext) => {
    if (viewerTokens !== null) return { [VIEWER_HEADER]: await viewerTokens.mint(viewer), ...injectTrace() };
    const forwarded = forwardHeaders.flatMap((name) => (headers.has(name) ? [[name, headers.get(name)]] : []));
    return { headers: Object.fromEntries(forwarded) as Record<string, string>, ...injectTrace() };
  };

  return {
    subscribe(name, request, context) {
      const subgraph = subgraphs.get(name);
      if (subgraph === undefined) throw new Error(`a plan names the unknown subgraph ${name}`);
      const connection = connections.get(name) ?? connect(subgraph.webSocketUrl);
      connections.set(name, connection);

      let wanted = true;
      let unsubscribe: (() => void) | undefined;
      const queue = createEventQueue<FormattedExecutionResult>({
        limit: MAX_WAITING_EVENTS,
        overflow: slow,
        onEnd: () => {
          wanted = false;
          unsubscribe?.();
        },
      });
      const open = async () => {
        const extensions = await extensionsOf(subgraph, context);
        if (!wanted) return;
        unsubscribe = connection.subscribe(
          { ...request, extensions },
          (event) => queue.push(event),
          (error) => queue.end(error === undefined ? undefined : describe(error, name, context.logger)),
        );
      };
      open().catch((error: unknown) => queue.end(describe(error, name, context.logger)));
      return queue;
    },
    stop() {
      for (const connection of connections.values()) connection.terminate();
    },
  };
}

interface Connection {
  /** @param onEnd called at most once: without an error when the subgraph has no more events */
  subscribe(
    payload: SubscribePayload,
    onEvent: (event: FormattedExecutionResult) => void,
    onEnd: (error?: unknown) => void,
  ): () => void;
  terminate(): void;
}

/**
 * One socket, opened when it is first needed and again after it was lost. Subscriptions do not survive it: only the
 * client knows how far it got, and graphql-ws alone would begin some anew in silence (after a normal closure).
 */
function connect(url: string): Connection {
  const open = new Set<(error: unknown) => void>();
  let unanswered: NodeJS.Timeout | undefined;
  const client: Client = createClient({
    url,
    webSocketImpl: UpstreamSocket,
    retryAttempts: 0,
    lazyCloseTimeout: NEVER_MS,
    keepAlive: PING_MS,
    connectionAckWaitTimeout: CONNECT_TIMEOUT_MS,
    on: {
      ping(received) {
        if (!received) unanswered = setTimeout(() => client.terminate(), PONG_TIMEOUT_MS);
      },
      pong(received) {
        if (received) clearTimeout(unanswered);
      },
      closed(event) {
        clearTimeout(unanswered);
        for (const lose of open) lose(event);
      },
    },
  });
  return {
    subscribe(payload, onEvent, onEnd) {
      const end = (error?: unknown) => {
        if (!open.delete(end)) return;
        onEnd(error);
      };
      open.add(end);
      const unsubscribe = client.subscribe<Record<string, unknown>, Record<string, unknown>>(payload, {
        next: onEvent,
        error: end,
        complete: end,
      });
      return () => {
        open.delete(end);
        unsubscribe();
      };
    },
    terminate: () => client.terminate(),
  };
}

class UpstreamSocket extends WebSocket {
  constructor(url: string, protocols: string) {
    super(url, protocols, {
      handshakeTimeout: CONNECT_TIMEOUT_MS,
      maxPayload: MAX_MESSAGE,
      perMessageDeflate: false,
    });
    // Ended while it connects it emits an error after the client has let go of it.
    this.on('error', () => undefined);
  }
}

const slow = () =>
  fault('SLOW_CONSUMER', 'Events came faster than you took them. Subscribe again, from the last cursor you have.');

function describe(error: unknown, subgraph: string, logger: Logger): Error {
  // The subgraph refused, in GraphQL.
  const refusal: unknown = Array.isArray(error) ? error[0] : undefined;
  if (isGraphQLError(refusal)) return new GraphQLError(refusal.message, { extensions: refusal.extensions ?? {} });
  logger.warn({ err: error, subgraph }, 'a subscription upstream was lost');
  return fault('SUBGRAPH_UNAVAILABLE', 'The live connection was lost. Subscribe again, from the last cursor you have.');
}

const isGraphQLError = (error: unknown): error is { message: string; extensions?: Record<string, unknown> } =>
  typeof error === 'object' && error !== null && 'message' in error && typeof error.message === 'string';
