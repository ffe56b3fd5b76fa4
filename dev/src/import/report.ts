import path from 'node:path';
import { amount, duration } from './progress.ts';

/** What a run found in its place in the end, stored by this run or an earlier one, and what it could not store. */
export interface Counts {
  people: number;
  follows: number;
  rooms: number;
  messages: number;
  pictures: number;
  /** Lines that are nothing to store: empty ones, comments, joins and parts. */
  notes: number;
  /** Malformed lines, and files that are no pictures. */
  skipped: number;
}

export interface Report {
  counts: Counts;
  /** Counts a line, or a whole file, that cannot be stored, and says why. */
  skip(file: string, line: number | null, fault: string): void;
}

/** @param write takes a line for the person who waits */
export function createReport(write: (line: string) => void): Report {
  const counts: Counts = { people: 0, follows: 0, rooms: 0, messages: 0, pictures: 0, notes: 0, skipped: 0 };
  return {
    counts,
    skip(file, line, fault) {
      counts.skipped += 1;
      const where = path.relative(process.cwd(), file);
      write(`skipped ${where.startsWith('..') ? file : where}${line === null ? '' : `:${line}`}: ${fault}`);
    },
  };
}

/** The table that ends a run. */
export function summaryOf(counts: Counts, seconds: number): string {
  const rows: [string, string][] = [
    ['people', amount(counts.people)],
    ['follows', amount(counts.follows)],
    ['rooms', amount(counts.rooms)],
    ['messages', amount(counts.messages)],
    ['pictures', amount(counts.pictures)],
    ['lines without content', amount(counts.notes)],
    ['time', duration(seconds)],
    ['skipped lines', amount(counts.skipped)],
  ];
  const width = Math.max(...rows.map(([, value]) => value.length));
  return rows.map(([name, value]) => `  ${name.padEnd(22)} ${value.padStart(width)}`).join('\n');
}
