import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerOptions, type ServerResponse } from 'node:http';
import { discardRest, writeJson } from '@chorus/kit/http';
import type { Logger } from '@chorus/kit/logger';
import { withServerSpan } from '@chorus/kit/telemetry';
import type { TraceHandler } from '../traces/routes.ts';
import type { StaticHandler } from './graphiql.ts';
import { PREFLIGHT_HEADERS } from './parameters.ts';
import type { Proxy } from './proxy.ts';

export const GRAPHQL_PATH = '/graphql';

/** What answers where; null: nothing does. */
export interface Routes {
  graphql: (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<void>;
  traces: TraceHandler | null;
  graphiql: StaticHandler | null;
  proxy: Proxy;
  /** Whether the supergraph is loaded and the router not on its way out. */
  ready: () => boolean;
}

/** What a page of another origin may send, besides headers that are forwarded. */
const CORS_HEADERS = ['authorization', 'content-type', ...PREFLIGHT_HEADERS, 'traceparent', 'tracestate'];
/** The URL of nearly every request. */
const GRAPHQL_URL = new URL(GRAPHQL_PATH, 'http://router');
const DRAIN_SWEEP_MS = 50;

/**
 * How long a client may take with its part, in milliseconds, and how large its headers may be, in bytes. A whole request
 * may take as long as an upload over a slow line; what GraphQL takes by GET is in the headers.
 */
const TIMES: ServerOptions = {
  headersTimeout: 15_000,
  requestTimeout: 300_000,
  // How often Node looks for those who took longer.
  connectionsCheckingInterval: 5_000,
  // Longer than the usual minute of load balancers: the side that closes an idle connection first should be theirs.
  keepAliveTimeout: 65_000,
  maxHeaderSize: 16 * 1024,
};

/** What such a page may read of an answer, besides headers that subgraphs send it. */
const EXPOSED_HEADERS = ['chorus-trace-id', 'retry-after'];

/**
 * The router's HTTP server. It listens once `listen` is called; until then, and while draining, it is not ready.
 * @param corsOrigins other origins whose pages may call /graphql
 * @param forwardHeaders what subgraphs get, and so what such pages may send
 * @param returnHeaders what subgraphs send back, and so what such pages may read
 */
export function createHttpServer(options: {
  routes: () => Routes;
  corsOrigins: readonly string[];
  forwardHeaders: readonly string[];
  returnHeaders: readonly string[];
  /** Connections that are accepted; further ones are closed at once. */
  maxSockets: number;
  logger: Logger;
}): Server {
  const { routes, logger } = options;
  const origins = new Set(options.corsOrigins);
  const corsHeaders = [...CORS_HEADERS, ...options.forwardHeaders].join(', ');
  const exposed = [...new Set([...EXPOSED_HEADERS, ...options.returnHeaders])].join(', ');

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = request.url === GRAPHQL_PATH ? GRAPHQL_URL : URL.parse(request.url ?? '/', 'http://router');
    if (url === null) return writeJson(response, 400, { message: 'This is not a path.' });
    const { graphql, traces, graphiql, proxy, ready } = routes();
    if (url.pathname === GRAPHQL_PATH) {
      allowOrigin(request, response, { origins, exposed });
      if (request.method === 'OPTIONS' && response.hasHeader('access-control-allow-origin')) {
        response.setHeader('access-control-allow-methods', 'GET, POST');
        response.setHeader('access-control-allow-headers', corsHeaders);
        response.setHeader('access-control-max-age', '600');
        return void response.writeHead(204).end();
      }
      await withServerSpan(request, response, GRAPHQL_PATH, () => graphql(request, response, url));
      return discardRest(request);
    }
    if (url.pathname === '/health/live') return writeJson(response, 200, { status: 'live' });
    if (url.pathname === '/health' || url.pathname === '/health/ready') {
      return writeJson(response, ready() ? 200 : 503, { status: ready() ? 'ready' : 'not ready' });
    }
    if (traces?.(request, response, url) === true) return;
    if (withServerSpan(request, response, undefined, () => proxy.handle(request, response, url))) return;
    if (graphiql?.(request, response, url) === true) return;
    writeJson(response, 404, { message: `Nothing here. GraphQL is at ${GRAPHQL_PATH}.` });
  };

  const server = createServer(TIMES, (request, response) => {
    handle(request, response).catch((err: unknown) => {
      logger.error({ err }, 'a request failed');
      if (response.headersSent) response.destroy();
      else
        writeJson(response, 500, { errors: [{ message: 'Something went wrong.', extensions: { code: 'INTERNAL' } }] });
    });
  });
  server.maxConnections = options.maxSockets;
  return server;
}

/**
 * Closes the server: nothing new is taken, what is under way is answered, and after `limitMs` cut off. Resolves when no
 * connection is left.
 */
export async function drain(server: Server, limitMs: number): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, 'close');
  server.close();
  // A connection stays open for the client's next request; here there is none to come.
  const sweep = setInterval(() => server.closeIdleConnections(), DRAIN_SWEEP_MS);
  const limit = setTimeout(() => server.closeAllConnections(), limitMs);
  await closed;
  clearInterval(sweep);
  clearTimeout(limit);
}

/** Lets a page of an allowed origin read the answer. */
function allowOrigin(
  request: IncomingMessage,
  response: ServerResponse,
  { origins, exposed }: { origins: ReadonlySet<string>; exposed: string },
): void {
  const { origin } = request.headers;
  if (origins.size > 0) response.setHeader('vary', 'origin');
  if (origin === undefined || !origins.has(origin)) return;
  response.setHeader('access-control-allow-origin', origin);
  response.setHeader('access-control-allow-credentials', 'true');
  response.setHeader('access-control-expose-headers', exposed);
}
