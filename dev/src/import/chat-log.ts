import { handleOf } from './handles.ts';
import type { Malformed, Note } from './graph.ts';
import type { NewPerson } from './people.ts';

/** One line of a chat log, `[HH:MM] <nick> text`. */
export interface LogMessage {
  kind: 'message';
  author: NewPerson;
  text: string;
  /** Seconds of the day. */
  time: number;
}

const MESSAGE = /^\[(\d\d):(\d\d)(?::(\d\d))?\] <[ @+%&~]?([^<>\s]{1,64})>(?: (.*))?$/;
/** Joins, parts, changes of topic, the log's own remarks, and what somebody does (`* nick waves`). */
const NOTE = /^(?:\[\d\d:\d\d(?::\d\d)?\])?\s*(?:===|---|\*\*\*|\* |-!-|-->|<--|\*$)|^\s*$/;
/** IRC's marks for colours and typefaces; no one can read them. */
// oxlint-disable-next-line no-control-regex -- control characters are what we look for
const MARKS = /\u0003(?:\d{1,2}(?:,\d{1,2})?)?|[\u0002\u000f\u0011\u0016\u001d\u001e\u001f]/g;
const CONTROL = /[^\P{Cc}\t]/u;
const MAX_TEXT = 4000;

/** Reads one line of a chat log. */
export function parseLogLine(line: string): LogMessage | Note | Malformed {
  const [, hours, minutes, seconds = 0, nick = '', rest = ''] = MESSAGE.exec(line) ?? [];
  if (hours === undefined) {
    return NOTE.test(line) ? { kind: 'note' } : { kind: 'malformed', fault: 'not [HH:MM] <nick> text' };
  }
  const text = rest.replaceAll(MARKS, '').trim();
  if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) {
    return { kind: 'malformed', fault: 'no time of day' };
  }
  if (CONTROL.test(text) || CONTROL.test(nick)) return { kind: 'malformed', fault: 'control characters' };
  if (text === '') return { kind: 'malformed', fault: 'no text' };
  if (text.length > MAX_TEXT) return { kind: 'malformed', fault: `longer than ${MAX_TEXT} characters` };
  const time = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  return { kind: 'message', author: { handle: handleOf(nick), name: nick }, text, time };
}

/** The day that a log's file name tells, UTC, as milliseconds since 1970; null when it tells none. */
export function dayOf(fileName: string): number | null {
  const [, date] = /(?:^|\D)(\d{4}-\d\d-\d\d)(?:\D|$)/.exec(fileName) ?? [];
  const day = date === undefined ? NaN : Date.parse(`${date}T00:00:00Z`);
  return Number.isNaN(day) ? null : day;
}

const DAY = 86_400_000;

/**
 * Gives each message of one log its instant. Logs tell minutes, so messages of one minute are put a millisecond apart,
 * in their order; a step back of more than twelve hours is midnight, a smaller one a clock that was set.
 * @param day as `dayOf` gives it
 * @returns a function from seconds of the day to milliseconds since 1970, each more than the one before
 */
export function createLogClock(day: number): (time: number) => number {
  let midnight = day;
  let last = -Infinity;
  let before = 0;
  return (time) => {
    if (before - time > 12 * 3600) midnight += DAY;
    before = time;
    last = Math.max(midnight + time * 1000, last + 1);
    return last;
  };
}
