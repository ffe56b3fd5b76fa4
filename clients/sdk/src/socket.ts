import { type Client, createClient } from 'graphql-ws';
import { ChorusError, type GraphQLErrorLike } from './errors.ts';

/** One result of a subscription. */
export interface Result<Data> {
  data?: Data | null;
  errors?: readonly GraphQLErrorLike[];
}

/** The connection was lost, or could not be made. */
export class ConnectionLost extends Error {
  /** Of the WebSocket; undefined when it broke without one. */
  readonly code: number | undefined;

  constructor(cause: unknown) {
    const { code, reason } = isRecord(cause) ? cause : {};
    super(typeof reason === 'string' && reason !== '' ? reason : 'The live connection was lost.', { cause });
    this.name = 'ConnectionLost';
    this.code = typeof code === 'number' ? code : undefined;
  }
}

/** What becomes of one operation. After `end`, nothing more. */
export interface Sink<Data> {
  /** The server has been asked. */
  open(): void;
  next(result: Result<Data>): void;
  /** @param error ChorusError: the server refused it; ConnectionLost; null: the server completed it */
  end(error: ChorusError | ConnectionLost | null): void;
}

/** One graphql-ws socket for all subscriptions: open while there are any, and never opened again behind their back. */
export interface Socket {
  /** @returns what ends the operation from our side; the sink then hears nothing more */
  subscribe<Data>(query: string, variables: Record<string, unknown>, sink: Sink<Data>): () => void;
  close(): Promise<void>;
}

/** Of a socket that the server closes because of its token. */
export const FORBIDDEN = 4403;

const PING_MS = 12_000;
/** How long the server may take to answer: a connection that looks open, and leads nowhere any more, is given up. */
const ANSWER_LIMIT_MS = 8000;
const CONNECT_LIMIT_MS = 15_000;

/** @param onClosed hears of each lost connection, before its operations do */
export function createSocket(options: {
  url: string;
  webSocketImpl: unknown;
  connectionParams: () => Promise<Record<string, string>>;
  onClosed: (code: number | undefined) => void;
}): Socket {
  let connected = false;
  let operations = 0;
  const opening = new Set<() => void>();
  let limit: ReturnType<typeof setTimeout> | undefined;
  const giveUpAfter = (ms: number) => {
    clearTimeout(limit);
    limit = setTimeout(() => client.terminate(), ms);
  };

  const client: Client = createClient({
    url: options.url,
    webSocketImpl: options.webSocketImpl,
    connectionParams: options.connectionParams,
    // Who subscribes says whether to do so again: only they know from where to go on.
    retryAttempts: 0,
    keepAlive: PING_MS,
    // Short, and alike in many clients: the router then sends them the same bytes.
    generateID: () => String(++operations),
    on: {
      connecting: () => giveUpAfter(CONNECT_LIMIT_MS),
      connected() {
        clearTimeout(limit);
        connected = true;
        for (const open of opening) open();
        opening.clear();
      },
      ping: (received) => {
        if (!received) giveUpAfter(ANSWER_LIMIT_MS);
      },
      pong: (received) => {
        if (received) clearTimeout(limit);
      },
      closed(event) {
        clearTimeout(limit);
        connected = false;
        options.onClosed(new ConnectionLost(event).code);
      },
    },
  });

  return {
    subscribe<Data>(query: string, variables: Record<string, unknown>, sink: Sink<Data>) {
      let over = false;
      const open = () => {
        if (!over) sink.open();
      };
      const end = (error: ChorusError | ConnectionLost | null) => {
        if (over) return;
        over = true;
        opening.delete(open);
        sink.end(error);
      };
      const unsubscribe = client.subscribe<Data>(
        { query, variables },
        {
          next: (result) => {
            if (!over) sink.next(result);
          },
          error: (error) =>
            end(Array.isArray(error) ? new ChorusError(error as GraphQLErrorLike[]) : new ConnectionLost(error)),
          complete: () => end(null),
        },
      );
      if (connected) queueMicrotask(open);
      else opening.add(open);
      return () => {
        over = true;
        opening.delete(open);
        unsubscribe();
      };
    },
    async close() {
      clearTimeout(limit);
      await client.dispose();
    },
  };
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
