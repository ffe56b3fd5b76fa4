import type { IncomingMessage, ServerResponse } from 'node:http';
import { fault } from '@chorus/kit/errors';
import type { GraphQLError } from 'graphql';
import { Bag, type Bagged } from '../bag.ts';

/** How late a time-out may be. */
const LOOK_MS = 250;

interface Reading extends Bagged {
  /** By performance.now(). */
  deadline: number;
  giveUp: () => void;
}

/**
 * Gives up on clients that take too long to send a body: whoever sends a byte now and then would hold a place among the
 * requests under way for minutes. One timer looks after all; a timer for each costs more than most bodies.
 */
export class BodyWatch {
  readonly #limitMs: number;
  readonly #readings = new Bag<Reading>();
  #timer: NodeJS.Timeout | undefined;

  /** @param limitMs for a body, from the end of the headers; with files, for what comes before them */
  constructor(limitMs: number) {
    this.#limitMs = limitMs;
  }

  /** Until all of the body is there. A reader learns of the end of its time by the request's `error`: TIMEOUT, with 408. */
  watch(request: IncomingMessage, response: ServerResponse): void {
    const reading = this.#add(response, (late) => request.emit('error', late));
    request.once('end', () => this.#readings.delete(reading));
    request.once('close', () => this.#readings.delete(reading));
  }

  /**
   * While `read` reads what it needs of the body.
   * @throws GraphQLError TIMEOUT, with 408, and the connection closes after the answer
   */
  async read<Body>(response: ServerResponse, read: () => Promise<Body>): Promise<Body> {
    const slow = Promise.withResolvers<never>();
    const reading = this.#add(response, slow.reject);
    try {
      return await Promise.race([read(), slow.promise]);
    } finally {
      this.#readings.delete(reading);
    }
  }

  #add(response: ServerResponse, fail: (late: GraphQLError) => void): Reading {
    const giveUp = () => {
      response.setHeader('connection', 'close');
      fail(fault('TIMEOUT', 'The body took too long to come in.', { http: { status: 408 } }));
    };
    const reading = { place: -1, deadline: performance.now() + this.#limitMs, giveUp };
    this.#readings.add(reading);
    this.#timer ??= setInterval(() => this.#look(), LOOK_MS);
    return reading;
  }

  #look(): void {
    if (this.#readings.size === 0) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
    const now = performance.now();
    this.#readings.forEach((reading) => {
      if (now < reading.deadline) return;
      this.#readings.delete(reading);
      reading.giveUp();
    });
  }
}
