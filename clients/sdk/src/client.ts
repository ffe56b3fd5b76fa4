import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
import { RefreshSessionDocument } from './__generated__/graphql.ts';
import { ChorusError, type GraphQLErrorLike } from './errors.ts';
import { fullJitter, pause } from './backoff.ts';
import { toMultipart } from './multipart.ts';
import { type LiveRoom, openRoom, type RoomOptions } from './room/room.ts';
import { createSessionKeeper, type SessionTokens } from './session.ts';
import { ConnectionLost, createSocket, FORBIDDEN, type Result, type Socket } from './socket.ts';

export interface ChorusOptions {
  /** The GraphQL endpoint, `https://…/graphql`; subscriptions go to the same path by WebSocket. */
  url: string;
  /** The access token, or a function asked before each request and each connection. */
  token?: string | (() => string | null | Promise<string | null>) | null;
  /**
   * In place of `token`: what a sign-up or log-in answered. When the server refuses its access token, which lives for ten
   * minutes, the client refreshes it, once for all that wait for it, and sends what was refused again, once; a socket
   * connects again with the new one.
   */
  session?: SessionTokens;
  /**
   * Hears of each refresh, before the new tokens are used: store them, because the old refresh token is used up. Null when the
   * session has ended: what is sent from then on is anonymous.
   */
  onSession?: (session: SessionTokens | null) => void | Promise<void>;
  /** As of `fetch`: `include` where the API is of another origin and the refresh token is in its cookie. */
  credentials?: 'omit' | 'same-origin' | 'include';
  /** Sent with every HTTP request, and when a socket is opened. */
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
  /**
   * Holds a chat room: its messages and members as they are now, and what the viewer sends, whatever happens to
   * connections. docs/sdk.md says how to draw it.
   */
  subscribeRoom(roomId: string, options?: RoomOptions): LiveRoom;
  /**
   * Refreshes the session now, for an access token that says what is true now: that an address was verified, say.
   * @returns false when there is no session, or no longer
   */
  renew(): Promise<boolean>;
  /** Ends all subscriptions and rooms, and the socket. */
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
  const keeper =
    options.session &&
    createSessionKeeper({
      session: options.session,
      onSession: options.onSession,
      async refresh(refreshToken) {
        // Without the access token: one that has expired is refused whatever comes with it.
        const answer = await post(RefreshSessionDocument, { refreshToken }, null);
        if (answer.errors.length > 0) throw new ChorusError(answer.errors, answer);
        const session = answer.data?.refreshSession;
        if (session?.__typename !== 'Session') return null;
        return { accessToken: session.accessToken, refreshToken: session.refreshToken ?? null };
      },
    });
  const currentToken = async (): Promise<string | null> => {
    if (keeper !== undefined) return keeper.token();
    return (typeof options.token === 'function' ? await options.token() : options.token) ?? null;
  };
  const authorization = (token: string | null): Record<string, string> =>
    token === null ? {} : { authorization: `Bearer ${token}` };

  let socket: Socket | undefined;
  let closed = false;
  const rooms = new Set<LiveRoom>();
  /** What the last connection was opened with, and whether it was closed for that. */
  let shown: { token: string | null; refused: boolean } = { token: null, refused: false };
  const connect = () =>
    (socket ??= createSocket({
      url: url.replace(/^http/, 'ws'),
      webSocketImpl: options.webSocketImpl ?? WebSocket,
      connectionParams: async () => {
        // A refresh that fails now is tried again by the next connection, because this one is refused as well.
        if (shown.refused) await keeper?.renew(shown.token).catch(() => false);
        shown = { token: await currentToken(), refused: false };
        return { ...headers, ...authorization(shown.token) };
      },
      onClosed(code) {
        shown.refused = code === FORBIDDEN;
      },
    }));

  async function post<Data, Variables extends Record<string, unknown>>(
    document: Operation<Data, Variables>,
    variables: Variables,
    token: string | null,
    { headers: extra = {}, signal }: RequestOptions = {},
  ): Promise<Answer<Data>> {
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
        ...authorization(token),
        ...extra,
      },
      body: form ?? JSON.stringify({ query, variables }),
      ...(options.credentials && { credentials: options.credentials }),
      signal: signal === undefined ? timeout : AbortSignal.any([timeout, signal]),
    });
    const answer = await readAnswer(response);
    return {
      data: (answer.data ?? null) as never,
      errors: answer.errors ?? [],
      status: response.status,
      traceId: response.headers.get('chorus-trace-id'),
    };
  }

  const send: Chorus['send'] = async (document, variables, requestOptions) => {
    const token = await currentToken();
    const answer = await post(document, variables, token, requestOptions);
    // With 401 nothing was run: a mutation, too, can be sent again.
    if (answer.status !== 401 || token === null || !(await keeper?.renew(token))) return answer;
    return post(document, variables, await currentToken(), requestOptions);
  };

  const request: Chorus['request'] = async (document, variables, requestOptions) => {
    const { data, errors, status } = await send(document, variables, requestOptions);
    if (errors.length > 0 || data === null) throw new ChorusError(errors, { data, status });
    return data;
  };

  return {
    send,
    request,
    async *subscribe<Data, Variables extends Record<string, unknown>>(
      document: Operation<Data, Variables>,
      variables: Variables,
    ) {
      const backoff = fullJitter();
      for (let failures = 0; ; failures++) {
        try {
          for await (const result of results<Data>(connect(), document.toString(), variables)) {
            failures = 0;
            yield dataOf(result);
          }
          return;
        } catch (error) {
          if (!(error instanceof ConnectionLost) || failures >= MAX_FAILURES) throw error;
        }
        await pause(backoff.delay(failures));
        if (closed) return;
      }
    },
    subscribeRoom(roomId, roomOptions) {
      const room = openRoom({ send, request, socket: connect }, roomId, roomOptions);
      rooms.add(room);
      const forget = room.subscribe(() => {
        if (room.state.connection.status !== 'ended') return;
        rooms.delete(room);
        forget();
      });
      return room;
    },
    async renew() {
      return keeper !== undefined && keeper.renew(await keeper.token());
    },
    async close() {
      for (const room of rooms) room.close();
      closed = true;
      await socket?.close();
    },
  };
}

/** Connections that may fail in a row, until a subscription does. */
const MAX_FAILURES = 20;

/** The results of one operation, one after the other. */
async function* results<Data>(
  socket: Socket,
  query: string,
  variables: Record<string, unknown>,
): AsyncGenerator<Result<Data>, void, void> {
  const waiting: Result<Data>[] = [];
  let over: { error: Error | null } | undefined;
  let wake: () => void = () => undefined;
  const unsubscribe = socket.subscribe<Data>(query, variables, {
    open: () => undefined,
    next(result) {
      waiting.push(result);
      wake();
    },
    end(error) {
      over = { error };
      wake();
    },
  });
  try {
    for (;;) {
      const next = waiting.shift();
      if (next !== undefined) yield next;
      else if (over === undefined) await new Promise<void>((resolve) => (wake = resolve));
      else if (over.error === null) return;
      else throw over.error;
    }
  } finally {
    unsubscribe();
  }
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
