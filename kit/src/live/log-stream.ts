import { Alarm } from './alarm.ts';
import type { LiveBus } from './bus.ts';
import type { LogPosition } from './log-cursor.ts';

/** Entries in one read of a log. */
export const LOG_PAGE = 500;
/** How long a stream waits for Redis before it begins without. */
const LISTEN_LIMIT_MS = 1000;
/** Reads in a row that may fail before the stream does; pauses grow from 100 ms to under 2 s. */
const ATTEMPTS = 5;

/** How long the entries of a log can be replayed. */
export interface LogRetention {
  /** An entry is kept while younger than this… */
  ms: number;
  /** …and among the last so many of its log. */
  count: number;
}

/** What a reader gets of a log: all of one moment, for it is one statement. */
export interface LogPage<Entry extends { seq: number }> {
  epoch: string;
  /** The sequence number of the last entry there is. */
  lastSeq: number;
  /** Kept entries after the position asked for, in order, at most LOG_PAGE. */
  entries: Entry[];
}

/**
 * How a stream came by entries that were not announced one by one: `replay`, after the reader's cursor; `gap`, before a
 * wake-up whose number is not the next; `headCheck`, without any wake-up; and `reset`, when it can no longer come by them.
 */
export type Recovery = 'replay' | 'gap' | 'headCheck' | 'reset';

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
  /** Whether this reader may go on from the position, as far as the reader's own history goes. Default: always. */
  admits?: (page: Page, position: number) => boolean;
  toFrame: (entry: Entry, at: LogPosition) => Frame;
  /** Tells to fetch anew what the log is about, and that the stream goes on from here. */
  toReset: (at: LogPosition) => Frame;
  /** The last frame, when the reader may not read. Default: none. */
  toEnd?: () => Frame;
  /**
   * Hears of each recovery. `npm run proof -- storm` asks that every kind of them happens.
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
 * Reading starts after Redis has confirmed the subscription, so nothing falls in between. While Redis is away, the head
 * check alone carries the stream.
 *
 * A reset answers a position whose next entries are no longer kept, one of another log or from the future, and one that
 * `admits` refuses.
 */
export function streamLog<Entry extends { seq: number }, Page extends LogPage<Entry>, Frame>(
  options: LogStreamOptions<Entry, Page, Frame>,
): AsyncIterableIterator<Frame, void> {
  const { live, after, admits = () => true, onRecovery } = options;
  const alarm = new Alarm();
  let position: number | null = after?.seq ?? null;
  /** What wake-ups told since the last read: the highest number, and whether they left one out. */
  let told: { seq: number; jumped: boolean } | null = null;

  const listening = live.listen(options.channel, (seq) => {
    if (seq !== null && position !== null && seq > position) {
      const before = told ?? { seq: position, jumped: false };
      told = { seq: Math.max(seq, before.seq), jumped: before.jumped || seq > before.seq + 1 };
    }
    if (seq === null || position === null || seq > position) alarm.ring();
  });

  const read = async function* (): AsyncGenerator<Frame, void> {
    try {
      await alarm.sleep(LISTEN_LIMIT_MS);
      let epoch = after?.epoch;
      let replaying = after !== null;
      while (!alarm.stopped) {
        const page = await readAgain(() => options.read(position), alarm);
        if (alarm.stopped) return;
        if (page === null) {
          if (options.toEnd !== undefined) yield options.toEnd();
          return;
        }
        if (position !== null && !(continues(page, position, epoch) && admits(page, position))) {
          position = page.lastSeq;
          epoch = page.epoch;
          replaying = false;
          onRecovery?.('reset', 0);
          yield options.toReset({ epoch, seq: position });
          continue;
        }
        epoch = page.epoch;
        position = page.entries.at(-1)?.seq ?? page.lastSeq;
        const recovery = replaying ? 'replay' : told === null ? 'headCheck' : told.jumped ? 'gap' : null;
        if (recovery !== null && page.entries.length > 0) onRecovery?.(recovery, page.entries.length);
        replaying &&= page.entries.length === LOG_PAGE;
        told = null;
        for (const entry of page.entries) yield options.toFrame(entry, { epoch, seq: entry.seq });
        if (page.entries.length < LOG_PAGE) await alarm.sleep(options.headCheckMs);
      }
    } finally {
      listening.close();
    }
  };
  const frames = read();

  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    next: () => frames.next(),
    // A generator's own `return` waits for the `next` under way; the alarm ends that first.
    async return() {
      alarm.stop();
      listening.close();
      return frames.return();
    },
  };
}

/** Reading changes nothing, so it is tried again when a connection to Postgres has ended under it. */
async function readAgain<T>(read: () => Promise<T>, alarm: Alarm): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await read();
    } catch (error) {
      if (attempt === ATTEMPTS || alarm.stopped) throw error;
      await alarm.sleep(50 * 2 ** attempt * (1 + Math.random()));
    }
  }
}

/**
 * Whether the page is what follows the position, with nothing missing. A log that had not begun has no name yet: any may
 * follow its beginning.
 */
function continues({ epoch, lastSeq, entries }: LogPage<{ seq: number }>, position: number, from?: string): boolean {
  const sameLog = epoch === from || (from === '' && position === 0);
  if (!sameLog || position > lastSeq) return false;
  // Distinct, growing and above the position: with the right last one, none in between is missing.
  return position === lastSeq || (entries.length > 0 && entries.at(-1)?.seq === position + entries.length);
}
