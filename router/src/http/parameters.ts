import type { IncomingMessage, ServerResponse } from 'node:http';
import { fault } from '@chorus/kit/errors';
import { readBody, type UploadLimits } from '@chorus/kit/http';
import type { DocumentRequest } from '../operation/documents.ts';
import type { BodyWatch } from './body-watch.ts';
import { bodyType, JSON_TYPE } from './media-types.ts';

/** What a request asks for, by the parameters of GraphQL over HTTP. Variables may hold files. */
export interface GraphqlParameters extends DocumentRequest {
  variables: Record<string, unknown>;
}

export interface BodyLimits {
  /** Bytes of a JSON body. */
  maxBody: number;
  bodies: BodyWatch;
  /** None: no files. */
  uploads?: UploadLimits | undefined;
  /** Whether the request is known to be of no other site, so that GET needs no header to show it. */
  ownSite?: boolean;
}

/** Headers that no form of another site can send. */
export const PREFLIGHT_HEADERS = ['apollo-require-preflight', 'x-apollo-operation-name', 'graphql-require-preflight'];

/**
 * Reads what a request asks for.
 * @throws GraphQLError BAD_USER_INPUT with the HTTP status in `extensions.http`; errors of graphql-upload-minimal with
 * theirs in `status`
 */
export async function readParameters(
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  { maxBody, bodies, uploads, ownSite = false }: BodyLimits,
): Promise<GraphqlParameters> {
  if (request.method === 'GET') {
    if (!ownSite) requirePreflight(request);
    return fromSearch(url.searchParams);
  }
  if (request.method !== 'POST') {
    response.setHeader('allow', 'GET, POST');
    throw refusal(405, 'Send operations by POST, queries also by GET.');
  }
  const encoding = request.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') {
    response.setHeader('accept-encoding', 'identity');
    throw refusal(415, 'Send the body uncompressed.');
  }
  const type = bodyType(request.headers['content-type']);
  const read = () => readBody(request, response, { uploads, maxBody });
  if (type === 'multipart/form-data') {
    requirePreflight(request);
    return fromBody(await bodies.read(response, read));
  }
  if (type !== JSON_TYPE) throw refusal(415, 'Send the body as application/json, in UTF-8.');
  bodies.watch(request, response);
  return fromBody(await read());
}

/** A form or a link of another site makes the browser send cookies along; then the site must have asked first. */
function requirePreflight({ headers }: IncomingMessage): void {
  if (headers['content-type'] === JSON_TYPE) return;
  if (PREFLIGHT_HEADERS.some((name) => headers[name] !== undefined && headers[name] !== '')) return;
  throw refusal(
    400,
    `This could come from a page of another site. Send the header ${PREFLIGHT_HEADERS[0]}: 1 with it.`,
  );
}

function fromSearch(search: URLSearchParams): GraphqlParameters {
  const once = (name: string): string | undefined => {
    const [value, second] = search.getAll(name);
    if (second !== undefined) throw refusal(400, `Give \`${name}\` once.`);
    return value;
  };
  const json = (name: string): unknown => {
    const text = once(name);
    if (text === undefined || text === '') return undefined;
    try {
      return JSON.parse(text);
    } catch {
      throw refusal(400, `\`${name}\` must be a JSON object.`);
    }
  };
  return fromBody({
    query: once('query'),
    operationName: once('operationName') || undefined,
    variables: json('variables'),
    extensions: json('extensions'),
  });
}

function fromBody(body: unknown): GraphqlParameters {
  if (Array.isArray(body)) throw refusal(400, 'Send one operation in each request.');
  if (!isObject(body)) throw refusal(400, 'Send a JSON object that holds a `query`.');
  const { query, operationName, variables, extensions } = body;
  if (query != null && typeof query !== 'string') throw refusal(400, '`query` must be a string.');
  if (operationName != null && typeof operationName !== 'string') {
    throw refusal(400, '`operationName` must be a string.');
  }
  if (variables != null && !isObject(variables)) throw refusal(400, '`variables` must be an object.');
  if (extensions != null && !isObject(extensions)) throw refusal(400, '`extensions` must be an object.');
  if (!query && extensions?.['persistedQuery'] == null) throw refusal(400, 'The request has no `query`.');
  return {
    query: query ?? undefined,
    operationName: operationName ?? undefined,
    variables: variables ?? {},
    extensions: extensions ?? undefined,
  };
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A request that is none of GraphQL over HTTP. */
const refusal = (status: number, message: string) => fault('BAD_USER_INPUT', message, { http: { status } });
