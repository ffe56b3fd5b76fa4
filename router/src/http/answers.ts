import type { ServerResponse } from 'node:http';
import type { ErrorCode } from '@chorus/kit/errors';
import { traceId } from '@chorus/kit/telemetry';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { Encoding } from './compression.ts';
import { JSON_TYPE, RESPONSE_TYPE, type ResponseType } from './media-types.ts';

/** Statuses of what is refused for another reason than the request itself. */
const statuses: Partial<Record<string, number>> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  RATE_LIMITED: 429,
  SUBGRAPH_UNAVAILABLE: 503,
  TIMEOUT: 504,
  INTERNAL: 500,
} satisfies Partial<Record<ErrorCode, number>>;

/**
 * The status of an answer without data: an operation that was not run because of these errors. In plain JSON, whose
 * readers take a 4xx for an answer by somebody else on the way, what is wrong with the operation is told with 200.
 */
export function statusOf(errors: readonly GraphQLFormattedError[], type: ResponseType): number {
  return statuses[String(errors[0]?.extensions?.['code'])] ?? (type === JSON_TYPE ? 200 : 400);
}

/** The response header with the id under which the operation's trace is found. */
export const TRACE_HEADER = 'chorus-trace-id';

/** Writes an answer without data; when its errors say how long to wait, so does Retry-After. */
export function writeErrors(
  response: ServerResponse,
  status: number,
  type: ResponseType,
  errors: readonly GraphQLFormattedError[],
): void {
  const waits = errors.map(({ extensions }) => extensions?.['retryAfter']).filter((wait) => typeof wait === 'number');
  if (waits.length > 0) response.setHeader('retry-after', Math.max(...waits));
  writeAnswer(response, status, type, JSON.stringify({ errors }));
}

/** Writes an answer: its text, or that compressed. */
export function writeAnswer(
  response: ServerResponse,
  status: number,
  type: ResponseType,
  body: string | Buffer,
  encoding?: Encoding,
): void {
  const id = traceId();
  response.writeHead(status, {
    'content-type': CONTENT_TYPES[type],
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    ...(id !== undefined && { [TRACE_HEADER]: id }),
    ...(encoding !== undefined && { 'content-encoding': encoding, vary: varyWith(response, 'accept-encoding') }),
  });
  // Text goes together with the head in one write.
  response.end(body);
}

const varyWith = (response: ServerResponse, name: string): string =>
  [response.getHeader('vary') ?? [], name].flat().join(', ');

const CONTENT_TYPES: Readonly<Record<ResponseType, string>> = {
  [JSON_TYPE]: `${JSON_TYPE}; charset=utf-8`,
  [RESPONSE_TYPE]: `${RESPONSE_TYPE}; charset=utf-8`,
};

/**
 * Answers a request that did not get as far as an operation.
 * @param show what a client may see of an error
 */
export function refuse(
  response: ServerResponse,
  type: ResponseType,
  error: unknown,
  show: (error: unknown) => GraphQLFormattedError,
): void {
  // graphql-upload-minimal throws errors of http-errors: their `status` and message are for the client.
  const upload = error instanceof Error && 'status' in error && 'expose' in error && error.expose ? error : null;
  const shown =
    upload === null ? show(error) : { message: upload.message, extensions: { code: 'BAD_USER_INPUT' as ErrorCode } };
  const status = upload === null ? (ownStatus(error) ?? statuses[String(shown.extensions?.['code'])]) : upload.status;
  writeErrors(response, Number(status ?? 400), type, [shown]);
}

/** What a fault of the HTTP request says of its status. */
function ownStatus(error: unknown): unknown {
  const http = error instanceof GraphQLError ? error.extensions['http'] : null;
  return typeof http === 'object' && http !== null && 'status' in http ? http.status : undefined;
}
