import type { IncomingMessage, ServerResponse } from 'node:http';
import { HeaderMap, type HTTPGraphQLHead } from '@apollo/server';
import { processRequest } from 'graphql-upload-minimal';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { fault } from '../errors.ts';

/** Limits of a request with files. Sizes in bytes. */
export interface UploadLimits {
  maxFileSize: number;
  maxFiles: number;
}

const MAX_BODY = 1024 * 1024;

/** The request's headers as Apollo Server reads them. */
export function headerMap(request: IncomingMessage): HeaderMap {
  const headers = new HeaderMap();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  return headers;
}

/**
 * Reads a body as UTF-8. By events: iterating over the request costs as much as all of its other handling.
 * @throws GraphQLError BAD_USER_INPUT when it is larger than `limit` bytes; the rest of it is then still to be read
 */
function readText(request: IncomingMessage, limit: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const onData = (chunk: Buffer): void => {
      size += chunk.length;
      if (size <= limit) {
        chunks.push(chunk);
        return;
      }
      request.off('data', onData);
      reject(fault('BAD_USER_INPUT', `The body is larger than ${limit} bytes.`, { http: { status: 413 } }));
    };
    request.on('data', onData);
    request.once('error', reject);
    request.once('end', () => {
      const [only] = chunks;
      resolve((chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks)).toString('utf8'));
    });
  });
}

/** @throws GraphQLError BAD_USER_INPUT when the body is too large or not JSON. */
async function readJson(request: IncomingMessage, limit: number): Promise<unknown> {
  const text = await readText(request, limit);
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw fault('BAD_USER_INPUT', `The body is not JSON: ${String(cause)}.`, { http: { status: 400 } });
  }
}

/**
 * The GraphQL request in an HTTP body: JSON, or multipart with files where `uploads` allows it.
 * @throws GraphQLError BAD_USER_INPUT with `extensions.http.status`
 */
export async function readBody(
  request: IncomingMessage,
  response: ServerResponse,
  { uploads, maxBody = MAX_BODY }: { uploads?: UploadLimits | undefined; maxBody?: number } = {},
): Promise<unknown> {
  if (request.method === 'GET') return undefined;
  const type = request.headers['content-type'] ?? '';
  if (type.startsWith('multipart/form-data')) {
    if (uploads === undefined) throw fault('BAD_USER_INPUT', 'Files are not accepted here.', { http: { status: 415 } });
    return processRequest(request, response, { ...uploads, maxFieldSize: maxBody });
  }
  return readJson(request, maxBody);
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

/** Answers plain JSON. */
export function writeJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(value));
}

/** An answer may come before the whole body, a refused upload's say; unread, the rest would block the connection. */
export function discardRest(request: IncomingMessage): void {
  if (request.readableEnded) return;
  request.unpipe();
  request.resume();
}

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
