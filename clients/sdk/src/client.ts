import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
import { type Client, createClient } from 'graphql-ws';
import { ChorusError, type GraphQLErrorLike } from './errors.ts';
import { toMultipart } from './multipart.ts';

export interface ChorusOptions {
  /** The GraphQL endpoint, `https://…/graphql`; subscriptions go to the same path by WebSocket. */
  url: string;
  /** The access token, or a function asked before each request and each connection. */
  token?: string | (() => string | null | Promise<string | null>) | null;
  /** Sent with every HTTP request. */
  headers?: Record<string, string>;
  /** Milliseconds until a request is given up; default 30,000. */
  timeoutMs?: number;
  /** Needed where there is no global WebSocket. */
  webSocketImpl?: unknown;
}

export interface RequestOptions {
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

/** A GraphQL document that knows the types of its data and variables, as codegen's client preset makes them. */
export type Operation<Data, Variables> = DocumentTypeDecoration<Data, Variables> & { toString(): string };

/** A typed client of one Chorus endpoint. */
export interface Chorus {
  /**
   * Runs a query or a mutation; variables may hold files (Blob).
   * @throws ChorusError when the answer has errors, also when it has data besides
   */
  request<Data, Variables extends Record<string, unknown>>(
    document: Operation<Data, Variables>,
    variables: Variables,
    options?: RequestOptions,
  ): Promise<Data>;
  /** The same, with everything the server said: data, errors, and the trace id of the operation. */
  send<Data, Variables extends Record<string, unknown>>(
    document: Operation<Data, Variables>,
    variables: Variables,
    options?: RequestOptions,
  ): Promise<Answer<Data>>;
  /**
   * Opens a subscription; iterate it, and leave the loop to end it. Reconnects by itself, so after a lost connection the
   * server starts the operation anew: give `after` a cursor to miss nothing.
   * @throws ChorusError from the iteration when the server ends the operation with errors
   */
  subscribe<Data, Variables extends Record<string, unknown>>(
    document: Operation<Data, Variables>,
    variables: Variables,
  ): AsyncGenerator<Data, void, void>;
  /** Ends all subscriptions and the socket. */
  close(): Promise<void>;
}

export interface Answer<Data> {
  data: Data | null;
  errors: readonly GraphQLErrorLike[];
  status: number;
  traceId: string | null;
}

/** Makes a client. Nothing is sent until it is used. */
export function createChorus(options: ChorusOptions): Chorus {
  const { url, headers = {}, timeoutMs = 30_000 } = options;
  const authorization = async (): Promise<Record<string, string>> => {
    const token = typeof options.token === 'function' ? await options.token() : options.token;
    return token == null ? {} : { authorization: `Bearer ${token}` };
  };

  let socket: Client | undefined;
  const connect = () =>
    (socket ??= createClient({
      url: url.replace(/^http/, 'ws'),
      webSocketImpl: options.webSocketImpl ?? WebSocket,
      connectionParams: authorization,
      retryAttempts: 20,
      shouldRetry: () => true,
    }));

  const send: Chorus['send'] = async (document, variables, { headers: extra = {}, signal } = {}) => {
    const query = document.toString();
    const form = toMultipart(query, variables);
    const timeout = AbortSignal.timeout(timeoutMs);
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        accept: 'application/graphql-response+json, application/json',
        // Tells the server's CSRF check that this is no form of another site.
        'apollo-require-preflight': '1',
        ...(form === null && { 'content-type': 'application/json' }),
        ...headers,
        ...(await authorization()),
        ...extra,
      },
      body: form ?? JSON.stringify({ query, variables }),
      signal: signal === undefined ? timeout : AbortSignal.any([timeout, signal]),
    });
    const answer = await readAnswer(response);
    return {
      data: (answer.data ?? null) as never,
      errors: answer.errors ?? [],
      status: response.status,
      traceId: response.headers.get('chorus-trace-id'),
    };
  };

  return {
    send,
    async request(document, variables, requestOptions) {
      const { data, errors, status } = await send(document, variables, requestOptions);
      if (errors.length > 0 || data === null) throw new ChorusError(errors, { data, status });
      return data;
    },
    async *subscribe<Data, Variables extends Record<string, unknown>>(
      document: Operation<Data, Variables>,
      variables: Variables,
    ) {
      const results = connect().iterate<Data>({ query: document.toString(), variables });
      try {
        for await (const result of results) yield dataOf(result);
      } catch (error) {
        throw Array.isArray(error) ? new ChorusError(error) : error;
      }
    },
    async close() {
      await socket?.dispose();
    },
  };
}

function dataOf<Data>({ data, errors }: { data?: Data | null; errors?: readonly unknown[] }): Data {
  if (errors !== undefined || data == null) throw new ChorusError((errors ?? []) as GraphQLErrorLike[], { data });
  return data;
}

async function readAnswer(response: Response): Promise<{ data?: unknown; errors?: GraphQLErrorLike[] }> {
  const body = await response.text();
  try {
    return JSON.parse(body) as { data?: unknown; errors?: GraphQLErrorLike[] };
  } catch (cause) {
    const said = body.slice(0, 200) || 'nothing';
    throw new Error(`${response.status} from ${response.url}, and no GraphQL answer but: ${said}`, { cause });
  }
}
