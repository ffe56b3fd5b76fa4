import {
  Connection,
  ConnectionError,
  type Exchange,
  openSocket,
  PendingExchange,
  type Queue,
} from './http-connection.ts';

export type { HttpAnswer } from './http-answer.ts';
export { ConnectionError, type Exchange } from './http-connection.ts';

export interface HttpClientOptions {
  /** Sockets at most; what is more waits for one. */
  connections: number;
  /** An answer with a longer body fails. */
  maxAnswerBytes: number;
}

const SWEEP_MS = 1000;
const READ_BUFFER = 64 * 1024;

/**
 * POST requests to one server over HTTP/1.1 connections that are kept: nothing but what calls to subgraphs need, at about
 * a third of the cost of a general client (`npm run bench -- router` measures it).
 */
export class HttpClient {
  readonly #url: URL;
  readonly #start: string;
  readonly #options: HttpClientOptions;
  readonly #idle: Connection[] = [];
  readonly #open = new Set<Connection>();
  readonly #queue: Queue = { waiting: new Set(), pending: 0 };
  readonly #sweep: NodeJS.Timeout;
  /** Reads of all connections: what is read is taken out before the next read begins. */
  readonly #buffer = Buffer.allocUnsafeSlow(READ_BUFFER);
  #stopped: PromiseWithResolvers<void> | undefined;

  /** @param url http: or https:; its path and query are where every request goes */
  constructor(url: URL, options: HttpClientOptions) {
    this.#url = url;
    this.#start = `POST ${url.pathname}${url.search} HTTP/1.1\r\nhost: ${url.host}\r\n`;
    this.#options = options;
    this.#sweep = setInterval(() => this.#closeIdle(), SWEEP_MS).unref();
  }

  /** Requests that are not answered yet. */
  get pending(): number {
    return this.#queue.pending;
  }

  /**
   * Sends a request.
   * @param headers lines made by `headerLine`, without host and content-length
   */
  post(headers: string, body: string): Exchange {
    const head = `${this.#start}${headers}content-length: ${Buffer.byteLength(body)}\r\n\r\n`;
    const exchange = new PendingExchange(this.#queue, head, body);
    if (this.#stopped !== undefined) {
      exchange.reject(new ConnectionError('the client was stopped', { unprocessed: true }));
      return exchange;
    }
    const connection = this.#takeIdle() ?? (this.#open.size < this.#options.connections ? this.#connect() : undefined);
    if (connection === undefined) this.#queue.waiting.add(exchange);
    else connection.send(exchange);
    return exchange;
  }

  /** Takes no more requests; resolves when those under way are answered and the sockets closed. */
  stop(): Promise<void> {
    if (this.#stopped === undefined) {
      this.#stopped = Promise.withResolvers();
      clearInterval(this.#sweep);
      for (const connection of this.#idle) connection.close();
      if (this.#open.size === 0) this.#stopped.resolve();
    }
    return this.#stopped.promise;
  }

  #takeIdle(): Connection | undefined {
    const now = performance.now();
    for (;;) {
      const connection = this.#idle.pop();
      if (connection === undefined || connection.usableUntil > now) return connection;
      connection.close();
    }
  }

  #connect(): Connection {
    const connection = new Connection({
      open: (onBytes) => openSocket(this.#url, this.#buffer, onBytes),
      maxAnswerBytes: this.#options.maxAnswerBytes,
      onFree: () => this.#free(connection),
      onClose: () => this.#closed(connection),
    });
    this.#open.add(connection);
    return connection;
  }

  #free(connection: Connection): void {
    const [next] = this.#queue.waiting;
    if (next !== undefined) {
      this.#queue.waiting.delete(next);
      connection.send(next);
    } else if (this.#stopped === undefined) {
      connection.usableUntil = performance.now() + connection.keptMs;
      this.#idle.push(connection);
    } else {
      connection.close();
    }
  }

  #closed(connection: Connection): void {
    this.#open.delete(connection);
    const at = this.#idle.indexOf(connection);
    if (at >= 0) this.#idle.splice(at, 1);
    // Its place may be taken by whoever waits.
    const [next] = this.#queue.waiting;
    if (next !== undefined) {
      this.#queue.waiting.delete(next);
      this.#connect().send(next);
    } else if (this.#open.size === 0) {
      this.#stopped?.resolve();
    }
  }

  #closeIdle(): void {
    const now = performance.now();
    while (this.#idle[0] !== undefined && this.#idle[0].usableUntil <= now) this.#idle.shift()?.close();
  }
}

/**
 * A line of a request's head.
 * @throws TypeError when the name or the value would break out of it
 */
export function headerLine(name: string, value: string): string {
  if (!/^[!#$%&'*+.^_`|~0-9a-z-]+$/i.test(name) || /[^\t\x20-\x7e\x80-\xff]/.test(value)) {
    throw new TypeError('not a header');
  }
  return `${name}: ${value}\r\n`;
}
