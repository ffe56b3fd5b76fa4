import { Redis } from 'ioredis';
import { WebSocket } from 'ws';
import { Connection } from '../harness/connection.ts';
import { answerMessages } from '../harness/processes.ts';
import { percentile } from '../harness/statistics.ts';

/** How a server is spoken to: GraphQL over WebSocket, Socket.IO's own protocol, or frames that just come. */
export type Protocol = 'graphql' | 'socketio' | 'frames';

/** Where what is sent goes in: a mutation, as somebody; a text that is posted; or a channel of Redis. */
export type Entrance =
  | { kind: 'mutation'; port: number; roomId: string; headers: Record<string, string> }
  | { kind: 'post'; port: number }
  | { kind: 'redis'; url: string; channel: string };

/** Who listens where. */
export interface Listeners {
  port: number;
  protocol: Protocol;
  /** What each subscribes to; GraphQL only. */
  query: string;
  variables: Record<string, unknown>;
  /** What each socket says of itself in connection_init; one socket each. */
  params: Record<string, string>[];
}

export type Question =
  | { ask: 'open'; listeners: Listeners }
  /** Sends an event now and then until everybody has heard one, for not every server says when a subscription stands. */
  | { ask: 'settle'; entrance: Entrance }
  /** Sends one event after the other, each when everybody has had the one before. */
  | { ask: 'deliver'; entrance: Entrance; events: number }
  /** Sends at a steady rate and tells how long each took to reach each listener. */
  | { ask: 'time'; entrance: Entrance; events: number; perSecond: number }
  | { ask: 'close' };

export interface Delivered {
  deliveries: number;
  /** Events that came to somebody doubled, in the wrong order, or not at all. */
  faults: number;
  fault: string | null;
  /** Milliseconds from sending to each delivery. */
  p50: number;
  p99: number;
  /** Bytes of one frame. */
  bytes: number;
}

const LIMIT_MS = 30_000;
const OPENED_AT_ONCE = 100;

/** Numbers events through the life of this process, in their text. */
let sent = 0;
/** When each was sent. */
const sentAt = new Map<number, number>();
let listeners: Listener[] = [];
let delivered = 0;
let wanted = Infinity;
let all: () => void = () => {};
let latencies: number[] = [];

/** One socket, which expects what its server has numbered without a gap. */
class Listener {
  readonly #socket: WebSocket;
  readonly ready: Promise<void>;
  /** The sequence number that comes next; null before the first. */
  expected: number | null = null;
  faults = 0;
  fault: string | null = null;
  bytes = 0;

  constructor({ port, protocol, query, variables }: Listeners, params: Record<string, string>) {
    const path = protocol === 'socketio' ? '/socket.io/?EIO=4&transport=websocket' : '/graphql';
    const subprotocols = protocol === 'graphql' ? ['graphql-transport-ws'] : [];
    this.#socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, subprotocols, { perMessageDeflate: false });
    const ready = Promise.withResolvers<void>();
    this.ready = ready.promise;
    this.#socket.on('error', ready.reject);
    this.#socket.on('close', (code, reason) => {
      ready.reject(new Error(`closed with ${code} ${String(reason)}`));
      this.#miss(`closed with ${code} ${String(reason)}`);
    });
    this.#socket.on('open', () => {
      if (protocol === 'graphql') this.#send({ type: 'connection_init', payload: params });
      if (protocol === 'frames') ready.resolve();
    });
    this.#socket.on('message', (message: Buffer) => {
      const text = String(message);
      if (text.includes('"#')) return this.#hear(text);
      if (protocol === 'graphql' && text.includes('"connection_ack"')) {
        this.#send({ id: '1', type: 'subscribe', payload: { query, variables } });
        ready.resolve();
      } else if (protocol === 'graphql' && text.includes('"ping"')) this.#send({ type: 'pong' });
      else if (protocol === 'socketio' && text.startsWith('0')) this.#socket.send('40');
      else if (protocol === 'socketio' && text.startsWith('40')) ready.resolve();
      else if (protocol === 'socketio' && text === '2') this.#socket.send('3');
      else if (text.includes('"errors"') || text.includes('"error"')) this.#miss(text.slice(0, 300));
    });
  }

  close(): void {
    this.#socket.removeAllListeners('close');
    this.#socket.terminate();
  }

  #send(message: object): void {
    this.#socket.send(JSON.stringify(message));
  }

  #hear(text: string): void {
    const seq = numberAfter(text, '"seq":');
    if (this.expected !== null && seq !== this.expected) this.#miss(`${seq} came instead of ${this.expected}`);
    this.expected = seq + 1;
    this.bytes = text.length;
    const began = sentAt.get(numberAfter(text, '"#'));
    if (began !== undefined) latencies.push(performance.now() - began);
    if (++delivered >= wanted) all();
  }

  #miss(what: string): void {
    this.faults++;
    this.fault ??= what;
  }
}

const numberAfter = (text: string, mark: string): number =>
  Number.parseInt(text.slice(text.indexOf(mark) + mark.length), 10);

