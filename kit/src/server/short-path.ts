import type { IncomingMessage, ServerResponse } from 'node:http';
import { type GraphQLError, OperationTypeNode } from 'graphql';
import type { Logger } from 'pino';
import { maskError } from '../errors.ts';
import type { Operation } from '../execution/index.ts';
import { executeTraced } from '../execution/traced.ts';
import { isShared, type Viewer } from '../viewer.ts';
import type { Documents } from './documents.ts';
import { type Exchange, exchangeOf } from './exchange.ts';

/**
 * Answers what nearly every request of the router is: a valid query or mutation as JSON.
 * @returns false, with nothing done, for anything else and whatever is not right: that goes through Apollo Server, so
 *   that faults are told in one way
 */
export type ShortPath = (
  request: IncomingMessage,
  response: ServerResponse,
  body: unknown,
  viewer: Viewer,
) => Promise<boolean>;

/** @param options.context made for each operation */
export function createShortPath(options: {
  documents: Documents;
  logger: Logger;
  context: (viewer: Viewer, exchange: Exchange) => object;
}): ShortPath {
  const { documents, logger } = options;
  return async (request, response, body, viewer) => {
    const type = responseTypes.get(request.headers.accept);
    const plain = request.method === 'POST' && type !== undefined ? readPlain(body) : null;
    if (type === undefined || plain === null) return false;
    const operation = find(documents, plain);
    const coerced = operation?.coerce(plain.variables) ?? null;
    if (operation === null || coerced === null || 'errors' in coerced) return false;
    if (isShared(viewer) && operation.sharing === null) return false;
    let contextValue: object;
    try {
      contextValue = options.context(viewer, exchangeOf(request, response));
    } catch {
      return false; // Apollo Server makes one too, and tells what is wrong
    }
    const given = { rootValue: undefined, contextValue, ...coerced };
    const { data, errors } = await executeTraced(operation, given);
    const head: Head = { status: 200, headers: { 'content-type': type, 'cache-control': 'no-store' } };
    const formatted =
      errors.length === 0 ? '' : `"errors":${JSON.stringify(errors.map((error) => show(error, head)))},`;
    const text = `{${formatted}"data":${data}}\n`;
    head.headers['content-length'] = String(Buffer.byteLength(text));
    response.writeHead(head.status, head.headers);
    response.end(text);
    return true;
  };

  /** As Apollo Server does: an error may carry a status and headers, and has a code. */
  function show(error: GraphQLError, head: Head) {
    const { http, code = 'INTERNAL_SERVER_ERROR', ...rest } = error.extensions;
    if (isHead(http)) {
      head.status = http.status ?? head.status;
      for (const [name, value] of http.headers ?? []) head.headers[name] = value;
    }
    const kept = http === undefined || isHead(http) ? rest : { ...rest, http };
    return maskError({ ...error.toJSON(), extensions: { ...kept, code } }, error, logger);
  }
}

interface Head {
  status: number;
  headers: Record<string, string>;
}

const isHead = (value: unknown): value is { status?: number; headers?: Map<string, string> } =>
  typeof value === 'object' &&
  value !== null &&
  (!('status' in value) || typeof value.status === 'number') &&
  (!('headers' in value) || value.headers instanceof Map);

const JSON_TYPE = 'application/json; charset=utf-8';
const RESPONSE_TYPE = 'application/graphql-response+json; charset=utf-8';
/** By the Accept header; those not listed have to be weighed. */
const responseTypes = new Map<string | undefined, string>([
  [undefined, JSON_TYPE],
  ['*/*', JSON_TYPE],
  ['application/json', JSON_TYPE],
  ['application/graphql-response+json', RESPONSE_TYPE],
]);

interface PlainBody {
  query: string;
  operationName: string | null;
  variables: Readonly<Record<string, unknown>>;
}

const noVariables: Readonly<Record<string, unknown>> = Object.freeze({});

/** A request without anything but an operation; extensions ask for what Apollo Server does. */
function readPlain(body: unknown): PlainBody | null {
  if (!isRecord(body) || typeof body['query'] !== 'string' || body['extensions'] != null) return null;
  const { query, operationName = null, variables = null } = body;
  if (operationName !== null && typeof operationName !== 'string') return null;
  if (variables !== null && !isRecord(variables)) return null;
  return { query, operationName, variables: variables ?? noVariables };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function find(documents: Documents, { query, operationName }: PlainBody): Operation | null {
  const found = documents.operation(query, operationName);
  return found === null || 'errors' in found || found.kind === OperationTypeNode.SUBSCRIPTION ? null : found;
}
