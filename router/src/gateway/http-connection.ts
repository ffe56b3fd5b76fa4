import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls, TLSSocket } from 'node:tls';
import { AnswerReader, type HttpAnswer, type ReadAnswer } from './http-answer.ts';
import { AnswerTooLong } from './http-body.ts';

/** One request under way. */
export interface Exchange {
  /** Rejects with a ConnectionError, with AnswerTooLong, or with the reason of `cancel`. */
  readonly answer: Promise<HttpAnswer>;
  /** Gives it up: the answer rejects with `reason`, and the connection is closed. Does nothing once it is answered. */
  cancel(reason: Error): void;
}

/** No answer came, or none that is HTTP. */
export class ConnectionError extends Error {
  /** Whether the server has certainly done nothing of what was asked: it was never reached. */
  readonly unprocessed: boolean;

  constructor(message: string, options: { unprocessed: boolean; cause?: unknown }) {
    super(message, { cause: options.cause });
    this.unprocessed = options.unprocessed;
  }
}

/**
 * Sockets idle for longer are not used again: the other side may be closing them just now. Servers that say how long they
 * keep one are believed; Node's keep 5 s, and undici assumes 4 s of those that do not say.
 */
const IDLE_MS = 4000;
/** A machine that is gone does not even refuse. */
const CONNECT_TIMEOUT_MS = 2000;

/**
 * Opens a socket to a server.
 * @param buffer what is read over http: lies in it while `onBytes` runs
 */
export function openSocket(
  { protocol, hostname, port }: URL,
  buffer: Buffer,
  onBytes: (bytes: Buffer) => void,
): Socket {
  const host = hostname.replace(/^\[|\]$/g, '');
  if (protocol === 'https:') {
    const named = isIP(host) === 0 && { servername: host };
    return connectTls({ host, port: Number(port) || 443, ...named })
      .setNoDelay()
      .on('data', onBytes);
  }
  const callback = (length: number): boolean => {
    onBytes(buffer.subarray(0, length));
    return true;
  };
  return connect({ host, port: Number(port) || 80, noDelay: true, onread: { buffer, callback } });
}

interface ConnectionOptions {
  open: (onBytes: (bytes: Buffer) => void) => Socket;
  maxAnswerBytes: number;
  /** Its exchange is answered, and it can take another. */
  onFree: () => void;
  onClose: () => void;
}

/** One connection, which carries one exchange at a time. */
export class Connection {
  /** When an idle one is to be left alone, by performance.now(). */
  usableUntil = 0;
  keptMs = IDLE_MS;
  readonly #socket: Socket;
  readonly #reader: AnswerReader;
  readonly #onFree: () => void;
  #exchange: PendingExchange | undefined;
  #connected = false;
  #answered = false;

  constructor({ open, maxAnswerBytes, onFree, onClose }: ConnectionOptions) {
    this.#reader = new AnswerReader(maxAnswerBytes);
    this.#onFree = onFree;
    this.#socket = open((bytes) => this.#read(bytes));
    const tooLong = () => this.#socket.destroy(new Error('no connection in time'));
    const connecting = setTimeout(tooLong, CONNECT_TIMEOUT_MS);
    this.#socket.once(this.#socket instanceof TLSSocket ? 'secureConnect' : 'connect', () => {
      this.#connected = true;
      clearTimeout(connecting);
    });
    this.#socket.once('error', (cause) => this.#fail('the connection broke', cause));
    this.#socket.once('end', () => this.#ended());
    this.#socket.once('close', () => {
      clearTimeout(connecting);
      this.#fail('the connection was closed');
      onClose();
    });
  }

  send(exchange: PendingExchange): void {
    this.#exchange = exchange;
    exchange.connection = this;
    const { head, body } = exchange;
    // Headers are bytes, not UTF-8.
    if (IS_ASCII.test(head)) this.#socket.write(head + body);
    else this.#socket.write(Buffer.concat([Buffer.from(head, 'latin1'), Buffer.from(body)]));
  }

  close(): void {
    this.#socket.destroy();
  }

  #read(bytes: Buffer): void {
    if (this.#exchange === undefined) return this.close(); // nothing was asked
    try {
      const answer = this.#reader.push(bytes);
      if (answer !== undefined) this.#answer(answer);
    } catch (cause) {
      this.#fail('the answer is no HTTP', cause);
      this.close();
    }
  }

  /** The server has said its last; for an answer without a length that is its end. */
  #ended(): void {
    const answer = this.#exchange === undefined ? undefined : this.#reader.end();
    if (answer !== undefined) this.#answer(answer);
    this.close();
  }

  #answer(answer: ReadAnswer): void {
    const exchange = this.#exchange;
    this.#exchange = undefined;
    if (!this.#answered) this.keptMs = keptFor(answer.header('keep-alive'));
    this.#answered = true;
    exchange?.resolve(answer);
    if (answer.last || this.keptMs <= 0) this.close();
    else this.#onFree();
  }

  #fail(message: string, cause?: unknown): void {
    const exchange = this.#exchange;
    this.#exchange = undefined;
    const own = cause instanceof AnswerTooLong;
    exchange?.reject(own ? cause : new ConnectionError(message, { unprocessed: !this.#connected, cause }));
  }
}

/** Exchanges that wait for a connection, and how many are not settled. */
export interface Queue {
  readonly waiting: Set<PendingExchange>;
  pending: number;
}

/** One POST, waiting for a connection or for its answer. */
export class PendingExchange implements Exchange {
  readonly head: string;
  readonly body: string;
  connection: Connection | undefined;
  readonly #queue: Queue;
  readonly #settled = Promise.withResolvers<HttpAnswer>();
  #open = true;

  constructor(queue: Queue, head: string, body: string) {
    this.#queue = queue;
    this.head = head;
    this.body = body;
    queue.pending++;
  }

  get answer(): Promise<HttpAnswer> {
    return this.#settled.promise;
  }

  resolve(answer: HttpAnswer): void {
    if (this.#settle()) this.#settled.resolve(answer);
  }

  reject(reason: Error): void {
    if (this.#settle()) this.#settled.reject(reason);
  }

  cancel(reason: Error): void {
    const { connection } = this;
    this.#queue.waiting.delete(this);
    this.reject(reason);
    connection?.close();
  }

  #settle(): boolean {
    if (!this.#open) return false;
    this.#open = false;
    this.connection = undefined;
    this.#queue.pending--;
    return true;
  }
}

const IS_ASCII = /^[\0-\x7f]*$/;

/** Milliseconds that a connection may be idle, by what the server says of it: `timeout=5, max=100`. */
function keptFor(keepAlive: string | undefined): number {
  const seconds = /\btimeout=(\d{1,6})/i.exec(keepAlive ?? '')?.[1];
  return seconds === undefined ? IDLE_MS : Math.min(Number(seconds) * 1000 - 1000, 10 * 60_000);
}
