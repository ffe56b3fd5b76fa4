import { fault } from '@chorus/kit/errors';
import { injectTrace } from '@chorus/kit/telemetry';
import { VIEWER_HEADER } from '@chorus/kit/viewer';
import type { FormattedExecutionResult } from 'graphql';
import { type Client, createClient } from 'graphql-ws';
import type { Subgraph } from '../gateway/gateway.ts';
import type { OperationContext } from '../operation/context.ts';

/** What goes to a subgraph to open a subscription there. */
export interface UpstreamRequest {
  query: string;
  variables: Record<string, unknown>;
  operationName: string | undefined;
}

/** Subscriptions at the subgraphs: one socket for each subgraph, shared by all. */
export interface Upstream {
  /**
   * The events of one subscription. A connection that cannot be made or is lost ends it with an event that holds a
   * SUBGRAPH_UNAVAILABLE error, so that the client subscribes again from where it was.
   */
  subscribe(
    subgraph: string,
    request: UpstreamRequest,
    context: OperationContext,
  ): AsyncIterableIterator<FormattedExecutionResult, void>;
  stop(): Promise<void>;
}

/** @param subgraphs those of the supergraph, by name */
export function createUpstream(subgraphs: ReadonlyMap<string, Subgraph>): Upstream {
  const clients = new Map<string, Client>();
  const clientOf = ({ name, webSocketUrl }: Subgraph): Client => {
    const client =
      clients.get(name) ??
      createClient({
        url: webSocketUrl,
        // A subscription is never silently begun anew: only the client knows how far it got.
        retryAttempts: 0,
        lazyCloseTimeout: 10_000,
        keepAlive: 10_000,
        connectionAckWaitTimeout: 5000,
      });
    clients.set(name, client);
    return client;
  };

  return {
    subscribe(name, request, context) {
      const subgraph = subgraphs.get(name);
      if (subgraph === undefined) throw new Error(`a plan names the unknown subgraph ${name}`);
      let events: AsyncIterableIterator<FormattedExecutionResult> | undefined;
      let ended = false;

      const open = async () => {
        const { viewerTokens } = subgraph;
        const token = viewerTokens === null ? {} : { [VIEWER_HEADER]: await viewerTokens.mint(context.viewer) };
        const headers = viewerTokens === null ? { headers: Object.fromEntries(context.headers) } : {};
        const extensions = { ...headers, ...token, ...injectTrace() };
        return clientOf(subgraph).iterate<Record<string, unknown>, Record<string, unknown>>({ ...request, extensions });
      };
      const lost = (error: unknown): FormattedExecutionResult => {
        if (Array.isArray(error)) return { errors: error }; // the subgraph refused, in GraphQL
        context.logger.warn({ err: error, subgraph: name }, 'a subscription upstream was lost');
        const message = 'The live connection was lost. Subscribe again, from the last cursor you have.';
        return { errors: [fault('SUBGRAPH_UNAVAILABLE', message)] };
      };

      return {
        [Symbol.asyncIterator]() {
          return this;
        },
        async next() {
          if (ended) return { done: true, value: undefined };
          try {
            const opened = (events ??= await open());
            const event = await opened.next();
            return event.done === true ? { done: true, value: undefined } : { done: false, value: event.value };
          } catch (error) {
            ended = true;
            return { done: false, value: lost(error) };
          }
        },
        async return() {
          ended = true;
          await events?.return?.();
          return { done: true, value: undefined };
        },
      };
    },
    async stop() {
      await Promise.all(Array.from(clients.values(), (client) => client.dispose()));
    },
  };
}
