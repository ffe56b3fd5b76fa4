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
import { getOperationAST, GraphQLError, OperationTypeNode } from 'graphql';
import { z } from 'zod';
import { ACT_AS_HEADER, type Authenticator } from '../auth/authenticate.ts';
import { toClientError } from '../execution/errors.ts';
import { type Answer, type AnswerError, printAnswer } from '../execution/compiled/index.ts';
import { type Execution, type OperationRequest, runTraced } from '../execution/execute.ts';
import type { Documents } from '../operation/documents.ts';
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

/**
 * Answers GraphQL over HTTP. What nearly every request is, a valid query or mutation as JSON, is executed at once and its
 * answer passed on as text; everything else (GET, persisted queries, files, and whatever is not right, so that faults are
 * told in one way) goes through Apollo Server.
 */
export function createGraphqlHandler(options: {
  apollo: ApolloServer<OperationContext>;
  documents: Documents;
  execution: Execution;
  authenticator: Authenticator;
  uploads: UploadLimits;
  logger: Logger;
}): (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<void> {
  const { apollo, documents, execution, authenticator, uploads, logger } = options;

  /** The operation in a plain request; null where there is none, or it is not valid. */
  const readPlain = (request: IncomingMessage, body: unknown, context: OperationContext): OperationRequest | null => {
    if (request.method !== 'POST' || request.headers['content-type']?.startsWith('application/json') !== true)
      return null;
    if (!acceptsPlain(request.headers.accept)) return null;
    const plain = plainBody.safeParse(body);
    if (!plain.success) return null;
    const { query, operationName, variables } = plain.data;
    try {
      const document = documents.read(query);
      if (!('kind' in document)) return null;
      const name = operationName ?? undefined;
      const definition = getOperationAST(document, name);
      if (definition == null || definition.operation === OperationTypeNode.SUBSCRIPTION) return null;
      return { document, operationName: name, variables: variables ?? {}, context };
    } catch (error) {
      if (error instanceof GraphQLError) return null; // no GraphQL
      throw error;
    }
  };

  const show = (answer: Answer): string =>
    answer.errors.length === 0
      ? printAnswer(answer)
      : printAnswer({
          data: answer.data,
          errors: answer.errors.map((error) => toClientError(error, error, logger) as AnswerError),
        });

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
      const operation = readPlain(request, body, context);
      const answer = operation === null ? [] : await runTraced(execution, operation);
      if ('data' in answer) {
        writeAnswer(response, request.headers.accept, show(answer));
        return;
      }
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

/** A request without anything but an operation. Extensions ask for what Apollo Server does. */
const plainBody = z.strictObject({
  query: z.string(),
  operationName: z.string().nullish(),
  variables: z.record(z.string(), z.unknown()).nullish(),
});

const JSON_TYPE = 'application/json';
const RESPONSE_TYPE = 'application/graphql-response+json';

/** Whether the client takes one of our two types without saying how much it likes each; else Apollo Server weighs. */
const acceptsPlain = (accept: string | undefined): boolean =>
  accept === undefined || accept === '*/*' || accept.startsWith(JSON_TYPE) || accept.startsWith(RESPONSE_TYPE);

function writeAnswer(response: ServerResponse, accept: string | undefined, text: string): void {
  const type = accept?.startsWith(RESPONSE_TYPE) === true ? RESPONSE_TYPE : JSON_TYPE;
  const body = Buffer.from(text);
  response.writeHead(200, {
    'content-type': `${type}; charset=utf-8`,
    'content-length': body.length,
    'cache-control': 'no-store',
  });
  response.end(body);
}
