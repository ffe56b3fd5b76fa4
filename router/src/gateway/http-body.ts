/** Puts the body of an answer together. */
export interface BodyReader {
  /**
   * Takes bytes, whose memory is the caller's again afterwards.
   * @returns the body as text, once it is whole
   * @throws Error when it is too long, or not what its head says
   */
  push(bytes: Buffer): string | undefined;
  /** The connection ended. @returns the body, if that was its end */
  end(): string | undefined;
}

/** A body is larger than is taken: what was asked for is at fault, and not the connection. */
export class AnswerTooLong extends Error {}

const tooLong = () => new AnswerTooLong('the answer is too long');
const bytesAfter = () => new Error('bytes after the answer');

/** As long as its head says. */
export class LengthBody implements BodyReader {
  readonly #length: number;
  #gathered: Buffer | undefined;
  #size = 0;

  constructor(length: number, maxBytes: number) {
    if (length > maxBytes) throw tooLong();
    this.#length = length;
  }

  push(bytes: Buffer): string | undefined {
    if (this.#size + bytes.length > this.#length) throw bytesAfter();
    // Mostly it comes in one piece, and is read where it lies.
    if (this.#size === 0 && bytes.length === this.#length) return bytes.toString('utf8');
    this.#gathered ??= Buffer.allocUnsafeSlow(this.#length);
    this.#size += bytes.copy(this.#gathered, this.#size);
    return this.#size === this.#length ? this.#gathered.toString('utf8') : undefined;
  }

  end(): undefined {
    return undefined;
  }
}

/** Until the connection ends. */
export class OpenBody implements BodyReader {
  readonly #maxBytes: number;
  readonly #pieces: Buffer[] = [];
  #size = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  push(bytes: Buffer): undefined {
    this.#size += bytes.length;
    if (this.#size > this.#maxBytes) throw tooLong();
    this.#pieces.push(Buffer.from(bytes));
  }

  end(): string {
    return Buffer.concat(this.#pieces).toString('utf8');
  }
}

/** A line may not be longer: it holds a number, or a trailer that nobody reads. */
const MAX_LINE = 16 * 1024;
const SIZE_LINE = /^([\da-f]{1,8})[\t ]*(?:;|$)/i;

/** In chunks, each after a line with its length (RFC 9112, 7.1). Extensions and trailers are skipped. */
export class ChunkedBody implements BodyReader {
  readonly #body: OpenBody;
  /** Bytes of the current chunk still to come, its line break among them; 0: a line is next. */
  #left = 0;
  #line: Buffer = Buffer.alloc(0);
  #trailers = false;

  constructor(maxBytes: number) {
    this.#body = new OpenBody(maxBytes);
  }

  push(bytes: Buffer): string | undefined {
    let rest = bytes;
    while (rest.length > 0) {
      if (this.#left > 0) {
        rest = this.#takeData(rest);
        continue;
      }
      const end = rest.indexOf(10);
      this.#line = Buffer.concat([this.#line, end < 0 ? rest : rest.subarray(0, end + 1)]);
      if (this.#line.length > MAX_LINE) throw new Error('not a chunk');
      if (end < 0) return undefined;
      rest = rest.subarray(end + 1);
      if (this.#takeLine()) {
        if (rest.length > 0) throw bytesAfter();
        return this.#body.end();
      }
    }
    return undefined;
  }

  end(): undefined {
    return undefined;
  }

  #takeData(bytes: Buffer): Buffer {
    const taken = bytes.subarray(0, this.#left);
    const data = Math.max(0, Math.min(taken.length, this.#left - 2));
    if (data > 0) this.#body.push(taken.subarray(0, data));
    for (let at = data; at < taken.length; at++) {
      if (taken[at] !== (this.#left - at === 2 ? 13 : 10)) throw new Error('not a chunk');
    }
    this.#left -= taken.length;
    return bytes.subarray(taken.length);
  }

  /** @returns whether it was the empty line after the last chunk and its trailers */
  #takeLine(): boolean {
    const line = this.#line.toString('latin1');
    this.#line = Buffer.alloc(0);
    if (!line.endsWith('\r\n')) throw new Error('not a chunk');
    const text = line.slice(0, -2);
    if (this.#trailers) return text === '';
    const size = SIZE_LINE.exec(text)?.[1];
    if (size === undefined) throw new Error('not a chunk');
    const length = Number.parseInt(size, 16);
    if (length === 0) this.#trailers = true;
    else this.#left = length + 2;
    return false;
  }
}
