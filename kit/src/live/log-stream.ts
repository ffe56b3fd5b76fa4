import { Alarm } from './alarm.ts';
import { type Follower, FOLLOWED, type LiveStream } from './live-stream.ts';
import type { LogPosition } from './log-cursor.ts';
import { type HubFollower, type Log, LogHub, type LogHubs } from './log-hub.ts';
import { continues, LOG_PAGE, type LogPage, readAgain } from './log-page.ts';

/** Frames that may wait for their consumer before the stream leaves its hub, and reads on its own when it is asked. */
const MAX_WAITING = 64;

/** How long the entries of a log can be replayed. */
export interface LogRetention {
  /** An entry is kept while younger than this… */
  ms: number;
  /** …and among the last so many of its log. */
  count: number;
}

/** Who reads a log, and from where. */
export interface LogReader {
  /** As the log's `read` and `readers` name them. Default: the only one there is. */
  reader?: string;
  /** A decoded cursor; null: from now on. */
  after: LogPosition | null;
  /** Called once, when the stream has ended. */
  onEnd?: (() => void) | undefined;
}

/**
 * The entries of a log after a position, each once and in order. The consumer sets the pace; `return` ends it at once,
 * also while it waits.
 *
 * One invariant carries it: what is emitted is always "everything in Postgres after my position", read in order of a
 * sequence that has no gaps, and the position is the last entry read. So nothing can come twice, out of order or be
 * left out, whatever happens to wake-ups: they, the head check and a new connection to Redis only say when to read.
 * While Redis is away, the head check alone carries the stream.
 *
 * A stream reads on its own, each time with the reader's right to, until it has read what there is; then it follows the
 * log's hub, which reads once for all of them.
 *
 * A reset answers a position whose next entries are no longer kept, one of another log or from the future, and one that
 * `admits` refuses.
 *
 * @param hubs where many read the log: they share its hub. Default: the stream has one of its own
 */
export function streamLog<Entry extends { seq: number }, Page extends LogPage<Entry>, Frame>(
  log: Log<Entry, Page, Frame>,
  reader: LogReader,
  hubs?: LogHubs<Entry, Page, Frame>,
): LiveStream<Frame> {
  return new LogStream(log, reader, hubs);
}

/** Many are open at a time, most of them quiet: what they have in common is with the hub. */
class LogStream<Entry extends { seq: number }, Page extends LogPage<Entry>, Frame>
  implements LiveStream<Frame>, HubFollower<Frame>
{
  readonly key: string;
  readonly #hub: LogHub<Entry, Page, Frame>;
  readonly #alarm = new Alarm();
  readonly #onEnd: (() => void) | undefined;
  #position: LogPosition | null;
  /** The frames up to the position that nobody has asked for yet. */
  #waiting: Frame[] = [];
  #next = 0;
  /** Whether the hub has it: then frames come from there. */
  #joined = false;
  #follower: Follower<Frame> | null = null;
  /** Whether frames go to the follower; it then has all up to the position. */
  #followed = false;
  /** Whether the reader's right was seen at the position. */
  #admitted = false;
  /** Whether it has not caught up yet with what was there when it began. */
  #replaying: boolean;
  #ended = false;
  #closed = false;

  constructor(
    log: Log<Entry, Page, Frame>,
    { reader = '', after, onEnd }: LogReader,
    hubs: LogHubs<Entry, Page, Frame> | undefined,
  ) {
    this.key = reader;
    this.#position = after;
    this.#replaying = after !== null;
    this.#onEnd = onEnd;
    if (hubs === undefined) {
      this.#hub = new LogHub(log);
      this.#hub.open();
    } else this.#hub = hubs.open(log);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Frame, void>> {
    for (;;) {
      const next = await this.nextOrFollowed();
      if (next.done === true || next.value !== FOLLOWED) return next as IteratorResult<Frame, void>;
    }
  }

  async nextOrFollowed(): Promise<IteratorResult<Frame | typeof FOLLOWED, void>> {
    try {
      while (!this.#alarm.stopped) {
        const frame = this.#take();
        if (frame !== undefined) return { done: false, value: frame };
        if (this.#ended) break;
        if (this.#joined || this.#join()) {
          if (this.#followed) return { done: false, value: FOLLOWED };
          await this.#alarm.sleep();
        } else await this.#read();
      }
    } catch (error) {
      this.#close();
      throw error;
    }
    this.#close();
    return { done: true, value: undefined };
  }

  follow(follower: Follower<Frame>): void {
    this.#follower = follower;
  }

  async return(): Promise<IteratorResult<Frame, void>> {
    this.#close();
    return { done: true, value: undefined };
  }

  get position(): LogPosition {
    return this.#position ?? { epoch: '', seq: 0 };
  }

  attached(): void {
    if (this.#follower === null) return;
    this.#followed = true;
    this.#follower.joined(this.#hub);
    this.#alarm.ring();
  }

  event(frame: Frame, at: LogPosition): Promise<void> | undefined {
    this.#position = at;
    if (this.#followed) return this.#follower?.event(frame);
    this.#waiting.push(frame);
    if (this.#waiting.length - this.#next >= MAX_WAITING) this.#leave();
    this.#alarm.ring();
    return undefined;
  }

  detached(): void {
    this.#joined = false;
    const followed = this.#followed;
    this.#followed = false;
    if (followed) this.#follower?.left();
    this.#alarm.ring();
  }

  #take(): Frame | undefined {
    const frame = this.#waiting[this.#next];
    if (frame === undefined) return undefined;
    this.#next++;
    if (this.#next === this.#waiting.length) {
      this.#waiting = [];
      this.#next = 0;
    }
    return frame;
  }

  /** Leaves reading to the hub, if it has got no further; whoever comes back from it is to be asked for their right. */
  #join(): boolean {
    if (!this.#admitted) return false;
    this.#admitted = false;
    this.#joined = true; // the hub attaches it before this returns, or later
    this.#joined = this.#hub.join(this);
    return this.#joined;
  }

  #leave(): void {
    this.#hub.leave(this);
    this.#joined = false;
  }

  async #read(): Promise<void> {
    const { read, admits, toFrame, toReset, toEnd, onRecovery } = this.#hub.log;
    const position = this.#position;
    const page = await readAgain(() => read(this.key, position?.seq ?? null), this.#alarm);
    if (this.#alarm.stopped) return;
    if (page === null) {
      this.#ended = true;
      if (toEnd !== undefined) this.#waiting.push(toEnd());
      return;
    }
    const { epoch, lastSeq, entries } = page;
    this.#admitted = true;
    if (position !== null && !(continues(page, position) && (admits?.(page, position.seq) ?? true))) {
      this.#position = { epoch, seq: lastSeq };
      this.#replaying = false;
      onRecovery?.('reset', 0);
      this.#waiting.push(toReset(this.#position));
      return;
    }
    this.#position = { epoch, seq: entries.at(-1)?.seq ?? lastSeq };
    if (entries.length > 0) onRecovery?.(this.#replaying ? 'replay' : 'gap', entries.length);
    this.#replaying &&= entries.length === LOG_PAGE;
    for (const entry of entries) this.#waiting.push(toFrame(entry, { epoch, seq: entry.seq }));
  }

  #close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#alarm.stop();
    this.#leave();
    this.#hub.close();
    this.#onEnd?.();
  }
}
