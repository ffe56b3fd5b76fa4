import { Alarm } from './alarm.ts';
import type { LiveBus } from './bus.ts';
import { type Follower, FOLLOWED, type LiveStream } from './live-stream.ts';
import type { LogPosition } from './log-cursor.ts';
import { type HubFollower, LogHub, type LogHubOptions, type LogHubs } from './log-hub.ts';
import { continues, LOG_PAGE, type LogPage, readAgain, type Recovery } from './log-page.ts';

/** Frames that may wait for their consumer before the stream leaves its hub, and reads on its own when it is asked. */
const MAX_WAITING = 64;

/** How long the entries of a log can be replayed. */
export interface LogRetention {
  /** An entry is kept while younger than this… */
  ms: number;
  /** …and among the last so many of its log. */
  count: number;
}

export interface LogStreamOptions<Entry extends { seq: number }, Page extends LogPage<Entry>, Frame> {
  live: LiveBus;
  /** Where wake-ups of the log are published; each is the sequence number committed. */
  channel: string;
  /** How often a quiet stream looks whether it missed a wake-up. */
  headCheckMs: number;
  /** A decoded cursor; null: from now on. */
  after: LogPosition | null;
  /** What follows `position`, or nothing but the head when that is null; null when the reader may not read (any more). */
  read: (position: number | null) => Promise<Page | null>;
  /** For a log of which many are readers: what they have in common. Default: this reader is the only one. */
  shared?: {
    hubs: LogHubs<Entry, Frame>;
    /** Who reads. */
    key: string;
  } & Pick<LogHubOptions<Entry, Frame>, 'read' | 'endsFor' | 'readers'>;
  /** Whether this reader may go on from the position, as far as the reader's own history goes. Default: always. */
  admits?: (page: Page, position: number) => boolean;
  toFrame: (entry: Entry, at: LogPosition) => Frame;
  /** Tells to fetch anew what the log is about, and that the stream goes on from here. */
  toReset: (at: LogPosition) => Frame;
  /** The last frame, when the reader may not read. Default: none. */
  toEnd?: () => Frame;
  /**
   * Hears of each recovery; a hub's is one for all. `npm run proof -- storm` asks that every kind of them happens.
   * @param entries how many it brought
   */
  onRecovery?: (recovery: Recovery, entries: number) => void;
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
 */
export function streamLog<Entry extends { seq: number }, Page extends LogPage<Entry>, Frame>(
  options: LogStreamOptions<Entry, Page, Frame>,
): LiveStream<Frame> {
  return new LogStream(options);
}

class LogStream<Entry extends { seq: number }, Page extends LogPage<Entry>, Frame>
  implements LiveStream<Frame>, HubFollower<Frame>
{
  readonly key: string;
  readonly #options: LogStreamOptions<Entry, Page, Frame>;
  readonly #hub: LogHub<Entry, Frame>;
  readonly #closeHub: () => void;
  readonly #alarm = new Alarm();
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

  constructor(options: LogStreamOptions<Entry, Page, Frame>) {
    const { live, channel, headCheckMs, read, shared, toFrame, after, onRecovery } = options;
    this.#options = options;
    this.#position = after;
    this.key = shared?.key ?? '';
    const common = { live, channel, headCheckMs, toFrame, read, ...(onRecovery && { onRecovery }) };
    this.#replaying = after !== null;
    if (shared === undefined) {
      const hub = new LogHub(common);
      this.#hub = hub;
      this.#closeHub = () => hub.stop();
    } else {
      const { hubs, read, endsFor, readers } = shared;
      const opened = hubs.open({ ...common, read, ...(endsFor && { endsFor }), ...(readers && { readers }) });
      this.#hub = opened.hub;
      this.#closeHub = opened.close;
    }
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
    const { read, admits, toFrame, toReset, toEnd, onRecovery } = this.#options;
    const position = this.#position;
    const page = await readAgain(() => read(position?.seq ?? null), this.#alarm);
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
    this.#closeHub();
  }
}
