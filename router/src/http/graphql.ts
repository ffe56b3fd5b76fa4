import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { ApolloServerPluginDrainHttpServer } from '@apollo/server/plugin/drainHttpServer';
import type { Logger } from '@chorus/kit/logger';
import { headerMap, readBody, refuseRequest, type UploadLimits, writeGraphQL } from '@chorus/kit/server';
import { traceId, withSpan } from '@chorus/kit/telemetry';
import { trace } from '@opentelemetry/api';
import { ACT_AS_HEADER, type Authenticator } from '../auth/authenticate.ts';
import { toClientError } from '../execution/errors.ts';
import type { Execution } from '../execution/execute.ts';
import type { OperationContext } from '../operation/context.ts';
import { limitRule, operationLimits } from '../operation/limits.ts';
import { operationAttributes, outcomeAttributes } from '../operation/telemetry.ts';

/** The response header with the id under which the operation's trace is found. */
const TRACE_HEADER = 'chorus-trace-id';

/** Apollo Server over our execution: parsing, validation, limits, persisted queries, CSRF prevention, error format. */
export async function createApollo(options: {
  execution: Execution;
  server: Server;
  introspection: boolean;
  logger: Logger;
}): Promise<ApolloServer<OperationContext>> {
  const { execution, server, introspection, logger } = options;
  const apollo = new ApolloServer<OperationContext>({
    gateway: execution.gateway,
    logger,
    introspection,
    parseOptions: { maxTokens: operationLimits.tokens },
    validationRules: [limitRule(operationLimits)],
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    formatError: (formatted, error) => toClientError(formatted, error, logger),
    plugins: [
      ApolloServerPluginDrainHttpServer({ httpServer: server, stopGracePeriodMillis: 8000 }),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      describeOperation,
    ],
  });
  await apollo.start();
  return apollo;
}

/** Puts on the operation's span what is known of it only later. */
const describeOperation: ApolloServerPlugin<OperationContext> = {
  requestDidStart: async () => ({
    async didResolveOperation({ operation, queryHash }) {
      if (operation === undefined) return;
      trace.getActiveSpan()?.setAttributes(operationAttributes(operation, { sha256: queryHash }));
    },
    async willSendResponse({ contextValue, errors }) {
      trace.getActiveSpan()?.setAttributes(outcomeAttributes(contextValue, errors));
    },
  }),
};

/** Answers GraphQL over HTTP: reads the body, says who asks, and lets Apollo Server run the operation. */
export function createGraphqlHandler(options: {
  apollo: ApolloServer<OperationContext>;
  authenticator: Authenticator;
  uploads: UploadLimits;
  logger: Logger;
}): (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<void> {
  const { apollo, authenticator, uploads, logger } = options;

  const answer = async (request: IncomingMessage, response: ServerResponse, url: URL) => {
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const id = traceId();
    if (id !== undefined) response.setHeader(TRACE_HEADER, id);
    try {
      const headers = headerMap(request);
      const credentials = { authorization: headers.get('authorization'), actAs: headers.get(ACT_AS_HEADER) };
      const { viewer } = await authenticator.authenticate(credentials, request);
      const body = await readBody(request, response, { uploads });
      const context: OperationContext = { viewer, headers, signal: gone.signal, logger, calls: 0 };
      const result = await apollo.executeHTTPGraphQLRequest({
        httpGraphQLRequest: { method: request.method ?? 'POST', headers, search: url.search, body },
        context: async () => context,
      });
      await writeGraphQL(response, result);
    } catch (error) {
      if (response.headersSent) throw error;
      refuseRequest(response, error, (formatted) => toClientError(formatted, error, logger));
    }
  };
  return (request, response, url) => withSpan('router.operation', {}, () => answer(request, response, url));
}
