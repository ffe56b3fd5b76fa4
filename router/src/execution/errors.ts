import { type ErrorCode, errorCodes } from '@chorus/kit/errors';
import type { Logger } from '@chorus/kit/logger';
import type { GraphQLFormattedError } from 'graphql';

/** Codes of faults in the document itself, as other GraphQL servers have them. */
const requestCodes = ['GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED', 'OPERATION_RESOLUTION_FAILURE'];
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
  if (passing.has(extensions['code'])) {
    const shown = Object.entries(extensions).filter(([name]) => !internal.has(name));
    return { message, ...at, extensions: Object.fromEntries(shown) };
  }
  logger.error({ err: error, path }, 'unexpected error in an operation');
  return { message: 'Something went wrong on our side.', ...at, extensions: { code: 'INTERNAL' satisfies ErrorCode } };
}
