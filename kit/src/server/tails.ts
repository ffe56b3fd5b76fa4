import type { Logger } from 'pino';
import type { WebSocket } from 'ws';

/** Bytes that a peer may leave unread in our memory before it is cut off. */
const MAX_UNSENT = 16 * 1024 * 1024;

/** The events that equal operations get together: each is executed once, and written once to each socket. */
export class Tail {
  readonly #id: string;
  readonly #execute: (event: unknown) => Promise<string>;
  readonly #onEmpty: () => void;
  readonly #logger: Logger;
  /** How many operations of each socket follow it. */
  readonly #sockets = new Map<WebSocket, number>();
  /** One thing after the other: an event, somebody who joins or leaves. */
  #turn: Promise<void> = Promise.resolve();
  #event: unknown;

  constructor(
    id: string,
    options: { execute: (event: unknown) => Promise<string>; onEmpty: () => void; logger: Logger },
  ) {
    const { execute, onEmpty, logger } = options;
    this.#id = id;
    this.#logger = logger;
    this.#onEmpty = onEmpty;
    this.#execute = execute;
  }

  /** Called by each who follows, and does it once. */
  event(event: unknown): Promise<void> {
    if (event === this.#event) return this.#turn;
    this.#event = event;
    return this.#then(async () => {
      if (this.#sockets.size === 0) return;
      const message = Buffer.from(`{"id":"${this.#id}","type":"next","payload":${await this.#execute(event)}}`);
      for (const socket of this.#sockets.keys()) send(socket, message);
      if (this.#logger.isLevelEnabled('debug')) this.#tell();
    });
  }

  join(socket: WebSocket, operationId: string): Promise<void> {
    return this.#then(() => {
      this.#sockets.set(socket, (this.#sockets.get(socket) ?? 0) + 1);
      send(socket, tailMessage(operationId, this.#id));
    });
  }

  leave(socket: WebSocket, operationId: string): Promise<void> {
    return this.#then(() => {
      const left = (this.#sockets.get(socket) ?? 0) - 1;
      if (left > 0) this.#sockets.set(socket, left);
      else this.#sockets.delete(socket);
      if (this.#sockets.size === 0) this.#onEmpty();
      send(socket, tailMessage(operationId, null));
    });
  }

  /** `npm run proof -- storm` asks that this happens. */
  #tell(): void {
    const operations = this.#sockets.values().reduce((sum, count) => sum + count, 0);
    this.#logger.debug({ tail: { operations, sockets: this.#sockets.size } }, 'an event was executed once');
  }

  #then(action: () => void | Promise<void>): Promise<void> {
    this.#turn = this.#turn.then(action);
    return this.#turn;
  }
}

/** All tails of a server. */
export class Tails {
  /** By source, then by operation. */
  readonly #tails = new WeakMap<object, Map<string, Tail>>();
  readonly #logger: Logger;
  #last = 0;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /**
   * @param key of operations that are the same
   * @param execute gives the payload of an event as JSON; must not reject
   */
  of(source: object, key: string, execute: (event: unknown) => Promise<string>): Tail {
    let tails = this.#tails.get(source);
    if (tails === undefined) this.#tails.set(source, (tails = new Map()));
    const known = tails.get(key);
    if (known !== undefined) return known;
    // One that joins just now goes on in the old one, and whoever comes then begins another.
    const tail = new Tail(`tail-${++this.#last}`, {
      execute,
      onEmpty: () => void tails.delete(key),
      logger: this.#logger,
    });
    tails.set(key, tail);
    return tail;
  }
}

const tailMessage = (operationId: string, tail: string | null): string =>
  JSON.stringify({ id: operationId, type: 'next', payload: { extensions: { tail } } });

function send(socket: WebSocket, message: string | Buffer): void {
  if (socket.bufferedAmount > MAX_UNSENT) socket.terminate();
  else if (socket.readyState === socket.OPEN) socket.send(message, { binary: false });
}
