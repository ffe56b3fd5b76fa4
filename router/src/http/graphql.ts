import type { IncomingMessage, ServerResponse } from 'node:http';
import { fault } from '@chorus/kit/errors';
import type { Logger } from '@chorus/kit/logger';
import { withSpan } from '@chorus/kit/telemetry';
import { trace } from '@opentelemetry/api';
import { GraphQLError, type GraphQLFormattedError, OperationTypeNode } from 'graphql';
import { ACT_AS_HEADER, type Authenticator } from '../auth/authenticate.ts';
import { type Answer, type AnswerError, printAnswer } from '../execution/compiled/index.ts';
import { toClientError } from '../execution/errors.ts';
import { runTraced } from '../execution/execute.ts';
import { writeReturned } from '../gateway/passed-headers.ts';
import { type OperationContext, RequestHeaders } from '../operation/context.ts';
import { outcomeAttributes } from '../operation/telemetry.ts';
import type { Supergraph } from '../supergraph/supergraph.ts';
import { refuse, statusOf, writeAnswer, writeErrors } from './answers.ts';
import type { Compression } from './compression.ts';
import { acceptedType, acceptsParts, JSON_TYPE, RESPONSE_TYPE } from './media-types.ts';
import { type BodyLimits, readParameters } from './parameters.ts';
import { writeParts } from './parts.ts';

/** Answers GraphQL over HTTP (https://graphql.github.io/graphql-over-http/draft/). */
export function createGraphqlHandler(options: {
  supergraph: Supergraph;
  authenticator: Authenticator;
  limits: BodyLimits;
  /** Null: no answer is compressed. */
  compression: Compression | null;
  logger: Logger;
}): (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<void> {
  const { supergraph, authenticator, limits, compression, logger } = options;

  const show = (error: unknown): GraphQLFormattedError =>
    toClientError(error instanceof GraphQLError ? error.toJSON() : { message: '' }, error, logger);
  const showAll = (errors: readonly AnswerError[]): readonly AnswerError[] =>
    errors.length === 0 ? errors : errors.map((error) => toClientError(error, error, logger) as AnswerError);

  const run = async (
    request: IncomingMessage,
    response: ServerResponse,
    url: URL,
    context: OperationContext,
  ): Promise<Answer | readonly GraphQLError[]> => {
    const parameters = await readParameters(request, response, url, limits);
    const { documents, execution } = supergraph.current();
    const found = documents.find(parameters);
    if (!('document' in found)) return found;
    const { document, operation } = found;
    if (request.method === 'GET' && operation.operation !== OperationTypeNode.QUERY) {
      response.setHeader('allow', 'POST');
      throw fault('BAD_USER_INPUT', 'Only queries go by GET.', { http: { status: 405 } });
    }
    const { operationName, variables } = parameters;
    const incremental = acceptsParts(request.headers.accept);
    return runTraced(execution, { document, operationName, variables, context, incremental });
  };

  const answer = async (request: IncomingMessage, response: ServerResponse, url: URL) => {
    const { accept } = request.headers;
    // Who takes nothing but parts gets an answer without any as plain JSON.
    const type = acceptedType(accept) ?? (acceptsParts(accept) ? JSON_TYPE : null);
    try {
      if (type === null) {
        throw fault('BAD_USER_INPUT', `Accept ${RESPONSE_TYPE} or ${JSON_TYPE}.`, { http: { status: 406 } });
      }
      const headers = new RequestHeaders(request);
      const credentials = { authorization: headers.get('authorization'), actAs: headers.get(ACT_AS_HEADER) };
      const { viewer } = await authenticator.authenticate(credentials, request);
      const context: OperationContext = { viewer, headers, signal: new Waiting(request), logger, calls: 0 };
      const answer = await run(request, response, url, context);
      writeReturned(response, context);
      if ('data' in answer) {
        const shown = { data: answer.data, errors: showAll(answer.errors) };
        if (answer.subsequent !== undefined) {
          await writeParts(response, shown, answer.subsequent, showAll, context);
          return;
        }
        const text = printAnswer(shown);
        const encoding = compression?.choose(request.headers['accept-encoding'], text) ?? null;
        if (compression === null || encoding === null) writeAnswer(response, 200, type, text);
        else writeAnswer(response, 200, type, await compression.compress(encoding, text), encoding);
      } else {
        trace.getActiveSpan()?.setAttributes(outcomeAttributes(context, answer));
        const errors = answer.map(show);
        writeErrors(response, statusOf(errors, type), type, errors);
      }
    } catch (error) {
      if (request.errored !== null) return; // it broke off, and nobody waits
      if (response.headersSent) throw error;
      refuse(response, type ?? JSON_TYPE, error, show);
    }
  };
  return (request, response, url) => withSpan('router.operation', {}, () => answer(request, response, url));
}

/** Whether the client is still there, looked up when somebody asks: a signal with listeners costs more than the answer. */
class Waiting {
  readonly #request: IncomingMessage;

  constructor(request: IncomingMessage) {
    this.#request = request;
  }

  get aborted(): boolean {
    return this.#request.socket.destroyed;
  }
}
