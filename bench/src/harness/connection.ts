import { connect, type Socket } from 'node:net';
import { type Message, MessageReader } from './http1.ts';

const TIMEOUT_MS = 60_000;

/** One keep-alive connection that carries one request at a time. */
export class Connection {
  readonly #socket: Socket;
  #waiting: { resolve: (message: Message) => void; reject: (error: Error) => void } | null = null;
  #broken: Error | null = null;

  constructor(port: number) {
    this.#socket = connect({ host: '127.0.0.1', port, noDelay: true });
    const reader = new MessageReader((message) => {
      const waiting = this.#waiting;
      this.#waiting = null;
      waiting?.resolve(message);
    });
    this.#socket.on('data', (chunk: Buffer) => reader.push(chunk));
    this.#socket.setTimeout(TIMEOUT_MS, () => this.#break(new Error('no answer in time')));
    this.#socket.on('error', (error) => this.#break(error));
    this.#socket.on('close', () => this.#break(new Error('the connection was closed')));
  }

  get broken(): boolean {
    return this.#broken !== null;
  }

  /** @param request the whole text of a request. @throws Error when the connection breaks before its answer */
  send(request: string): Promise<Message> {
    if (this.#broken !== null) return Promise.reject(this.#broken);
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#socket.write(request);
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #break(error: Error): void {
    this.#broken ??= error;
    this.#waiting?.reject(error);
    this.#waiting = null;
    this.#socket.destroy();
  }
}
