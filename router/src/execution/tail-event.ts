import type { FormattedExecutionResult } from 'graphql';

/** Waits for what an event comes to. */
export interface Waiter {
  completed(text: EventText): void;
  failed(error: unknown): void;
}

/** An event that came once for many operations, which may each see it in their own way. */
export class TailEvent {
  #result: FormattedExecutionResult | null;
  readonly #copy: () => FormattedExecutionResult;
  readonly #completions = new Map<string, Completion>();

  /** @param copy reads it once more, for whoever takes it changes it */
  constructor(result: FormattedExecutionResult, copy: () => FormattedExecutionResult) {
    this.#result = result;
    this.#copy = copy;
  }

  take(): FormattedExecutionResult {
    const result = this.#result ?? this.#copy();
    this.#result = null;
    return result;
  }

  /** Tells what it comes to for operations of this name, which the first to ask finds out; never before it returns. */
  complete(key: string, complete: (result: FormattedExecutionResult) => Promise<EventText>, waiter: Waiter): void {
    let completion = this.#completions.get(key);
    if (completion === undefined) this.#completions.set(key, (completion = new Completion(complete(this.take()))));
    completion.tell(waiter);
  }
}

/** One result for all who wait for it: a thousand of them are told in one loop, and no promise is made for any. */
class Completion {
  readonly #result: Promise<EventText>;
  #waiting: Waiter[] | undefined = [];

  constructor(result: Promise<EventText>) {
    this.#result = result;
    const take = (): Waiter[] => {
      const waiting = this.#waiting ?? [];
      this.#waiting = undefined;
      return waiting;
    };
    result.then(
      (text) => take().forEach((waiter) => waiter.completed(text)),
      (error: unknown) => take().forEach((waiter) => waiter.failed(error)),
    );
  }

  tell(waiter: Waiter): void {
    if (this.#waiting !== undefined) this.#waiting.push(waiter);
    else this.#result.then(waiter.completed.bind(waiter), waiter.failed.bind(waiter));
  }
}

/** Ways of encoding one event that are remembered; whoever wants another gets it made anew. */
const ENCODINGS = 16;

/** A result of a subscription, as the JSON that clients get. Many may get the same one. */
export class EventText {
  readonly text: string;
  #bytes: Buffer | undefined;
  readonly #encoded = new Map<string, Buffer>();
  /** The last that was asked for: most ask alike. */
  #last: { name: string; bytes: Buffer } | undefined;

  constructor(text: string) {
    this.text = text;
  }

  /** What `encode` makes of its bytes, made once for all who name it alike, as far as they are few names. */
  encoded(name: string, encode: (bytes: Buffer) => Buffer): Buffer {
    if (this.#last?.name === name) return this.#last.bytes;
    let bytes = this.#encoded.get(name);
    if (bytes === undefined) {
      bytes = encode((this.#bytes ??= Buffer.from(this.text)));
      if (this.#encoded.size < ENCODINGS) this.#encoded.set(name, bytes);
    }
    this.#last = { name, bytes };
    return bytes;
  }
}
