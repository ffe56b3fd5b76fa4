import type { FormattedExecutionResult } from 'graphql';
import { createClient } from 'graphql-ws';
import { createViewerTokens, type Viewer, VIEWER_HEADER } from '../viewer.ts';
import { testKeys } from './keys.ts';

/**
 * Subscribes to a subgraph as the router would, all on one socket, with a viewer token for each operation. Nothing
 * reconnects.
 */
export function createSubgraphSubscriptions(url: string, viewerKey: string = testKeys.viewer) {
  const tokens = createViewerTokens(viewerKey);
  const closed = Promise.withResolvers<{ code: number; reason: string }>();
  const client = createClient({
    url: url.replace(/^http/, 'ws'),
    retryAttempts: 0,
    // The socket stays until `close`, so that what one operation does to another can be seen.
    lazyCloseTimeout: 60_000,
    on: { closed: (event) => closed.resolve(event as { code: number; reason: string }) },
  });
  return {
    /**
     * The results of one operation, each when it is asked for with `next`; `return` unsubscribes. An error message ends
     * it: `next` rejects with the list of errors. A `viewer` of null sends no token.
     */
    async subscribe<Data = Record<string, unknown>>(
      viewer: Viewer | null,
      query: string,
      variables: Record<string, unknown> = {},
    ): Promise<AsyncIterableIterator<FormattedExecutionResult<Data>>> {
      const extensions = viewer === null ? {} : { [VIEWER_HEADER]: await tokens.mint(viewer) };
      return client.iterate({ query, variables, extensions }) as AsyncIterableIterator<FormattedExecutionResult<Data>>;
    },
    /** How the server closed the socket. */
    closed: closed.promise,
    close: async () => client.dispose(),
  };
}
