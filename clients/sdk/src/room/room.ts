import type { Chorus } from '../client.ts';
import { fullJitter } from '../backoff.ts';
import {
  type MessageFieldsFragment,
  MessagesAroundDocument,
  RoomEventsDocument,
  type RoomEventsSubscription,
  RoomSnapshotDocument,
  SendMessageDocument,
} from '../__generated__/graphql.ts';
import type { Sink, Socket } from '../socket.ts';
import { feedRoom, type RoomConnection, type RoomDiagnostics } from './feed.ts';
import { createOutbox, type OutgoingMessage, type PendingMessage } from './outbox.ts';
import {
  pageOf,
  type RoomEvent,
  type RoomInfo,
  type RoomMember,
  type RoomMessage,
  type RoomView,
  withOlder,
} from './view.ts';

/** What to draw. Every change makes a new one; what did not change in it stays the same object. */
export interface RoomState {
  connection: RoomConnection;
  /** Null until it was fetched. */
  room: RoomInfo | null;
  /** In the order in which they joined; null in a room of more than 100. */
  members: readonly RoomMember[] | null;
  /** The newest ones, the oldest of them first. */
  messages: readonly RoomMessage[];
  /** Whether there are messages before these. */
  hasOlder: boolean;
  /** The place in the room of the last event that the state has in it. */
  lastSeq: number;
  /** What the viewer has sent and the room does not show yet: draw them below the messages. */
  pending: readonly PendingMessage[];
}

export interface RoomOptions {
  /** How many messages to hold as new ones come; the oldest give way. Default 500. */
  keep?: number;
  /** Hears of each event once it is in the state: for a sound, say. What a new fetch of the room brings is not told. */
  onEvent?: (event: RoomEvent) => void;
  /** Milliseconds of the pauses between attempts: at random up to `baseMs`, doubled each time, at most `maxMs`. */
  backoff?: { baseMs?: number; maxMs?: number };
}

/**
 * One room, kept up to date until it is closed or ends. Iterating gives the state after each change, and the newest when
 * several came since the last.
 */
export interface LiveRoom extends AsyncIterable<RoomState, void, void> {
  readonly state: RoomState;
  /** What it took so far to keep it so. */
  readonly diagnostics: Readonly<RoomDiagnostics>;
  /**
   * Calls the listener after each change.
   * @returns what stops that
   */
  subscribe(listener: () => void): () => void;
  /**
   * Shows the message as pending at once, and sends it until its fate is known, whatever happens to connections.
   * @returns the stored message
   * @throws ChorusError when the server refuses it for good: then it stays in `pending`, as failed
   */
  send(message: string | OutgoingMessage): Promise<MessageFieldsFragment>;
  /** Sends a message that failed again. */
  retry(clientId: string): void;
  /** Removes a message that failed. */
  discard(clientId: string): void;
  /**
   * Adds the page of messages before the oldest one held, up to 5,000 in all.
   * @returns whether there are more to load
   * @throws ChorusError
   */
  loadOlder(): Promise<boolean>;
  /** Ends it. The state stays as it is. */
  close(): void;
}

const KEEP = 500;
/** Messages of a fetch. */
const PAGE = 50;
/** However much is loaded. */
const MAX_MESSAGES = 5000;

