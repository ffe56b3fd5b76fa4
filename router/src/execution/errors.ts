import { type ErrorCode, errorCodes } from '@chorus/kit/errors';
import type { Logger } from '@chorus/kit/logger';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { exceedsLimits } from '../operation/limits.ts';

/** Codes of faults in the request itself, given by the server or by graphql-js. */
const requestCodes = [
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_REQUEST',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_SUPPORTED',
];
const passing: ReadonlySet<unknown> = new Set<unknown>([...errorCodes, ...requestCodes]);

/** What the operation's transport adds and no client needs: where an error came from, inside. */
const internal = new Set(['serviceName', 'stacktrace', 'exception', 'http', 'response']);

/**
 * What a client sees of an error. Subgraphs have masked theirs already, so a code of the catalogue passes with its
 * message; anything else becomes INTERNAL and is logged.
 */
export function toClientError(
  { message, path, locations, extensions = {} }: GraphQLFormattedError,
  error: unknown,
  logger: Logger,
): GraphQLFormattedError {
  const at = { ...(locations && { locations }), ...(path && { path }) };
  if (exceedsLimits(error)) {
    return { message, ...at, extensions: { code: 'OPERATION_TOO_COMPLEX' satisfies ErrorCode } };
  }
  if (passing.has(extensions['code'])) {
    const shown = Object.entries(extensions).filter(([name]) => !internal.has(name));
    return { message, ...at, extensions: Object.fromEntries(shown) };
  }
  // graphql-js gives no code to a variable of the wrong type.
  if (error instanceof GraphQLError && error.originalError === undefined && path === undefined) {
    return { message, ...at, extensions: { code: 'BAD_USER_INPUT' satisfies ErrorCode } };
  }
  logger.error({ err: error, path }, 'unexpected error in an operation');
  return { message: 'Something went wrong on our side.', ...at, extensions: { code: 'INTERNAL' satisfies ErrorCode } };
}
