import type { IncomingMessage, ServerResponse } from 'node:http';
import { HeaderMap, type HTTPGraphQLHead } from '@apollo/server';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { writeJson } from '../http.ts';

/** The request's headers as Apollo Server reads them. */
export function headerMap(request: IncomingMessage): HeaderMap {
  const headers = new HeaderMap();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  return headers;
}

/** Writes what Apollo Server answered. */
export async function writeGraphQL(
  response: ServerResponse,
  answer: HTTPGraphQLHead & { body: AnswerBody },
): Promise<void> {
  response.statusCode = answer.status ?? 200;
  for (const [name, value] of answer.headers) response.setHeader(name, value);
  if (answer.body.kind === 'complete') {
    response.end(answer.body.string);
    return;
  }
  for await (const chunk of answer.body.asyncIterator) {
    if (!response.write(chunk)) await new Promise((resolve) => response.once('drain', resolve));
  }
  response.end();
}
type AnswerBody = { kind: 'complete'; string: string } | { kind: 'chunked'; asyncIterator: AsyncIterable<string> };

/**
 * Answers a request that did not get as far as an operation.
 * @param mask what a client may see of a GraphQL error
 */
export function refuseRequest(
  response: ServerResponse,
  error: unknown,
  mask: (formatted: GraphQLFormattedError) => GraphQLFormattedError,
): void {
  const graphqlError = error instanceof GraphQLError ? error : null;
  const http = graphqlError?.extensions['http'];
  const own = typeof http === 'object' && http !== null && 'status' in http ? Number(http.status) : null;
  // graphql-upload-minimal throws errors of http-errors: their `status` and message are for the client.
  const foreign = error instanceof Error && 'status' in error && 'expose' in error && error.expose ? error : null;
  const status = own ?? (foreign !== null ? Number(foreign.status) : statusOf(graphqlError?.extensions['code']));
  const formatted =
    foreign !== null
      ? { message: foreign.message, extensions: { code: 'BAD_USER_INPUT' } }
      : mask(graphqlError?.toJSON() ?? { message: '' });
  writeJson(response, status, { errors: [formatted] });
}

const statuses: Partial<Record<string, number>> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  BAD_USER_INPUT: 400,
  SUBGRAPH_UNAVAILABLE: 503,
};
const statusOf = (code: unknown): number => statuses[String(code)] ?? 500;