/** Resolves when `count` more deliveries have come; throws after half a minute. */
async function deliveries(count: number): Promise<void> {
  const done = Promise.withResolvers<void>();
  all = done.resolve;
  wanted = count;
  if (delivered >= count) return;
  const timer = setTimeout(() => done.reject(new Error(`${delivered} of ${count} deliveries came`)), LIMIT_MS);
  try {
    await done.promise;
  } finally {
    clearTimeout(timer);
    wanted = Infinity;
  }
}

/** Sends one event and resolves when it is accepted. */
interface Sender {
  send(): Promise<void>;
  close(): void;
}

function openSender(entrance: Entrance): Sender {
  const text = () => `#${++sent} Everybody in the room reads this, and nobody twice`;
  if (entrance.kind === 'redis') {
    const redis = new Redis(entrance.url);
    return {
      async send() {
        const message = { id: `msg_${sent}`, seq: sent, text: text(), author: { id: 'usr_1', name: 'Ada' } };
        sentAt.set(sent, performance.now());
        const event = { __typename: 'MessageCreated', cursor: `cursor of ${sent} in the log of the room`, message };
        await redis.publish(entrance.channel, JSON.stringify(event));
      },
      close: () => redis.disconnect(),
    };
  }
  const { port } = entrance;
  const connections: Connection[] = [];
  const headers = entrance.kind === 'mutation' ? entrance.headers : {};
  const head = Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('');
  const target = `POST ${entrance.kind === 'mutation' ? '/graphql' : '/'} HTTP/1.1\r\nhost: 127.0.0.1:${port}`;
  const query = 'mutation($input:SendMessageInput!){sendMessage(input:$input){message{id}}}';
  const bodyOf = (said: string) => {
    if (entrance.kind === 'post') return { text: said };
    const clientId = `bench-${process.pid}-${sent}-${Date.now()}`;
    return { query, variables: { input: { roomId: entrance.roomId, text: said, clientId } } };
  };
  return {
    async send() {
      const connection = connections.pop() ?? new Connection(port);
      const body = JSON.stringify(bodyOf(text()));
      sentAt.set(sent, performance.now());
      const length = Buffer.byteLength(body);
      const request = `${target}\r\ncontent-type: application/json\r\n${head}content-length: ${length}\r\n\r\n${body}`;
      const answer = await connection.send(request);
      if (answer.body.includes('"errors"')) throw new Error(answer.body.toString().slice(0, 500));
      connections.push(connection);
    },
    close: () => connections.forEach((connection) => connection.close()),
  };
}

function begin(): void {
  delivered = 0;
  latencies = [];
  sentAt.clear();
  for (const listener of listeners) listener.faults = 0;
}

function findings(count: number): Delivered {
  const last = Math.max(...listeners.map(({ expected }) => expected ?? 0));
  const missing = listeners.filter(({ expected }) => expected !== last).length;
  return {
    deliveries: delivered,
    faults: listeners.reduce((sum, { faults }) => sum + faults, missing) + Math.abs(count - delivered),
    fault: listeners.find(({ fault }) => fault !== null)?.fault ?? null,
    p50: percentile(latencies, 0.5),
    p99: percentile(latencies, 0.99),
    bytes: listeners[0]?.bytes ?? 0,
  };
}

async function deliver(entrance: Entrance, events: number): Promise<Delivered> {
  const sender = openSender(entrance);
  begin();
  for (let event = 1; event <= events; event++) {
    await sender.send();
    await deliveries(event * listeners.length);
  }
  sender.close();
  return findings(events * listeners.length);
}

async function time(entrance: Entrance, events: number, perSecond: number): Promise<Delivered> {
  const sender = openSender(entrance);
  begin();
  const started = performance.now();
  const accepted: Promise<void>[] = [];
  for (let event = 0; event < events; event++) {
    const wait = started + (event * 1000) / perSecond - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    accepted.push(sender.send());
  }
  await Promise.all(accepted);
  await deliveries(events * listeners.length);
  sender.close();
  return findings(events * listeners.length);
}

async function settle(entrance: Entrance): Promise<null> {
  const sender = openSender(entrance);
  for (const end = performance.now() + LIMIT_MS; performance.now() < end;) {
    begin();
    await sender.send();
    await new Promise((resolve) => setTimeout(resolve, 1000));
    if (delivered === listeners.length) {
      sender.close();
      return null;
    }
  }
  throw new Error(`only ${delivered} of ${listeners.length} hear what is sent`);
}

async function open(wishes: Listeners): Promise<null> {
  for (let from = 0; from < wishes.params.length; from += OPENED_AT_ONCE) {
    const some = wishes.params.slice(from, from + OPENED_AT_ONCE).map((params) => new Listener(wishes, params));
    listeners.push(...some);
    await Promise.all(some.map(({ ready }) => ready));
  }
  return null;
}

function close(): null {
  listeners.forEach((listener) => listener.close());
  listeners = [];
  return null;
}

if (import.meta.main) {
  answerMessages(async (question) => {
    const asked = question as Question;
    try {
      if (asked.ask === 'open') return await open(asked.listeners);
      if (asked.ask === 'settle') return await settle(asked.entrance);
      if (asked.ask === 'deliver') return await deliver(asked.entrance, asked.events);
      if (asked.ask === 'time') return await time(asked.entrance, asked.events, asked.perSecond);
      return close();
    } catch (error) {
      return { error: String(error) };
    }
  });
}
