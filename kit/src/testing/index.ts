import { randomBytes } from 'node:crypto';
import { type DocumentNode, type FormattedExecutionResult, print } from 'graphql';
import pg from 'pg';
import { inject } from 'vitest';
import { anonymous, createViewerTokens, type Viewer, VIEWER_HEADER } from '../viewer.ts';
import { testKeys } from './keys.ts';

export { testKeys };
export { publishEvent } from './events.ts';
export { testRedisUrl } from './redis.ts';
export { createSubgraphSubscriptions } from './subscriptions.ts';
export { startWay, type Way } from './way.ts';

/**
 * A database of its own, copied from the migrated template of the subgraph; dropped by `drop`.
 * @param subgraph its name, `posts` say
 */
export async function createTestDatabase(subgraph: string): Promise<{ url: string; drop(): Promise<void> }> {
  const adminUrl = inject('postgresAdminUrl');
  const name = `test_${subgraph}_${randomBytes(6).toString('hex')}`;
  const run = async (statement: string) => {
    const client = new pg.Client({ connectionString: adminUrl });
    await client.connect();
    try {
      return await client.query(statement);
    } finally {
      await client.end();
    }
  };
  // Page by page through the log, as is the default, takes four times the work.
  await run(`create database ${name} template template_${subgraph} strategy file_copy`);
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  const unused = async () => (await run(`select 1 from pg_stat_activity where datname = '${name}'`)).rowCount === 0;
  return {
    url: url.href,
    async drop() {
      // A pool may still be saying good-bye after its end; cut off just then, its connections throw.
      await settle(unused, { limitMs: 2000 }).catch(() => 'in use: cut off after all');
      await run(`drop database if exists ${name} with (force)`);
    },
  };
}

/** A signed-in viewer, with what a test wants different. */
export const viewerOf = (userId: string, rest: Partial<Viewer> = {}): Viewer => ({
  ...anonymous,
  userId,
  sessionId: `ses_of_${userId}`,
  emailVerified: true,
  address: '127.0.0.1',
  ...rest,
});

/** Asks a subgraph as the router would. `data` is typed by the caller; errors are returned, never thrown. */
export function createSubgraphClient(url: string, viewerKey: string = testKeys.viewer) {
  const tokens = createViewerTokens(viewerKey);
  return {
    /** The token itself, for tests of what the subgraph refuses. */
    token: (viewer: Viewer) => tokens.mint(viewer),
    async ask<Data = Record<string, unknown>>(
      viewer: Viewer,
      document: string | DocumentNode,
      variables: Record<string, unknown> = {},
    ): Promise<FormattedExecutionResult<Data>> {
      const query = typeof document === 'string' ? document : print(document);
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', [VIEWER_HEADER]: await tokens.mint(viewer) },
        body: JSON.stringify({ query, variables }),
        signal: AbortSignal.timeout(20_000),
      });
      return (await response.json()) as FormattedExecutionResult<Data>;
    },
  };
}

/**
 * Waits until `probe` returns something other than null, undefined or false, asking again and again: the way to wait on
 * state. Fails after `limitMs` with the last error or value.
 */
export async function settle<T>(
  probe: () => Promise<T | null | undefined | false> | T | null | undefined | false,
  { limitMs = 10_000, what = 'the expected state' } = {},
): Promise<T> {
  const deadline = Date.now() + limitMs;
  let last: unknown;
  while (Date.now() < deadline) {
    try {
      const value = await probe();
      if (value !== null && value !== undefined && value !== false) return value;
      last = value;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`${what} did not come about within ${limitMs} ms; last: ${String(last)}`, { cause: last });
}

const control = /^\s*(begin|commit|rollback|set |deallocate)/i;
/** Of kit's own relay, consumers and purge, which run whenever they like. */
const background = /pg_(try_)?advisory_xact_lock|published_at|event_position|delete from idempotency_key/i;

/** Counts statements between `start` and now: give `note` to the service as its `onStatement`. */
export function createStatementCounter() {
  let statements: string[] = [];
  return {
    note: (statement: string) => void statements.push(statement),
    /** Runs something and returns the statements it caused, without transaction control and background work. */
    async during(run: () => Promise<unknown>): Promise<string[]> {
      statements = [];
      await run();
      return statements.filter((statement) => !control.test(statement) && !background.test(statement));
    },
  };
}