/** Opens a room; `request` and `socket` are the client's. */
export function openRoom(
  { send, request, socket }: Pick<Chorus, 'send' | 'request'> & { socket: () => Socket },
  roomId: string,
  { keep = KEEP, onEvent, ...options }: RoomOptions = {},
): LiveRoom {
  const closing = new AbortController();
  const backoff = fullJitter(options.backoff);
  const listeners = new Set<() => void>();
  const diagnostics = { subscriptions: 0, snapshots: 0, resets: 0, duplicates: 0, gaps: 0 };
  let view: RoomView | null = null;
  /** Grows with each fetch of the room, which begins a new view. */
  let generation = 0;
  let limit = keep;
  let loading: Promise<boolean> | undefined;
  /** What happened to messages while older ones are being loaded. */
  let late: RoomEvent[] = [];
  let state: RoomState = {
    connection: { status: 'connecting' },
    room: null,
    members: null,
    messages: [],
    hasOlder: false,
    lastSeq: 0,
    pending: [],
  };

  const set = (change: Partial<RoomState>) => {
    state = { ...state, ...change };
    for (const listener of listeners) {
      try {
        listener();
      } catch (error) {
        // Its own fault, and not that of the room.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  };

  const outbox = createOutbox({
    roomId,
    post: (input, signal) => send(SendMessageDocument, { input }, { signal }),
    backoff,
    onChange: () => set({ pending: outbox.pending }),
  });

  const show = (next: RoomView) => {
    view = next;
    const { room, members, messages, hasOlder, lastSeq } = next;
    // In one: an echo goes in the moment in which its message comes.
    set({ room, members, messages, hasOlder, lastSeq, pending: outbox.shown(next) });
  };

  feedRoom({
    fetchRoom: (signal) => send(RoomSnapshotDocument, { roomId, last: PAGE }, { signal }),
    subscribe: (after, sink: Sink<RoomEventsSubscription>) =>
      socket().subscribe(RoomEventsDocument.toString(), { roomId, after }, sink),
    backoff,
    // The window holds still while a page is fetched that has to meet its beginning.
    keep: () => (loading === undefined ? limit : MAX_MESSAGES),
    onView(next, event) {
      if (event === null) {
        generation++;
        limit = keep;
      } else if (loading !== undefined && 'message' in event) late.push(event);
      show(next);
      if (event !== null) onEvent?.(event);
    },
    onConnection(connection) {
      if (connection.status !== state.connection.status) set({ connection });
    },
    signal: closing.signal,
    diagnostics,
  }).catch((error: unknown) => set({ connection: { status: 'ended', reason: 'REFUSED', error } }));

  const loadPage = async (from: RoomView): Promise<boolean> => {
    const started = generation;
    late = [];
    // One half of the page is what comes before that place.
    const place = { roomId, seq: (from.messages[0]?.seq ?? 1) - 1, count: 2 * PAGE };
    const { room } = await request(MessagesAroundDocument, place, { signal: closing.signal });
    if (view === null || generation !== started) return view?.hasOlder ?? false;
    const next = withOlder(view, pageOf(room?.messagesAround), late);
    limit = Math.min(Math.max(limit, next.messages.length), MAX_MESSAGES);
    show(next);
    return next.hasOlder;
  };

  const subscribe = (listener: () => void) => {
    // Of its own, so that one given twice hears twice and is let go of once.
    const own = () => listener();
    listeners.add(own);
    return () => void listeners.delete(own);
  };

  return {
    get state() {
      return state;
    },
    diagnostics,
    subscribe,
    send: (message) => outbox.send(typeof message === 'string' ? { text: message } : message),
    retry: (clientId) => outbox.retry(clientId),
    discard: (clientId) => outbox.discard(clientId),
    async loadOlder() {
      if (view === null || !view.hasOlder || view.messages.length >= MAX_MESSAGES) return false;
      return (loading ??= loadPage(view).finally(() => {
        loading = undefined;
        late = [];
      }));
    },
    close() {
      closing.abort();
      outbox.close();
      if (state.connection.status !== 'ended') set({ connection: { status: 'ended', reason: 'CLOSED' } });
    },
    [Symbol.asyncIterator]: () => statesOf(() => state, subscribe),
  };
}

/** The newest state after each change, until the last one. Holds one at a time, however slowly they are taken. */
function statesOf(
  current: () => RoomState,
  subscribe: LiveRoom['subscribe'],
): AsyncIterableIterator<RoomState, void, void> {
  const done = { done: true, value: undefined } as const;
  let given: RoomState | null = null;
  let left = false;
  let wake: () => void = () => undefined;
  const unsubscribe = subscribe(() => wake());
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      while (!left && given === current()) {
        if (given.connection.status === 'ended') return this.return?.() ?? done;
        await new Promise<void>((resolve) => (wake = resolve));
      }
      if (left) return done;
      given = current();
      return { done: false, value: given };
    },
    async return() {
      left = true;
      unsubscribe();
      wake();
      return done;
    },
  };
}
