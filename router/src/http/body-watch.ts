import type { IncomingMessage, ServerResponse } from 'node:http';
import { fault } from '@chorus/kit/errors';

/** How late a time-out may be. */
const LOOK_MS = 250;

interface Reading {
  /** By performance.now(). */
  deadline: number;
  giveUp: () => void;
}

/**
 * Gives up on clients that take too long to send a body: whoever sends a byte now and then would hold a place among the
 * requests under way for minutes. Nearly every body came in together with its headers and is not looked at; one timer
 * looks after the others.
 */
export class BodyWatch {
  readonly #limitMs: number;
  readonly #readings = new Set<Reading>();
  #timer: NodeJS.Timeout | undefined;

  /** @param limitMs for a body, from the end of the headers; with files, for what comes before them */
  constructor(limitMs: number) {
    this.#limitMs = limitMs;
  }

  /** @throws GraphQLError TIMEOUT, with 408, and the connection closes after the answer */
  async read<Body>(request: IncomingMessage, response: ServerResponse, read: () => Promise<Body>): Promise<Body> {
    if (request.complete) return read();
    const slow = Promise.withResolvers<never>();
    const giveUp = () => {
      response.setHeader('connection', 'close');
      slow.reject(fault('TIMEOUT', 'The body took too long to come in.', { http: { status: 408 } }));
    };
    const reading: Reading = { deadline: performance.now() + this.#limitMs, giveUp };
    this.#readings.add(reading);
    this.#timer ??= setInterval(() => this.#look(), LOOK_MS);
    try {
      return await Promise.race([read(), slow.promise]);
    } finally {
      this.#readings.delete(reading);
    }
  }

  #look(): void {
    if (this.#readings.size === 0) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
    const now = performance.now();
    for (const { deadline, giveUp } of this.#readings) if (now >= deadline) giveUp();
  }
}
