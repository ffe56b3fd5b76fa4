import type { FormattedExecutionResult } from 'graphql';
import type { EventConsumer, EventPump } from './event-pump.ts';
import { type EventText, TailEvent, type Waiter } from './tail-event.ts';

/** Sends one event. Returns when it takes the next, if not at once. */
export type SendEvent = (event: EventText) => Promise<void> | undefined;

/** A subscription that is open: its events as its client gets them. */
export class LiveOperation implements EventConsumer<FormattedExecutionResult | TailEvent>, Waiter {
  readonly #events: EventPump<FormattedExecutionResult | TailEvent>;
  readonly #key: string | null;
  readonly #complete: (event: FormattedExecutionResult) => Promise<EventText>;
  #onEnd: (() => void) | undefined;
  #send: SendEvent | undefined;

  /**
   * @param events as the subgraph sends them
   * @param options.key of all for whom one event of a tail comes to the same
   * @param options.complete adds what other subgraphs have to say
   * @param options.onEnd called once, when nothing more is sent
   */
  constructor(
    events: EventPump<FormattedExecutionResult | TailEvent>,
    options: {
      key: string | null;
      complete: (event: FormattedExecutionResult) => Promise<EventText>;
      onEnd: () => void;
    },
  ) {
    this.#events = events;
    this.#key = options.key;
    this.#complete = options.complete;
    this.#onEnd = options.onEnd;
  }

  /**
   * Sends its events, each as soon as `send` takes more; to be called once. Resolves after the last; rejects with a coded
   * GraphQLError when the subscription ends with one.
   */
  async run(send: SendEvent): Promise<void> {
    this.#send = send;
    try {
      await this.#events.run(this);
    } finally {
      this.#end();
    }
  }

  /** Ends it: nothing more is sent, and `run` resolves. */
  end(): void {
    this.#end();
    this.#events.stop();
  }

  /** What it has taken last, as it is to be sent. */
  completed(text: EventText): void {
    try {
      const later = this.#send?.(text);
      if (later === undefined) this.#events.next();
      else later.then(() => this.#events.next(), this.failed.bind(this));
    } catch (error) {
      this.failed(error);
    }
  }

  failed(error: unknown): void {
    this.#events.fail(error);
  }

  take(event: FormattedExecutionResult | TailEvent): void {
    if (event instanceof TailEvent && this.#key !== null) event.complete(this.#key, this.#complete, this);
    else {
      const own = event instanceof TailEvent ? event.take() : event;
      this.#complete(own).then(this.completed.bind(this), this.failed.bind(this));
    }
  }

  #end(): void {
    const onEnd = this.#onEnd;
    this.#onEnd = undefined;
    this.#send = undefined;
    onEnd?.();
  }
}
