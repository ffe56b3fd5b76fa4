import type { IncomingMessage, ServerResponse } from 'node:http';
import { processRequest } from 'graphql-upload-minimal';
import { fault } from './errors.ts';

/** Limits of a request with files. Sizes in bytes. */
export interface UploadLimits {
  maxFileSize: number;
  maxFiles: number;
}

const MAX_BODY = 1024 * 1024;

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
  const text = await readText(request, maxBody);
  return text === '' ? undefined : parseJson(text);
}

/** @throws GraphQLError BAD_USER_INPUT */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw fault('BAD_USER_INPUT', `The body is not JSON: ${String(cause)}.`, { http: { status: 400 } });
  }
}

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
