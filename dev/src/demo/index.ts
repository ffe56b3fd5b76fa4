import type { Log } from '../log.ts';

export interface DemoOptions {
  /** The router's GraphQL endpoint. */
  url: string;
  /** Bearer token of the service account. */
  serviceToken: string;
  log: Log;
}

/** Placeholder: loads nothing yet. Must be safe to run again after it was broken off. */
export async function loadDemo(options: DemoOptions): Promise<void> {
  options.log.info('there are no demo data yet');
}
