import { createReadStream } from 'node:fs';

/** Bytes of the longest line that is read; of a longer one only the number is told. */
export const MAX_LINE = 16_384;

const NEWLINE = 10;

export interface Line {
  /** From 1. */
  number: number;
  /** Without the line end; null when it cannot be read as text. */
  text: string | null;
  /** Why there is no text. */
  fault?: string;
}

/**
 * The lines of a file, streamed: memory stays bounded whatever the file holds. Line ends are LF or CRLF, the last one
 * may be missing.
 * @throws the file system's error
 */
export async function* readLines(file: string, signal?: AbortSignal): AsyncGenerator<Line, void, void> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let number = 0;
  let held: Buffer[] = [];
  let size = 0;

  const take = (): Line => {
    number += 1;
    const bytes = Buffer.concat(held);
    const tooLong = size > MAX_LINE;
    held = [];
    size = 0;
    if (tooLong) return { number, text: null, fault: `the line is longer than ${MAX_LINE} bytes` };
    try {
      return { number, text: decoder.decode(bytes).replace(/\r$/, '') };
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      return { number, text: null, fault: 'the line is not UTF-8' };
    }
  };
  const hold = (part: Buffer) => {
    size += part.length;
    if (size <= MAX_LINE) held.push(part);
    else held = [];
  };

  for await (const chunk of createReadStream(file, { signal }) as AsyncIterable<Buffer>) {
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, from)) {
      hold(chunk.subarray(from, end));
      from = end + 1;
      yield take();
    }
    if (from < chunk.length) hold(chunk.subarray(from));
  }
  if (size > 0) yield take();
}

/** How many lines `readLines` will give. */
export async function countLines(file: string, signal?: AbortSignal): Promise<number> {
  let count = 0;
  let last = NEWLINE;
  for await (const chunk of createReadStream(file, { signal }) as AsyncIterable<Buffer>) {
    for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, at + 1)) count += 1;
    last = chunk.at(-1) ?? last;
  }
  return last === NEWLINE ? count : count + 1;
}
