import type { Fetcher, FetcherParams } from '@graphiql/toolkit';
import { getOperationAST, GraphQLError, OperationTypeNode, parse } from 'graphql';
import { createClient, type ExecutionResult } from 'graphql-ws';
import type { Operation } from './trace.ts';

const TIMEOUT_MS = 60_000;

/**
 * GraphiQL's way to the router: queries and mutations by fetch, with deferred parts as they come, subscriptions by
 * graphql-ws, both to `url`. The headers editor's Authorization goes with both. Every request carries a W3C `traceparent`, and `onOperation` is told
 * about each operation that a person ran, so that its trace can be shown: once it is answered, or once it is
 * subscribed.
 */
export function createFetcher(url: URL, onOperation: (operation: Operation) => void): Fetcher {
  return (params, options) => {
    const headers = new Headers(options?.headers);
    const traceId = randomHex(16);
    headers.set('traceparent', `00-${traceId}-${randomHex(8)}-01`);
    const operation: Operation = { traceId, name: params.operationName ?? 'Operation' };

    if (isSubscription(params)) {
      onOperation(operation);
      return subscribe(url, params, headers);
    }
    const told = () => {
      if (params.operationName !== 'IntrospectionQuery') onOperation(operation);
    };
    return send(url, params, headers, told).catch((error: unknown) => {
      told();
      return failure(`The router could not be asked: ${String(error)}`);
    });
  };
}

/** @param onEnd called when the whole answer has come */
async function send(
  url: URL,
  params: FetcherParams,
  headers: Headers,
  onEnd: () => void,
): Promise<ExecutionResult | AsyncIterable<ExecutionResult>> {
  headers.set('content-type', 'application/json');
  headers.set('accept', 'application/graphql-response+json, application/json, multipart/mixed;deferSpec=20220824');
  headers.set('apollo-require-preflight', '1');
  const response = await fetch(url, {
    method: 'POST',
    headers,
    body: JSON.stringify(params),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const type = response.headers.get('content-type') ?? '';
  if (type.startsWith('multipart/mixed') && response.body !== null) return readParts(response.body, onEnd);
  // GraphQL errors come as JSON with a 4xx status too; only something else is worth its status line.
  const answer = type.includes('json')
    ? ((await response.json()) as ExecutionResult)
    : failure(`The router answered ${response.status} ${response.statusText}: ${await response.text()}`);
  onEnd();
  return answer;
}

/** The parts of a deferred answer, each of which the router ends with its boundary, `-`. */
async function* readParts(body: ReadableStream<Uint8Array>, onEnd: () => void): AsyncGenerator<ExecutionResult> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  try {
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
      const parts = (text + decoder.decode(chunk.value, { stream: true })).split('\r\n---');
      text = parts.pop() ?? '';
      for (const part of parts) {
        const json = part.slice(part.indexOf('\r\n\r\n')).trim();
        if (json !== '') yield JSON.parse(json) as ExecutionResult;
      }
    }
  } finally {
    onEnd();
  }
}

/**
 * Each subscription has a socket of its own, so a change in the headers editor counts from the next one on. It does not
 * reconnect: GraphiQL could not show what was missed in between, so it shows that the connection ended.
 */
function subscribe(url: URL, params: FetcherParams, headers: Headers): AsyncIterable<ExecutionResult> {
  const authorization = headers.get('authorization');
  const client = createClient({
    url: url.href.replace(/^http/, 'ws'),
    connectionParams: authorization ? { Authorization: authorization } : {},
    retryAttempts: 0,
    connectionAckWaitTimeout: 10_000,
  });
  const { query, operationName, variables } = params;
  const extensions = { traceparent: headers.get('traceparent') };
  // The fetcher's type wants errors as graphql-js makes them; GraphiQL only prints them.
  const results = client.iterate({
    query,
    operationName,
    variables,
    extensions,
  }) as AsyncIterableIterator<ExecutionResult>;
  // Not a generator: its return() would wait for the next event before it stops anything.
  return {
    [Symbol.asyncIterator]: () => ({
      next: () => results.next().catch(closed),
      return: async () => (await results.return?.()) ?? { done: true, value: undefined },
    }),
  };
}

/** What ended the connection is shown as the last result. Errors of GraphQL come as a list, and GraphiQL knows those. */
function closed(error: unknown): IteratorResult<ExecutionResult> {
  if (Array.isArray(error)) throw error;
  const detail = error instanceof CloseEvent ? [error.code, error.reason].filter(Boolean).join(', ') : String(error);
  return { done: false, value: failure(`The subscription's connection was closed (${detail}).`) };
}

/** An error of ours in the shape of GraphQL's: thrown, GraphiQL would show it with the stack of its minified code. */
const failure = (message: string): ExecutionResult => ({ errors: [new GraphQLError(message)] });

function isSubscription({ query, operationName }: FetcherParams): boolean {
  try {
    return getOperationAST(parse(query), operationName)?.operation === OperationTypeNode.SUBSCRIPTION;
  } catch {
    // Not GraphQL: sent like a query, the router's answer says what is wrong with it.
    return false;
  }
}

const randomHex = (bytes: number): string =>
  [...crypto.getRandomValues(new Uint8Array(bytes))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
