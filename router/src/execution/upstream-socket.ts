import type { FormattedExecutionResult } from 'graphql';
import { type RawData, WebSocket } from 'ws';
import { TailEvent } from './tail-event.ts';

/** What comes of one operation at a subgraph. After `end`, `refused` or `lost`, nothing more. */
export interface UpstreamSink {
  /** @param bytes of the message that it came in */
  event(result: FormattedExecutionResult | TailEvent, bytes: number): void;
  end(): void;
  /** @param errors the payload of an error message */
  refused(errors: unknown): void;
  /** @param payload as it was given, when the subgraph cannot have heard of the operation; else null */
  lost(payload: string | null): void;
}

const PROTOCOL = 'graphql-transport-ws';
const MAX_MESSAGE = 16 * 1024 * 1024;
/** Bytes that a subgraph may leave unread in our memory. */
const MAX_UNSENT = 16 * 1024 * 1024;
const CONNECT_TIMEOUT_MS = 5000;
const PING_MS = 5000;
/** A peer that was not heard of for so long, pings notwithstanding, is dead. */
const SILENCE_LIMIT_MS = 10_000;
const FIRST_DELAY_MS = 200;
const MAX_DELAY_MS = 2000;

interface UpstreamOperation {
  sink: UpstreamSink;
  /** What is still to be sent. */
  payload: string | null;
  /** What it is the same as, for all that its subgraph tells of its events; null: nothing is known. */
  key: string | null;
  /** Whose events it gets beside its own. */
  tail: string | null;
}

/**
 * One graphql-ws socket to a subgraph, shared by many operations: opened when it is first needed, and again after it was
 * lost, each time after a longer pause, at random up to 2 s, that all who wait for it share. Operations do not survive
 * its loss, for only the client knows how far it got. (The client of the graphql-ws package tells no size of an event,
 * walks over all operations of a socket to end one, and begins some anew in silence.)
 */
export class UpstreamSocket {
  readonly #url: string;
  readonly #onLoss: (error: Error, operations: number) => void;
  readonly #operations = new Map<string, UpstreamOperation>();
  /** The operations that follow each tail (docs/live.md), all of which get its events. */
  readonly #tails = new Map<string, Set<UpstreamOperation>>();
  readonly #keys = new Map<string, number>();
  #socket: WebSocket | undefined;
  #ready = false;
  #lastId = 0;
  #failures = 0;
  #notBefore = 0;
  /** The next attempt, the limit of the one under way, or the next ping. */
  #timer: NodeJS.Timeout | undefined;
  #heard = 0;

  /** @param onLoss told once for each loss, and how many operations it cost */
  constructor(url: string, onLoss: (error: Error, operations: number) => void) {
    this.#url = url;
    this.#onLoss = onLoss;
  }

  /** Operations that are open on it, or wait for it. */
  get load(): number {
    return this.#operations.size;
  }

  /** Whether an operation that is the same is open on it, or waits for it. */
  has(key: string): boolean {
    return this.#keys.has(key);
  }

  /** How long until it is tried again, in milliseconds; 0 when it is up, or may be for all that is known. */
  get delay(): number {
    return this.#socket === undefined ? Math.max(0, this.#notBefore - Date.now()) : 0;
  }

