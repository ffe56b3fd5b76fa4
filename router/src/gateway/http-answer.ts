import { type BodyReader, ChunkedBody, LengthBody, OpenBody } from './http-body.ts';

/** A whole answer. */
export interface HttpAnswer {
  readonly status: number;
  /** The body, read as UTF-8. */
  readonly text: string;
  /** The value of a header by its lower-case name, several joined by a comma. */
  header(name: string): string | undefined;
  /** Each Set-Cookie on its own: they cannot be joined. */
  setCookies(): readonly string[];
}

/** An answer as it came over a connection. */
export interface ReadAnswer extends HttpAnswer {
  /** Whether the connection takes no other request after it. */
  readonly last: boolean;
}

const MAX_HEAD = 64 * 1024;
const HEAD_END = Buffer.from('\r\n\r\n');
const NOTHING = Buffer.alloc(0);

/**
 * Cuts the bytes of one connection into answers, one for each request sent (RFC 9112). Strict where guessing would mix up
 * answers: a length that is no number, two lengths, a length beside chunks, and bytes after an answer are errors.
 */
export class AnswerReader {
  readonly #maxBytes: number;
  /** The beginning of a head. */
  #held: Buffer = NOTHING;
  #head: Head | undefined;
  #body: BodyReader | undefined;

  /** @param maxBytes of a body */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /**
   * Takes bytes, whose memory is the caller's again afterwards.
   * @returns the answer, once it is whole
   * @throws Error when this is no HTTP, or too long; the connection is of no use then
   */
  push(bytes: Buffer): ReadAnswer | undefined {
    if (this.#head === undefined || this.#body === undefined) return this.#begin(bytes);
    return this.#finish(this.#head, this.#body.push(bytes));
  }

  /** The connection ended. @returns the answer whose end that was */
  end(): ReadAnswer | undefined {
    return this.#head === undefined ? undefined : this.#finish(this.#head, this.#body?.end());
  }

  #begin(bytes: Buffer): ReadAnswer | undefined {
    const data = this.#held.length === 0 ? bytes : Buffer.concat([this.#held, bytes]);
    const head = readHead(data);
    if (head === undefined) {
      if (data.length > MAX_HEAD) throw new Error('the head of the answer is too long');
      this.#held = data === bytes ? Buffer.from(bytes) : data;
      return undefined;
    }
    this.#held = NOTHING;
    this.#head = head;
    this.#body = bodyReader(head, this.#maxBytes);
    return this.#finish(head, this.#body.push(data.subarray(head.size)));
  }

  #finish(head: Head, text: string | undefined): ReadAnswer | undefined {
    if (text === undefined) return undefined;
    this.#head = undefined;
    this.#body = undefined;
    return new Answer(head, text);
  }
}

class Answer implements ReadAnswer {
  readonly status: number;
  readonly text: string;
  readonly last: boolean;
  readonly #lines: string;

  constructor({ status, lines, last }: Head, text: string) {
    this.status = status;
    this.text = text;
    this.last = last;
    this.#lines = lines;
  }

  header(name: string): string | undefined {
    const values = this.#values(name);
    return values.length === 0 ? undefined : values.join(', ');
  }

  setCookies(): readonly string[] {
    return this.#values('set-cookie');
  }

  #values(name: string): string[] {
    return this.#lines
      .split('\r\n')
      .slice(1)
      .filter((line) => line.slice(0, name.length + 1).toLowerCase() === `${name}:`)
      .map((line) => line.slice(name.length + 1).trim());
  }
}

interface Head {
  status: number;
  /** The status line and the headers. */
  lines: string;
  /** Bytes before the body. */
  size: number;
  /** Undefined: until the connection ends, unless it is chunked. */
  length: number | undefined;
  chunked: boolean;
  last: boolean;
}

const STATUS_LINE = /^HTTP\/1\.([01]) (\d{3})(?: |\r|$)/;
/** What says how the body ends, and what comes after it. Names are looked for at the beginning of a line only. */
const FRAMING = /\r\n(content-length|transfer-encoding|content-encoding|connection):[\t ]*([^\r]*)/gi;

/** The head of the answer, after any interim ones; undefined while it is not whole. */
function readHead(data: Buffer, from = 0): Head | undefined {
  const end = data.indexOf(HEAD_END, from);
  if (end < 0) return undefined;
  const lines = data.toString('latin1', from, end);
  const line = STATUS_LINE.exec(lines);
  if (line === null) throw new Error('not HTTP/1');
  const status = Number(line[2]);
  const size = end + HEAD_END.length;
  if (status === 101) throw new Error('a protocol that was not asked for');
  if (status < 200) return readHead(data, size);
  const head: Head = { status, lines, size, length: undefined, chunked: false, last: line[1] === '0' };
  for (const [, name = '', value = ''] of lines.matchAll(FRAMING)) note(head, name.toLowerCase(), value.trim());
  if (status === 204 || status === 304) return { ...head, length: 0, chunked: false };
  if (head.chunked && head.length !== undefined) throw new Error('an ambiguous length');
  if (!head.chunked && head.length === undefined) head.last = true;
  return head;
}

function note(head: Head, name: string, value: string): void {
  if (name === 'content-length') {
    if (head.length !== undefined || !/^\d{1,15}$/.test(value)) throw new Error('an ambiguous length');
    head.length = Number(value);
  } else if (name === 'transfer-encoding') {
    if (head.chunked || value.toLowerCase() !== 'chunked') throw new Error('an ambiguous length');
    head.chunked = true;
  } else if (name === 'connection') {
    head.last ||= /\bclose\b/i.test(value);
  } else if (value !== '' && value.toLowerCase() !== 'identity') {
    throw new Error('an encoding that was not asked for');
  }
}

function bodyReader({ chunked, length }: Head, maxBytes: number): BodyReader {
  if (chunked) return new ChunkedBody(maxBytes);
  return length === undefined ? new OpenBody(maxBytes) : new LengthBody(length, maxBytes);
}
