import { rounded } from './statistics.ts';

/** What a benchmark found. `ratios` compare within this run; null: there was nothing to compare with. */
export interface Report {
  bench: string;
  lines: readonly string[];
  ratios: Readonly<Record<string, number | null>>;
  absolute: Readonly<Record<string, unknown>>;
  /** Whether everybody gave the same, right answers. */
  equal: boolean;
}

/** What one part of a benchmark found. */
export interface Findings {
  lines: readonly string[];
  ratios: Readonly<Record<string, number | null>>;
  absolute: Readonly<Record<string, unknown>>;
  /** What was wrong with the answers. */
  faults: readonly string[];
}

export const printLine = (line: string): void => void process.stdout.write(`${line}\n`);

/** For people first; the last line is one JSON object. */
export function printReport({ bench, lines, ratios, absolute, equal }: Report): void {
  lines.forEach(printLine);
  const short = Object.fromEntries(
    Object.entries(ratios).map(([name, value]) => [name, value === null ? null : rounded(value)]),
  );
  printLine(JSON.stringify({ bench, ratios: short, absolute, equal }));
}

/** Columns as wide as their widest cell; the first is text, the others are figures. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, column) => (widths[column] = Math.max(widths[column] ?? 0, cell.length)));
  }
  return rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}
