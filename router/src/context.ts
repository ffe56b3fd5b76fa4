import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import path from 'node:path';
import { ConfigError } from '@chorus/kit/config';
import type { Logger } from '@chorus/kit/logger';
import type { Running } from '@chorus/kit/service';
import { createAccessTokens } from './auth/access-tokens.ts';
import { createAuthenticator } from './auth/authenticate.ts';
import { clientAddress } from './auth/client-address.ts';
import { followRevocations, Revocations } from './auth/revocations.ts';
import { type Config, cookieOrigins } from './config.ts';
import { Admission, admit } from './http/admission.ts';
import { BodyWatch } from './http/body-watch.ts';
import { Compression } from './http/compression.ts';
import { createGraphiql } from './http/graphiql.ts';
import { createGraphqlHandler } from './http/graphql.ts';
import { createProxy } from './http/proxy.ts';
import { createHttpServer, drain, GRAPHQL_PATH, type Routes } from './http/server.ts';
import { createDocuments, createPersistedTexts } from './operation/documents.ts';
import { readSafelist } from './operation/safelist.ts';
import { Connections } from './subscriptions/connections.ts';
import { createEventStreamHandler, wantsEventStream } from './subscriptions/event-streams.ts';
import { serveSockets } from './subscriptions/sockets.ts';
import { startSupergraph } from './supergraph/supergraph.ts';
import { createTraceHandler } from './traces/routes.ts';
import { createTraceStore } from './traces/store.ts';

export interface Router extends Running {
  url: string;
  port: number;
}

const PAGE_DIR = path.join(import.meta.dirname, '../dist/graphiql');
const MAX_FILES = 4;
/** How long what is under way may take when the router stops. */
const DRAIN_LIMIT_MS = 8000;
const MAX_SPANS_PER_TRACE = 2000;

/**
 * Starts the router over whatever supergraph the configuration names; it knows nothing of its types. Stopping drains:
 * readiness fails, sockets close with 1012, event streams end, what is under way is answered.
 * @throws ConfigError when the supergraph or the safelist cannot be read, or the port is taken
 */
export async function startRouter(config: Config, logger: Logger): Promise<Router> {
  const development = config.NODE_ENV !== 'production';
  const safelist = config.SAFELIST_PATH === undefined ? null : await readSafelist(config.SAFELIST_PATH);
  const rules = {
    introspection: config.INTROSPECTION ?? development,
    limits: {
      tokens: config.MAX_TOKENS,
      depth: config.MAX_DEPTH,
      aliases: config.MAX_ALIASES,
      rootFields: config.MAX_ROOT_FIELDS,
      fields: config.MAX_FIELDS,
    },
    safelist,
    persisted: createPersistedTexts(),
  };
  const supergraph = await startSupergraph(config, {
    documentsOf: (schema) => createDocuments(schema, rules),
    logger,
  });
  const tokens =
    config.JWKS_URL === undefined
      ? null
      : createAccessTokens({ jwksUrl: config.JWKS_URL, issuer: config.TOKEN_ISSUER ?? '', logger });
  const trusted = new Set(config.TRUSTED_PROXIES);
  const addressOf = (request: IncomingMessage) => clientAddress(request, trusted);
  const revocations = new Revocations(logger);
  const authenticator = createAuthenticator({ tokens, revocations, addressOf });
  const proxy = createProxy({
    routes: config.PROXY_ROUTES,
    addressOf,
    timeoutMs: config.SUBGRAPH_TIMEOUT,
    maxBody: config.PROXY_MAX_BYTES,
    cookieOrigins: cookieOrigins(config),
    logger,
  });
  let draining = false;

  const server = createHttpServer({
    routes: () => routes,
    corsOrigins: config.CORS_ORIGINS,
    forwardHeaders: config.FORWARD_HEADERS,
    returnHeaders: Object.values(config.RETURN_HEADERS).flat(),
    maxSockets: config.MAX_SOCKETS,
    logger,
  });
  const bodies = new BodyWatch(config.BODY_TIMEOUT);
  const limits = {
    maxBody: config.MAX_BODY_BYTES,
    bodies,
    uploads: { maxFileSize: config.UPLOAD_MAX_BYTES + 1, maxFiles: MAX_FILES },
  };
  const connectionLimits = {
    connections: config.MAX_LIVE_CONNECTIONS,
    viewerConnections: config.VIEWER_CONNECTIONS,
    viewerOperations: config.VIEWER_OPERATIONS,
  };
  const connections = new Connections(connectionLimits, revocations);
  const admission = new Admission(config.MAX_REQUESTS);
  const live = { supergraph, authenticator, connections, admission, maxBody: config.MAX_BODY_BYTES, logger };
  const handleEventStream = createEventStreamHandler({ ...live, bodies, origins: config.CORS_ORIGINS });
  const answerGraphql = createGraphqlHandler({
    supergraph,
    authenticator,
    limits,
    compression: config.COMPRESSION ? new Compression() : null,
    logger,
  });
  const handleGraphql = admit(answerGraphql, admission);
  const routes: Routes = {
    graphql: (request, response, url) =>
      (wantsEventStream(request) ? handleEventStream : handleGraphql)(request, response, url),
    traces:
      config.TRACE_STORE === undefined
        ? null
        : createTraceHandler(createTraceStore({ capacity: config.TRACE_STORE, maxSpansPerTrace: MAX_SPANS_PER_TRACE })),
    graphiql: (config.GRAPHIQL ?? development) ? createGraphiql(PAGE_DIR, logger) : null,
    proxy,
    ready: () => !draining,
  };
  serveSockets({ ...live, server, path: GRAPHQL_PATH, forwardHeaders: config.FORWARD_HEADERS });
  const following =
    tokens === null || config.REDIS_URL === undefined
      ? null
      : await followRevocations(revocations, { redisUrl: config.REDIS_URL, logger });

  const stop = async () => {
    draining = true;
    await connections.close();
    await drain(server, DRAIN_LIMIT_MS);
    await supergraph.stop();
    await proxy.stop();
    await following?.stop();
  };

  try {
    server.listen(config.PORT, config.HOST);
    await once(server, 'listening');
  } catch (error) {
    await stop();
    throw new ConfigError([`PORT: cannot listen on ${config.HOST}:${config.PORT} (${String(error)})`]);
  }
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : config.PORT;
  const url = `http://${config.HOST}:${port}${GRAPHQL_PATH}`;
  logger.info({ url }, 'listening');
  return {
    url,
    port,
    stop,
  };
}
