import type { FormattedExecutionResult } from 'graphql';

/** An event that came once for many operations, which may each see it in their own way. */
export class TailEvent {
  #result: FormattedExecutionResult | null;
  readonly #copy: () => FormattedExecutionResult;
  readonly #completed = new Map<string, Promise<EventText>>();

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

  /** What it comes to for operations of this name: found out by the first who asks. */
  completed(key: string, complete: (result: FormattedExecutionResult) => Promise<EventText>): Promise<EventText> {
    let completed = this.#completed.get(key);
    if (completed === undefined) this.#completed.set(key, (completed = complete(this.take())));
    return completed;
  }
}

/** Ways of encoding one event that are remembered; whoever wants another gets it made anew. */
const ENCODINGS = 16;

/** A result of a subscription, as the JSON that clients get. Many may get the same one. */
export class EventText {
  readonly text: string;
  #bytes: Buffer | undefined;
  readonly #encoded = new Map<string, Buffer>();

  constructor(text: string) {
    this.text = text;
  }

  /** What `encode` makes of its bytes, made once for all who name it alike, as far as they are few names. */
  encoded(name: string, encode: (bytes: Buffer) => Buffer): Buffer {
    const known = this.#encoded.get(name);
    if (known !== undefined) return known;
    const made = encode((this.#bytes ??= Buffer.from(this.text)));
    if (this.#encoded.size < ENCODINGS) this.#encoded.set(name, made);
    return made;
  }
}
