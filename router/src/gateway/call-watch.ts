import { Bag, type Bagged } from '../bag.ts';

/** What a call may be waiting for: its turn, the time to try again, or an answer. */
interface Cancelable {
  /** Rejects whoever waits with the reason; does nothing when the wait is over. */
  cancel(reason: Error): void;
}

/** Why a call ended before its answer. They are made once: a stack would tell nothing and costs more than the call. */
export const late = new Error('the call took too long');
export const gone = new Error('the client has left');
export const over = new Error('the time of the operation is over');
/** Why a try ended, while there may be others. */
export const silent = new Error('the instance did not answer in time');

/** One call to a subgraph, from its beginning to its end, with all its tries. */
export class WatchedCall implements Bagged {
  place = -1;
  /** By performance.now(). */
  deadline: number;
  /** When what it waits for now is given up, and not the whole call. */
  tryUntil = Infinity;
  readonly #client: { readonly aborted: boolean };
  readonly #end: number;
  #waitsFor: Cancelable | null = null;
  #ended: Error | null = null;

  /** @param end when the whole operation must be done, by performance.now() */
  constructor(client: { readonly aborted: boolean }, deadline: number, end = Infinity) {
    this.#client = client;
    this.deadline = deadline;
    this.#end = end;
  }

  /** What is to be given up if the call must end. */
  waitFor<Wait extends Cancelable>(wait: Wait): Wait {
    this.#waitsFor = wait;
    if (this.#ended !== null) wait.cancel(this.#ended);
    return wait;
  }

  look(now: number): void {
    if (this.#ended !== null) return;
    if (this.#client.aborted) this.#stop(gone);
    else if (now >= this.#end) this.#stop(over);
    else if (now >= this.deadline) this.#stop(late);
    else if (now >= this.tryUntil) this.#waitsFor?.cancel(silent);
  }

  #stop(reason: Error): void {
    this.#ended = reason;
    this.#waitsFor?.cancel(reason);
  }
}

/** How late a time-out may be, and the end of a call whose client has left. */
const LOOK_MS = 20;

/**
 * Ends calls that take too long or that nobody waits for any more. One timer looks after all calls, which costs a call
 * almost nothing; a timer and a listener for each cost as much as sending it.
 */
export class CallWatch {
  readonly #calls = new Bag<WatchedCall>();
  #timer: NodeJS.Timeout | undefined;

  add(call: WatchedCall): void {
    this.#calls.add(call);
    this.#timer ??= setInterval(() => this.#look(), LOOK_MS);
  }

  delete(call: WatchedCall): void {
    this.#calls.delete(call);
  }

  #look(): void {
    if (this.#calls.size === 0) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
    const now = performance.now();
    this.#calls.forEach((call) => call.look(now));
  }
}
