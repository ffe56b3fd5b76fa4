import type { ExecutionResult } from 'graphql';
import type { WebSocket } from 'ws';
import type { Operation } from '../execution/index.ts';
import type { Executed } from '../execution/run.ts';
import { executeTraced } from '../execution/traced.ts';
import { FOLLOWED, type Follower, isLiveStream, type LiveStream } from '../live/live-stream.ts';
import { runWithTrace, withSpan } from '../telemetry/index.ts';
import { sharedViewer, type Viewer } from '../viewer.ts';
import type { Tail, Tails } from './tails.ts';

/** What a subscribe message brought along. */
export interface Subscribed {
  viewer: Viewer;
  operation: Operation;
  /** Names it among equal ones that get their events together; null: it reads its viewer, or whoever asks takes none. */
  shared: string | null;
  operationId: string;
  socket: WebSocket;
  /** Of whoever subscribed. */
  trace: object;
}

/** What all operations of a server have in common. */
export interface EventExecution {
  tails: Tails;
  /** A fresh context for one event. */
  context: (viewer: Viewer) => object;
  /** The payload of an event, as JSON. */
  print: (executed: Executed) => string;
  /** That of one that could not be executed. */
  failed: (error: unknown) => string;
}

/**
 * The events of one operation that are its own, executed. While it follows a tail there are none: those of the tail go to
 * the socket under the tail's own id, between two messages that say when the operation joins it and when it leaves.
 *
 * Not a generator: the `return` of one waits for the `next` under way, which on a quiet source takes until the next event.
 */
export class OperationEvents implements AsyncIterableIterator<ExecutionResult, void>, Follower<unknown> {
  readonly #source: AsyncIterator<unknown>;
  /** The source, if others may follow it as well. */
  readonly #live: LiveStream<unknown> | null;
  readonly #subscribed: Subscribed;
  readonly #variableValues: Record<string, unknown>;
  readonly #server: EventExecution;
  #tail: Tail | null = null;
  /** Settled when the operation has joined or left the tail, as it was told to last. */
  #turn: Promise<void> | null = null;
  /** Resolved when the source has events of the operation's own again. */
  #back: PromiseWithResolvers<void> | null = null;
  #ended = false;

  constructor(
    source: AsyncIterable<unknown>,
    options: { subscribed: Subscribed; variableValues: Record<string, unknown>; server: EventExecution },
  ) {
    this.#source = source[Symbol.asyncIterator]();
    this.#subscribed = options.subscribed;
    this.#variableValues = options.variableValues;
    this.#server = options.server;
    this.#live = options.subscribed.shared !== null && isLiveStream(source) ? source : null;
    this.#live?.follow(this);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<ExecutionResult, void>> {
    while (!this.#ended) {
      const next = await (this.#live?.nextOrFollowed() ?? this.#source.next());
      if (next.done !== true && next.value === FOLLOWED) {
        await this.#back?.promise;
        continue;
      }
      await this.#turn;
      if (next.done === true) break;
      const { data, errors } = await this.#execute(next.value);
      const result = { data: JSON.parse(data) as ExecutionResult['data'] };
      return { done: false, value: errors.length > 0 ? { ...result, errors } : result };
    }
    return { done: true, value: undefined };
  }

  async return(): Promise<IteratorResult<ExecutionResult, void>> {
    this.#ended = true;
    await this.#source.return?.();
    if (this.#tail !== null) this.left();
    else this.#back?.resolve();
    return { done: true, value: undefined };
  }

  joined(source: object): void {
    const { shared, socket, operationId } = this.#subscribed;
    const { tails, print, failed } = this.#server;
    this.#tail = tails.of(source, shared ?? '', (event) => this.#execute(event).then(print, failed));
    this.#back = Promise.withResolvers();
    this.#turn = this.#tail.join(socket, operationId);
  }

  event(event: unknown): Promise<void> | undefined {
    return this.#tail?.event(event);
  }

  left(): void {
    const { socket, operationId } = this.#subscribed;
    const back = this.#back;
    this.#turn = this.#tail?.leave(socket, operationId) ?? null;
    this.#tail = null;
    void this.#turn?.then(() => back?.resolve());
  }

  #execute(rootValue: unknown): Promise<Executed> {
    const { operation, viewer, trace } = this.#subscribed;
    // Also the events that it gets on its own: whether an answer is one for all does not hang on how fast somebody is.
    const asking = operation.sharing === null ? viewer : sharedViewer;
    return runWithTrace(trace, () =>
      withSpan('event', {}, async () =>
        executeTraced(operation, {
          rootValue,
          contextValue: this.#server.context(asking),
          variableValues: this.#variableValues,
        }),
      ),
    );
  }
}
