import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { errorCode, Problem } from './problem.ts';
import { birth } from './processes.ts';

export interface Lock {
  release(): void;
}

/**
 * Takes the folder for this process. A lock whose holder is gone is taken over, also when its pid has been given to
 * another program since.
 * @throws Problem when a running stack holds it.
 */
export function takeLock(dir: string): Lock {
  mkdirSync(dir, { recursive: true });
  const file = path.join(dir, 'lock');
  const mine = JSON.stringify({ pid: process.pid, born: birth(process.pid) });
  for (let attempt = 0; attempt < 5; attempt++) {
    try {
      writeFileSync(file, mine, { flag: 'wx' });
      return { release: () => release(file, mine) };
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error;
    }
    const holder = lockHolder(dir);
    if (holder !== undefined) {
      throw new Problem(
        `Chorus is already running on ${dir} (process ${holder}).`,
        'Use that one, or stop it first with Ctrl-C in its terminal.',
      );
    }
    clearStale(file);
  }
  throw new Problem(`The lock ${file} is fought over by several starts.`, 'Start one at a time.');
}

/** @returns the pid of the running process that holds the folder, if any. */
export function lockHolder(dir: string): number | undefined {
  const { pid, born } = readLock(path.join(dir, 'lock'));
  return pid !== undefined && birth(pid) === born ? pid : undefined;
}

function readLock(file: string): { pid?: number; born?: string } {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as { pid: number; born: string };
  } catch (error) {
    // A holder that was killed while it wrote leaves an empty file.
    if (errorCode(error) === 'ENOENT' || error instanceof SyntaxError) return {};
    throw error;
  }
}

/** Of several that find the same stale lock only one gets to move it away; the others try again. */
function clearStale(file: string): void {
  const aside = `${file}.stale-${process.pid}`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
  rmSync(aside, { force: true });
}

function release(file: string, mine: string): void {
  try {
    if (readFileSync(file, 'utf8') === mine) rmSync(file);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error; // the folder was removed under us: nothing to release
  }
}
