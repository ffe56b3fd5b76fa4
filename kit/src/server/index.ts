import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginDrainHttpServer } from '@apollo/server/plugin/drainHttpServer';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import type { GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import { forbidden, maskError } from '../errors.ts';
import type { Running } from '../service.ts';
import { resolverSpans, withServerSpan } from '../telemetry/index.ts';
import { isShared, type Viewer, VIEWER_HEADER, type ViewerTokens } from '../viewer.ts';
import { createDocuments } from './documents.ts';
import { type Exchange, exchangeOf } from './exchange.ts';
import { discardRest, readBody, type UploadLimits, writeJson } from '../http.ts';
import { headerMap, refuseRequest, writeGraphQL } from './http.ts';
import { createShortPath } from './short-path.ts';
import { serveSubscriptions } from './subscriptions.ts';

export { createSubgraphSchema } from './schema.ts';
export { TAILS_EXTENSION } from './subscriptions.ts';
export type { UploadLimits } from '../http.ts';
export type { Exchange } from './exchange.ts';

const PATH = '/graphql';

export interface SubgraphServerOptions<Context extends object> {
  name: string;
  host: string;
  /** 0 takes a free port. */
  port: number;
  schema: GraphQLSchema;
  viewerTokens: ViewerTokens;
  logger: Logger;
  /** Made for each operation, and for each event of a subscription. */
  context: (viewer: Viewer, exchange: Exchange) => Context;
  /** Rejects while the service cannot serve: its database does not answer, say. */
  ready: () => Promise<unknown>;
  /** Accepts GraphQL multipart requests within these limits. */
  uploads?: UploadLimits;
  subscriptions?: boolean;
  /** Plain HTTP beside GraphQL. True when it has answered, or will. */
  route?: (request: IncomingMessage, response: ServerResponse, url: URL) => boolean;
}

export interface SubgraphServer extends Running {
  url: string;
  port: number;
}

/**
 * Serves a subgraph (docs/subgraph.md): GraphQL over HTTP and, where asked, graphql-ws on /graphql, for the router alone (a request without
 * a valid viewer token is UNAUTHENTICATED), and /health/live and /health/ready. Stopping drains: readiness fails, no
 * connection is accepted, what is under way is answered, sockets close with 1012.
 */
export async function startSubgraphServer<Context extends object>(
  options: SubgraphServerOptions<Context>,
): Promise<SubgraphServer> {
  const { logger, schema, viewerTokens } = options;
  let draining = false;

  const server = createServer((request, response) => {
    handle(request, response).catch((err: unknown) => {
      logger.error({ err }, 'a request failed');
      if (response.headersSent) response.destroy();
      else
        writeJson(response, 500, { errors: [{ message: 'Something went wrong.', extensions: { code: 'INTERNAL' } }] });
    });
  });
  const apollo = new ApolloServer<Context>({
    schema,
    logger,
    introspection: true,
    // Only the router calls: no browser, and so no form, reaches a subgraph.
    csrfPrevention: false,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    formatError: (formatted, error) => maskError(formatted, error, logger),
    plugins: [
      ApolloServerPluginDrainHttpServer({ httpServer: server, stopGracePeriodMillis: 8000 }),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      // It would wrap every resolver of the schema, for answers that are the viewer's own in any case.
      ApolloServerPluginCacheControlDisabled(),
      resolverSpans(),
    ],
  });
  await apollo.start();
  const documents = createDocuments(schema);
  const shortPath = createShortPath({ documents, logger, context: options.context });
  const live =
    options.subscriptions === true
      ? serveSubscriptions({ server, path: PATH, schema, documents, viewerTokens, logger, context: options.context })
      : null;

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.url === PATH) return graphql(request, response);
    const url = URL.parse(request.url ?? '/', 'http://subgraph');
    if (url === null) return writeJson(response, 400, { message: 'This is not a path.' });
    if (url.pathname === '/health/live') return writeJson(response, 200, { status: 'live' });
    if (url.pathname === '/health/ready') return ready(response);
    if (url.pathname === PATH) return graphql(request, response, url.search);
    withServerSpan(request, response, undefined, () => {
      if (options.route?.(request, response, url) !== true) writeJson(response, 404, { message: 'Nothing here.' });
    });
  }

  async function ready(response: ServerResponse): Promise<void> {
    try {
      if (draining) throw new Error('draining');
      await options.ready();
      writeJson(response, 200, { status: 'ready' });
    } catch (err) {
      logger.debug({ err }, 'not ready');
      writeJson(response, 503, { status: draining ? 'draining' : 'not ready' });
    }
  }

  function graphql(request: IncomingMessage, response: ServerResponse, search = ''): Promise<void> {
    return withServerSpan(request, response, PATH, () => answer(request, response, search)).finally(() => {
      if (!request.complete) discardRest(request);
    });
  }

  async function answer(request: IncomingMessage, response: ServerResponse, search: string): Promise<void> {
    let viewer: Viewer;
    let body: unknown;
    try {
      viewer = await viewerTokens.verify(request.headers[VIEWER_HEADER]);
      body = await readBody(request, response, { uploads: options.uploads });
    } catch (error) {
      refuseRequest(response, error, (formatted) => maskError(formatted, error, logger));
      return;
    }
    if (await shortPath(request, response, body, viewer)) return;
    if (isShared(viewer)) {
      const error = forbidden('What is shared is made of fields that are marked @shared.');
      return refuseRequest(response, error, (formatted) => maskError(formatted, error, logger));
    }
    const answer = await apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: { method: request.method ?? 'POST', headers: headerMap(request), search, body },
      context: async () => options.context(viewer, exchangeOf(request, response)),
    });
    answer.headers.set('cache-control', 'no-store');
    await writeGraphQL(response, answer);
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : options.port;
  const url = `http://${options.host}:${port}${PATH}`;
  logger.info({ url }, 'listening');
  return {
    url,
    port,
    async stop() {
      draining = true;
      await live?.stop();
      await apollo.stop();
    },
  };
}
