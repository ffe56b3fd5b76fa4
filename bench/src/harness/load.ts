import { createHash, randomBytes } from 'node:crypto';
import { Connection } from './connection.ts';
import type { Message } from './http1.ts';
import { answerMessages, type Worker, startWorker } from './processes.ts';
import { percentile } from './statistics.ts';

/** What to ask of a server, and for how long. */
export interface Job {
  port: number;
  path: string;
  /** Bodies of POST requests, taken in turn. */
  bodies: readonly string[];
  /** Values of the Authorization header, taken in turn; `unique`: another one each time; `none`: no such header. */
  identities: readonly string[] | 'unique' | 'none';
  /** More headers: the same each time, or of several values taken in turn. */
  headers?: Readonly<Record<string, string | readonly string[]>>;
  /** Each sends its next request when it has the answer to the last. */
  connections: number;
  /** Requests a second, at even distances, as far as connections are free. A wait for one counts as a wait for the answer. */
  rate?: number;
  /** No request begins after so many seconds; those begun are waited for. */
  seconds?: number;
  /** No more requests than these. */
  requests?: number;
}

export interface Outcome {
  requests: number;
  /** Answers other than status 200 without `errors`, and requests without answer. */
  failures: number;
  /** What the first failure looked like. */
  failure: string | null;
  /** Milliseconds. */
  p50: number;
  p99: number;
  /** Bytes of one answer. */
  bytes: number;
  /** Hashes of the different `data` that came, at most ten. */
  answers: string[];
}

const MAX_ANSWERS = 10;

/** A process of its own that makes load. */
export const startLoad = (): Worker => startWorker({ args: [import.meta.filename] });

/** Runs one job. */
export async function runJob(job: Job): Promise<Outcome> {
  const { port, path, bodies, identities, headers = {}, rate, seconds = Infinity, requests = Infinity } = job;
  const more = Object.entries(headers).map(([name, value]) => (turn: number) => {
    const one = typeof value === 'string' ? value : value[turn % value.length];
    return `${name}: ${one}\r\n`;
  });
  const tails = bodies.map((body) => `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  const head = `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\ncontent-type: application/json\r\naccept: application/json\r\n`;
  const run = randomBytes(24).toString('base64url');
  const authorization = (turn: number): string => {
    if (identities === 'none') return '';
    const value = identities === 'unique' ? `Bearer ${run}.${turn}` : (identities[turn % identities.length] ?? '');
    return `authorization: ${value}\r\n`;
  };
  const answers = new Answers();
  const latencies: number[] = [];
  const start = performance.now();
  const end = start + seconds * 1000;
  let sent = 0;

  const client = async () => {
    let connection = new Connection(port);
    while (sent < requests && performance.now() < end) {
      const turn = sent++;
      const began = rate === undefined ? performance.now() : await reached(start + (turn * 1000) / rate);
      const own = more.map((header) => header(turn)).join('');
      try {
        const message = await connection.send(head + own + authorization(turn) + (tails[turn % tails.length] ?? ''));
        latencies.push(performance.now() - began);
        answers.add(message);
      } catch (error) {
        answers.fail(String(error));
        connection.close();
        connection = new Connection(port);
      }
    }
    connection.close();
  };
  await Promise.all(Array.from({ length: job.connections }, client));
  return {
    requests: sent,
    ...answers.summary(),
    p50: percentile(latencies, 0.5),
    p99: percentile(latencies, 0.99),
  };
}

/** Waits until then, unless it is past. @returns when whatever is to happen then should begin */
async function reached(time: number): Promise<number> {
  const wait = time - performance.now();
  if (wait <= 0) return time;
  await new Promise((resolve) => setTimeout(resolve, wait));
  // Timers are late by up to a millisecond, which is no fault of who answers.
  return performance.now();
}

/** Tells equal answers from others at the price of comparing bytes; only different bytes are parsed. */
class Answers {
  readonly #hashes = new Set<string>();
  #last: Buffer | null = null;
  #failures = 0;
  #failure: string | null = null;

  add({ head, body }: Message): void {
    if (!head.startsWith('HTTP/1.1 200'))
      return this.fail(`${head.split('\r\n', 1)[0]} ${body.toString().slice(0, 500)}`);
    if (this.#last?.equals(body) === true) return;
    const answer = parsed(body);
    if (answer === null || answer.errors !== undefined) return this.fail(body.toString().slice(0, 500));
    // The reader's memory is a piece of a larger one.
    this.#last = Buffer.from(body);
    if (this.#hashes.size < MAX_ANSWERS) this.#hashes.add(hashOf(answer.data));
  }

  fail(what: string): void {
    this.#failures++;
    this.#failure ??= what;
  }

  summary() {
    return {
      failures: this.#failures,
      failure: this.#failure,
      bytes: this.#last?.length ?? 0,
      answers: [...this.#hashes],
    };
  }
}

function parsed(body: Buffer): { data?: unknown; errors?: unknown } | null {
  try {
    const value: unknown = JSON.parse(body.toString());
    return typeof value === 'object' ? value : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** The same for equal JSON, whatever the order of keys. */
export function hashOf(value: unknown): string {
  const sorted = JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
  return createHash('sha256')
    .update(sorted ?? '')
    .digest('hex')
    .slice(0, 16);
}

if (import.meta.main) answerMessages((job) => runJob(job as Job));
