import { fault } from '@chorus/kit/errors';
import type { Logger } from '@chorus/kit/logger';
import { injectTrace } from '@chorus/kit/telemetry';
import { TAILS_EXTENSION } from '@chorus/kit/server';
import { VIEWER_HEADER } from '@chorus/kit/viewer';
import { type FormattedExecutionResult, GraphQLError } from 'graphql';
import type { Subgraph } from '../gateway/gateway.ts';
import type { OperationContext } from '../operation/context.ts';
import { EventPump } from './event-pump.ts';
import type { TailEvent } from './tail-event.ts';
import { type UpstreamSink, UpstreamSocket } from './upstream-socket.ts';

/** What goes to a subgraph to open a subscription there. */
export interface UpstreamRequest {
  query: string;
  variables: Record<string, unknown>;
  operationName: string | undefined;
}

/** Subscriptions at the subgraphs, many on each of a few sockets. */
export interface Upstream {
  /**
   * The events of one subscription. They end with a coded error when the subgraph refuses; when the connection
   * cannot be made or is lost (SUBGRAPH_UNAVAILABLE), so that the client subscribes again from where it was; and when
   * the client takes events too slowly (SLOW_CONSUMER).
   * @param key what it has in common with operations that may share their events: they go to the same socket
   */
  subscribe(
    subgraph: string,
    request: UpstreamRequest,
    context: OperationContext,
    key: string | null,
  ): EventPump<FormattedExecutionResult | TailEvent>;
  stop(): void;
}

/** How far a client may fall behind: events, and bytes of them as the subgraph sent them. */
const MAX_WAITING = { events: 500, bytes: 1024 * 1024 };

/**
 * Bytes of a subscribe message. A subgraph closes the socket, and so ends the operations of all others on it, when one
 * message is too large for it: ours take 256 KiB.
 */
const MAX_SUBSCRIBE = 192 * 1024;

/** @param subgraphs those of the supergraph, by name */
export function createUpstream(subgraphs: ReadonlyMap<string, Subgraph>): Upstream {
  const pools = new Map<string, Pool>();
  let stopped = false;

  const extensionsOf = async ({ viewerTokens, forwardHeaders }: Subgraph, { viewer, headers }: OperationContext) => {
    if (viewerTokens !== null) return { [VIEWER_HEADER]: await viewerTokens.mint(viewer), ...injectTrace() };
    const forwarded = forwardHeaders.flatMap((name): [string, string][] => {
      const value = headers.get(name);
      return value === undefined ? [] : [[name, value]];
    });
    return { headers: Object.fromEntries(forwarded), ...injectTrace() };
  };

  return {
    subscribe(name, request, context, key) {
      const subgraph = subgraphs.get(name);
      if (subgraph === undefined) throw new Error(`a plan names the unknown subgraph ${name}`);
      const pool = pools.get(name) ?? { sockets: openSockets(subgraph, context.logger), stopped };
      pools.set(name, pool);

      const subscription = new UpstreamSubscription(pool, key);
      const { events } = subscription;
      const open = async () => {
        const extensions = await extensionsOf(subgraph, context);
        if (events.ended) return;
        const payload = JSON.stringify({ ...request, extensions: { ...extensions, [TAILS_EXTENSION]: true } });
        if (Buffer.byteLength(payload) <= MAX_SUBSCRIBE) subscription.place(payload);
        else events.end(fault('BAD_USER_INPUT', `A subscription may have ${MAX_SUBSCRIBE} bytes. Ask for less.`));
      };
      open().catch((err: unknown) => {
        context.logger.error({ err, subgraph: name }, 'a subscription could not be sent');
        events.end(unavailable());
      });
      return events;
    },
    stop() {
      stopped = true;
      for (const pool of pools.values()) {
        pool.stopped = true;
        for (const socket of pool.sockets) socket.close();
      }
    },
  };
}

/** The sockets to a subgraph. */
interface Pool {
  sockets: readonly UpstreamSocket[];
  stopped: boolean;
}

/** One subscription at a subgraph, on one socket of its pool after the other until that has heard of it. */
class UpstreamSubscription implements UpstreamSink {
  readonly events = new EventPump<FormattedExecutionResult | TailEvent>({
    limit: MAX_WAITING,
    overflow: slow,
    onEnd: () => this.#unsubscribe(),
  });
  readonly #pool: Pool;
  readonly #key: string | null;
  #tried: readonly UpstreamSocket[] = [];
  /** Where it is, and as what. */
  #socket: UpstreamSocket | undefined;
  #id = '';

  constructor(pool: Pool, key: string | null) {
    this.#pool = pool;
    this.#key = key;
  }

  place(payload: string): void {
    const { sockets, stopped } = this.#pool;
    const socket = stopped ? undefined : choose(sockets, this.#tried, this.#key);
    this.#socket = socket;
    if (socket === undefined) this.events.end(unavailable());
    else this.#id = socket.subscribe(payload, this.#key, this);
  }

  event(result: FormattedExecutionResult | TailEvent, bytes: number): void {
    this.events.push(result, bytes);
  }
  end(): void {
    this.events.end();
  }
  refused(errors: unknown): void {
    this.events.end(refusal(errors) ?? unavailable());
  }
  lost(unsent: string | null): void {
    if (this.#socket !== undefined) this.#tried = [...this.#tried, this.#socket];
    // What the subgraph never heard of can go to another of its instances.
    if (unsent === null) this.events.end(unavailable());
    else this.place(unsent);
  }

  #unsubscribe(): void {
    this.#socket?.end(this.#id);
  }
}

/** The same number to each of its instances. None is open yet. */
const openSockets = ({ name, webSocketUrls, webSockets }: Subgraph, logger: Logger): readonly UpstreamSocket[] =>
  Array.from({ length: webSockets }, () => webSocketUrls)
    .flat()
    .map(
      (url) =>
        new UpstreamSocket(url, (err, operations) => {
          logger.warn({ err, subgraph: name, operations }, 'a socket to a subgraph was lost');
        }),
    );

/** The one that has the same already; else that is up and has the least to do, or will soonest be tried again. */
function choose(
  pool: readonly UpstreamSocket[],
  tried: readonly UpstreamSocket[],
  key: string | null,
): UpstreamSocket | undefined {
  if (key !== null && tried.length === 0) {
    const same = pool.find((socket) => socket.delay === 0 && socket.has(key));
    if (same !== undefined) return same;
  }
  let best: UpstreamSocket | undefined;
  let least = { delay: Infinity, load: Infinity };
  for (const socket of pool) {
    if (tried.includes(socket)) continue;
    const { delay, load } = socket;
    // After a failed try only one that may be up is worth another.
    if (delay > 0 && tried.length > 0) continue;
    if (delay < least.delay || (delay === least.delay && load < least.load)) {
      best = socket;
      least = { delay, load };
    }
  }
  return best;
}

const slow = () =>
  fault('SLOW_CONSUMER', 'Events came faster than you took them. Subscribe again, from the last cursor you have.');
const unavailable = () =>
  fault('SUBGRAPH_UNAVAILABLE', 'The live connection was lost. Subscribe again, from the last cursor you have.');

/** What the subgraph said against the operation, in GraphQL. */
function refusal(errors: unknown): GraphQLError | undefined {
  const first: unknown = Array.isArray(errors) ? errors[0] : undefined;
  if (!isGraphQLError(first)) return undefined;
  return new GraphQLError(first.message, { extensions: first.extensions ?? {} });
}

const isGraphQLError = (error: unknown): error is { message: string; extensions?: Record<string, unknown> } =>
  typeof error === 'object' && error !== null && 'message' in error && typeof error.message === 'string';
