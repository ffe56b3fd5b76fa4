import type { FormattedExecutionResult } from 'graphql';
import type { EventPump, TakeEvent } from './event-pump.ts';
import { type EventText, TailEvent } from './tail-event.ts';

/** A subscription that is open: its events as its client gets them. */
export class LiveOperation {
  readonly #events: EventPump<FormattedExecutionResult | TailEvent>;
  readonly #key: string | null;
  readonly #complete: (event: FormattedExecutionResult) => Promise<EventText>;
  #onEnd: (() => void) | undefined;

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
  async run(send: TakeEvent<EventText>): Promise<void> {
    const sendWanted = (event: EventText) => (this.#onEnd === undefined ? undefined : send(event));
    const key = this.#key;
    try {
      await this.#events.run((event) => {
        if (!(event instanceof TailEvent)) return this.#complete(event).then(sendWanted);
        if (key === null) return this.#complete(event.take()).then(sendWanted);
        return event.completed(key, this.#complete).then(sendWanted);
      });
    } finally {
      this.#end();
    }
  }

  /** Ends it: nothing more is sent, and `run` resolves. */
  end(): void {
    this.#end();
    this.#events.stop();
  }

  #end(): void {
    const onEnd = this.#onEnd;
    this.#onEnd = undefined;
    onEnd?.();
  }
}
