import { readFile, stat } from 'node:fs/promises';
import type { Logger } from '@chorus/kit/logger';

/** A file that is read again whenever it changes. */
export interface WatchedFile {
  /** Resolves when no change is being taken up any more. */
  stop(): Promise<void>;
}

/**
 * Looks at a file every so often and gives its text when it is another than before. Looking, and not asking the kernel to
 * be told, is what works for every way in which a deployment changes a file: written in place, renamed over, or a link
 * to it or to its folder set anew, also on file systems of the network. A file is read once it has not changed
 * between two looks, so that one half-written is not taken for the whole.
 *
 * @param current the text to begin with
 * @param onChange the next look waits for it
 */
export function watchFile(options: {
  path: string;
  current: string;
  intervalMs: number;
  onChange: (text: string) => Promise<void>;
  logger: Logger;
}): WatchedFile {
  const { path, intervalMs, onChange, logger } = options;
  let text = options.current;
  /** How the file looked when it was last read, and at the last look. */
  let read = '';
  let seen = '';
  let missing = false;
  let stopped = false;

  const look = async (): Promise<void> => {
    const { mtimeMs, ctimeMs, size, ino } = await stat(path);
    missing = false;
    const now = `${mtimeMs} ${ctimeMs} ${size} ${ino}`;
    const stable = now === seen;
    seen = now;
    if (!stable || now === read) return;
    read = now; // also when it cannot be read: that is told once
    const next = await readFile(path, 'utf8');
    if (next === text) return;
    text = next;
    await onChange(next);
  };
  const loop = (): void => {
    looking = look()
      .catch((err: unknown) => {
        // Between a removal and what comes after it there may be no file; it is told once.
        if (!missing) logger.warn({ err }, 'the supergraph cannot be read; the one in use serves on');
        missing = true;
      })
      .finally(() => {
        if (!stopped) timer = setTimeout(loop, intervalMs);
      });
  };
  let looking = Promise.resolve();
  let timer = setTimeout(loop, intervalMs);
  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await looking;
    },
  };
}
