import { GraphQLError, type GraphQLErrorExtensions, type GraphQLFormattedError } from 'graphql';
import type { Logger } from 'pino';

/** Every `extensions.code` a client can meet. */
export const errorCodes = [
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'NOT_FOUND',
  'BAD_USER_INPUT',
  'IDEMPOTENCY_CONFLICT',
  'RATE_LIMITED',
  'CURSOR_INVALID',
  'CURSOR_EXPIRED',
  'SLOW_CONSUMER',
  'OPERATION_TOO_COMPLEX',
  'PERSISTED_QUERY_NOT_FOUND',
  'SUBGRAPH_UNAVAILABLE',
  'TIMEOUT',
  'INTERNAL',
] as const;
export type ErrorCode = (typeof errorCodes)[number];

/** Codes that graphql-js and Apollo Server give to faults of the request itself; they pass through unmasked. */
const requestCodes = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_REQUEST',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_SUPPORTED',
]);
const known: ReadonlySet<unknown> = new Set<unknown>([...errorCodes, ...requestCodes]);

/** An error for the client: throw it from a resolver or a service. The message says what to do. */
export function fault(code: ErrorCode, message: string, extensions: GraphQLErrorExtensions = {}): GraphQLError {
  return new GraphQLError(message, { extensions: { ...extensions, code } });
}

/** BAD_USER_INPUT, with the path of the input field at fault (`input.text`). */
export const badInput = (field: string, message: string): GraphQLError => fault('BAD_USER_INPUT', message, { field });

/** NOT_FOUND: for what is missing and, in the same words, for what the viewer may not see. */
export const notFound = (what: string, field?: string): GraphQLError =>
  fault('NOT_FOUND', `${what} does not exist or is not visible to you.`, field === undefined ? {} : { field });

/**
 * RATE_LIMITED, with when to try again in the extensions and in Retry-After.
 * @param retryAfter whole seconds
 */
export const rateLimited = (message: string, retryAfter: number): GraphQLError =>
  fault('RATE_LIMITED', message, { retryAfter, http: { headers: new Map([['retry-after', String(retryAfter)]]) } });

/** UNAUTHENTICATED. */
export const unauthenticated = (
  message = 'Sign in first: send an access token in the Authorization header.',
): GraphQLError => fault('UNAUTHENTICATED', message);

/** FORBIDDEN; `reason`, a name such as EMAIL_NOT_VERIFIED, for what a client can do something about. */
export const forbidden = (message: string, reason?: string): GraphQLError =>
  fault('FORBIDDEN', message, reason === undefined ? {} : { reason });

/**
 * What of an error a client may see. Coded errors and faults of the request pass; anything else becomes INTERNAL and is
 * logged (the log line carries the trace id), so no SQL, stack or host leaks.
 */
export function maskError(formatted: GraphQLFormattedError, error: unknown, logger: Logger): GraphQLFormattedError {
  const code = formatted.extensions?.['code'];
  const location = {
    ...(formatted.locations && { locations: formatted.locations }),
    ...(formatted.path && { path: formatted.path }),
  };
  const original = error instanceof GraphQLError ? error.originalError : error;
  const own = original === undefined || original === null || original instanceof GraphQLError;
  if (known.has(code) && (own || requestCodes.has(String(code)) || code === 'BAD_USER_INPUT')) {
    const { stacktrace: _, ...extensions } = formatted.extensions ?? {};
    return { message: formatted.message, ...location, extensions };
  }
  // graphql-js reports a variable or argument of the wrong type, and nothing else, without an original error.
  if (
    own &&
    (code === undefined || code === 'INTERNAL_SERVER_ERROR') &&
    error instanceof GraphQLError &&
    error.path === undefined
  ) {
    return { message: formatted.message, ...location, extensions: { code: 'BAD_USER_INPUT' } };
  }
  logger.error({ err: original ?? error, path: formatted.path }, 'unexpected error in an operation');
  return { message: 'Something went wrong on our side.', ...location, extensions: { code: 'INTERNAL' } };
}