  /**
   * @param payload of the subscribe message, as JSON text
   * @param key what operations that may follow one tail have in common
   * @returns its id, by which it can be ended
   */
  subscribe(payload: string, key: string | null, sink: UpstreamSink): string {
    const id = String(++this.#lastId);
    const operation: UpstreamOperation = { sink, payload: this.#ready ? null : payload, key, tail: null };
    this.#operations.set(id, operation);
    if (key !== null) this.#keys.set(key, (this.#keys.get(key) ?? 0) + 1);
    if (this.#ready) this.#send(subscribeMessage(id, payload));
    else if (this.#socket === undefined) {
      this.#timer ??= setTimeout(() => this.#connect(), this.delay);
    }
    return id;
  }

  /** Ends an operation from our side; its sink then hears nothing more. One that has ended may be ended again. */
  end(id: string): void {
    const operation = this.#operations.get(id);
    if (operation === undefined) return;
    this.#remove(id);
    if (operation.payload === null) this.#send(`{"id":"${id}","type":"complete"}`);
  }

  /** Ends it, and its operations as lost. */
  close(): void {
    this.#drop();
    this.#loseAll();
  }

  #connect(): void {
    this.#timer = undefined;
    if (this.#operations.size === 0) return; // nobody waits any more
    const socket = new WebSocket(this.#url, PROTOCOL, { maxPayload: MAX_MESSAGE, perMessageDeflate: false });
    this.#socket = socket;
    socket.on('open', () => socket.send('{"type":"connection_init"}'));
    socket.on('message', (data) => this.#receive(socket, data));
    socket.on('close', (code, reason) => this.#lose(socket, new Error(`closed with ${code} ${String(reason)}`)));
    // The listener stays: ended while it connects, a socket emits an error after that.
    socket.on('error', (error) => this.#lose(socket, error));
    this.#timer = setTimeout(() => this.#lose(socket, new Error('did not connect in time')), CONNECT_TIMEOUT_MS);
  }

  #receive(socket: WebSocket, data: RawData): void {
    if (socket !== this.#socket) return;
    this.#heard = Date.now();
    const message = readMessage(data);
    if (message === null) return this.#lose(socket, new Error('sent what is no graphql-ws'));
    const { type, payload } = message;
    if (type === 'connection_ack') return this.#begin(socket);
    if (type === 'ping') return this.#send('{"type":"pong"}');
    const id = message.id ?? '';
    const operation = this.#operations.get(id);
    if (operation === undefined) return this.#deliver(id, payload, data); // or a pong, or one that we have ended
    const { sink } = operation;
    if (type === 'next') {
      const tail = tailOf(payload);
      if (tail !== undefined) this.#follow(operation, tail);
      else sink.event(payload as FormattedExecutionResult, sizeOf(data));
      return;
    }
    this.#remove(id);
    if (type === 'error') sink.refused(payload);
    else sink.end();
  }

  /** The event of a tail, to all who follow it. */
  #deliver(id: string, payload: unknown, data: RawData): void {
    const followers = this.#tails.get(id);
    if (followers === undefined) return;
    const event = new TailEvent(payload as FormattedExecutionResult, () => {
      const again = readMessage(data)?.payload;
      return again as FormattedExecutionResult;
    });
    for (const { sink } of followers) sink.event(event, sizeOf(data));
  }

  #follow(operation: UpstreamOperation, tail: string | null): void {
    if (operation.tail !== null) {
      const followers = this.#tails.get(operation.tail);
      followers?.delete(operation);
      if (followers?.size === 0) this.#tails.delete(operation.tail);
    }
    operation.tail = tail;
    if (tail === null) return;
    const followers = this.#tails.get(tail) ?? new Set();
    this.#tails.set(tail, followers.add(operation));
  }

  #remove(id: string): boolean {
    const operation = this.#operations.get(id);
    if (operation === undefined) return false;
    this.#operations.delete(id);
    this.#follow(operation, null);
    const { key } = operation;
    const same = key === null ? 0 : (this.#keys.get(key) ?? 0) - 1;
    if (key !== null && same > 0) this.#keys.set(key, same);
    else if (key !== null) this.#keys.delete(key);
    return true;
  }

  #begin(socket: WebSocket): void {
    clearTimeout(this.#timer);
    this.#timer = setInterval(() => this.#ping(socket), PING_MS);
    this.#ready = true;
    for (const [id, operation] of this.#operations) {
      if (operation.payload === null) continue;
      this.#send(subscribeMessage(id, operation.payload));
      operation.payload = null;
    }
  }

  #ping(socket: WebSocket): void {
    if (Date.now() - this.#heard > SILENCE_LIMIT_MS) return this.#lose(socket, new Error('was silent for too long'));
    this.#failures = 0; // only now: one that accepts and closes, again and again, has not recovered
    this.#send('{"type":"ping"}');
  }

  #send(message: string): void {
    const socket = this.#socket;
    if (socket === undefined) return;
    if (socket.bufferedAmount > MAX_UNSENT) this.#lose(socket, new Error('does not read'));
    else socket.send(message);
  }

  #lose(socket: WebSocket, error: Error): void {
    if (socket !== this.#socket) return;
    this.#drop();
    // Full jitter, so that routers and their clients do not all come at once to a subgraph that has just started.
    const delay = Math.random() * Math.min(FIRST_DELAY_MS * 2 ** this.#failures++, MAX_DELAY_MS);
    this.#notBefore = Date.now() + delay;
    this.#onLoss(error, this.#operations.size);
    this.#loseAll();
  }

  #drop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const socket = this.#socket;
    this.#socket = undefined;
    this.#ready = false;
    socket?.terminate();
  }

  #loseAll(): void {
    const lost = [...this.#operations.values()];
    this.#operations.clear();
    this.#tails.clear();
    this.#keys.clear();
    for (const { sink, payload } of lost) sink.lost(payload);
  }
}

const subscribeMessage = (id: string, payload: string): string =>
  `{"id":"${id}","type":"subscribe","payload":${payload}}`;

interface Message {
  type: string;
  id?: string;
  payload?: unknown;
}

/** The tail that the operation follows from here on, null: none any more; undefined: the payload is an event. */
function tailOf(payload: unknown): string | null | undefined {
  if (typeof payload !== 'object' || payload === null || 'data' in payload || !('extensions' in payload))
    return undefined;
  const { extensions } = payload;
  if (typeof extensions !== 'object' || extensions === null || !('tail' in extensions)) return undefined;
  return typeof extensions.tail === 'string' ? extensions.tail : null;
}

function readMessage(data: RawData): Message | null {
  try {
    const message: unknown = JSON.parse((data as Buffer).toString());
    return typeof message === 'object' && message !== null && 'type' in message ? (message as Message) : null;
  } catch {
    return null;
  }
}

const sizeOf = (data: RawData): number => (data as Buffer).length;
