import type { Log } from '../log.ts';
import { createBulk } from '../import/bulk.ts';
import { loadWorld } from './load.ts';
import { generateWorld } from './world.ts';

export interface DemoOptions {
  /** The router's GraphQL endpoint. */
  url: string;
  /** Bearer token of the service account. */
  serviceToken: string;
  log: Log;
}

const CONCURRENCY = 8;

/**
 * Loads the demo world through the public endpoint: the same people, texts and pictures every time, told as of the
 * weeks before now, so that the world is alive. May be run again after it was broken off: nothing doubles, for a day.
 * @throws ChorusError or a network error when the server does not take the data
 */
export async function loadDemo({ url, serviceToken, log }: DemoOptions): Promise<void> {
  const failed = new AbortController();
  const token = () => Promise.resolve(serviceToken);
  const bulk = createBulk({ url, token, concurrency: CONCURRENCY, signal: failed.signal });
  try {
    await loadWorld(generateWorld(), { bulk, log, concurrency: CONCURRENCY });
  } finally {
    // One part that fails ends the others.
    failed.abort();
  }
}
