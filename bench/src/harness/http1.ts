/**
 * HTTP/1.1 with keep-alive, as little of it as the programs of a benchmark speak among themselves, so that load and
 * stand-ins cost less than what is measured.
 */

/** A request or an answer: everything above the body as latin1 text, without the empty line. */
export interface Message {
  head: string;
  body: Buffer;
}

/** How one header is read from a head: its value, or undefined. `name` is plain letters and dashes. */
export function headerReader(name: string): (head: string) => string | undefined {
  const pattern = new RegExp(`\\r\\n${name}: *([^\\r]*)`, 'i');
  return (head) => pattern.exec(head)?.[1];
}

const contentLength = headerReader('content-length');
const transferEncoding = headerReader('transfer-encoding');

/** Cuts the bytes of one connection into messages. Bodies have a content-length, are chunked, or are empty. */
export class MessageReader {
  readonly #onMessage: (message: Message) => void;
  #chunks: Buffer[] = [];
  #size = 0;
  /** Do not look again before there are so many bytes. */
  #wanted = 1;

  constructor(onMessage: (message: Message) => void) {
    this.#onMessage = onMessage;
  }

  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    while (this.#size >= this.#wanted) {
      const data =
        this.#chunks.length === 1 && this.#chunks[0] !== undefined ? this.#chunks[0] : Buffer.concat(this.#chunks);
      const read = readMessage(data);
      const rest = typeof read === 'number' ? data : data.subarray(read.end);
      this.#chunks = rest.length === 0 ? [] : [rest];
      this.#size = rest.length;
      this.#wanted = typeof read === 'number' ? read : 1;
      if (typeof read !== 'number') this.#onMessage(read.message);
    }
  }
}

/** The first message and where it ends, or how many bytes it takes to get further. */
function readMessage(data: Buffer): { message: Message; end: number } | number {
  const headEnd = data.indexOf('\r\n\r\n');
  if (headEnd < 0) return data.length + 1;
  const head = data.toString('latin1', 0, headEnd);
  const start = headEnd + 4;
  if (transferEncoding(head) === undefined) {
    const end = start + Number(contentLength(head) ?? 0);
    return data.length < end ? end : { message: { head, body: data.subarray(start, end) }, end };
  }
  const pieces: Buffer[] = [];
  for (let at = start; ;) {
    const line = data.indexOf('\r\n', at);
    if (line < 0) return data.length + 1;
    const length = Number.parseInt(data.toString('latin1', at, line), 16);
    const end = line + 2 + length + 2;
    if (data.length < end) return end;
    if (length === 0) return { message: { head, body: Buffer.concat(pieces) }, end };
    pieces.push(data.subarray(line + 2, end - 2));
    at = end;
  }
}

/** A whole answer, ready to be written. */
export function response(status: number, body: string): Buffer {
  const content = Buffer.from(body);
  const head = `HTTP/1.1 ${status} X\r\ncontent-type: application/json\r\ncontent-length: ${content.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head, 'latin1'), content]);
}
