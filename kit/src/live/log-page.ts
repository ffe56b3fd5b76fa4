import type { Alarm } from './alarm.ts';
import type { LogPosition } from './log-cursor.ts';

/** Entries in one read of a log. */
export const LOG_PAGE = 500;
/** Reads in a row that may fail before the stream does; pauses grow from 100 ms to under 2 s. */
const ATTEMPTS = 5;

/** What a reader gets of a log: all of one moment, for it is one statement. */
export interface LogPage<Entry extends { seq: number }> {
  epoch: string;
  /** The sequence number of the last entry there is. */
  lastSeq: number;
  /** Kept entries after the position asked for, in order, at most LOG_PAGE. */
  entries: Entry[];
  /** Whether rights to read may end without an entry: a hub asks for its readers before it hands on what this has. */
  asksReaders?: boolean;
}

/**
 * How entries came that were not announced one by one: `replay`, after the reader's cursor; `gap`, before a wake-up whose
 * number is not the next; `headCheck`, without any wake-up; and `reset`, when they can no longer come.
 */
export type Recovery = 'replay' | 'gap' | 'headCheck' | 'reset';

/**
 * Whether the page is what follows the position, with nothing missing. A log that had not begun has no name yet: any may
 * follow its beginning.
 */
export function continues({ epoch, lastSeq, entries }: LogPage<{ seq: number }>, position: LogPosition): boolean {
  const { seq } = position;
  const sameLog = epoch === position.epoch || (position.epoch === '' && seq === 0);
  if (!sameLog || seq > lastSeq) return false;
  // Distinct, growing and above the position: with the right last one, none in between is missing.
  return seq === lastSeq || (entries.length > 0 && entries.at(-1)?.seq === seq + entries.length);
}

/** Reading changes nothing, so it is tried again when a connection to Postgres has ended under it. */
export async function readAgain<T>(read: () => Promise<T>, alarm: Alarm): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await read();
    } catch (error) {
      if (attempt === ATTEMPTS || alarm.stopped) throw error;
      await alarm.pause(50 * 2 ** attempt * (1 + Math.random()));
    }
  }
}
