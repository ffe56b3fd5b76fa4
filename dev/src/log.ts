import { createColors } from 'picocolors';

type Level = 'debug' | 'info' | 'warn' | 'error';

/** Where the stack tells what happens: one readable line per event on a terminal, one JSON object a line elsewhere. */
export interface Log {
  info(message: string, fields?: object): void;
  warn(message: string, fields?: object): void;
  error(message: string, fields?: object): void;
  /** A line that a service wrote: the JSON of its logger, or anything else. */
  line(service: string, text: string): void;
  /** Text for a reader at a terminal; left out of JSON. */
  text(text: string): void;
}

export interface LogOptions {
  write: (text: string) => void;
  /** True for lines to be read by a person. */
  readable: boolean;
  /** Undefined, as isTTY is off a terminal whatever its type says, is no. */
  colours: boolean | undefined;
}

/** The stack's own name in the log. */
const OWN_NAME = 'chorus';

export function createLog({ write, readable, colours }: LogOptions): Log {
  const format = readable ? readableFormat(colours) : (event: Event) => JSON.stringify(event);
  const own =
    (level: Level) =>
    (msg: string, fields: object = {}) =>
      write(`${format({ level, time: new Date().toISOString(), service: OWN_NAME, ...fields, msg })}\n`);
  return {
    info: own('info'),
    warn: own('warn'),
    error: own('error'),
    line(service, text) {
      if (text.trim() === '') return;
      const event = parseEvent(text);
      // What is JSON already goes on as it is, byte for byte.
      if (event && !readable) return write(`${text}\n`);
      const time = new Date().toISOString();
      write(`${format(event ? { ...event, service } : { level: 'warn', time, service, msg: text })}\n`);
    },
    text: (text) => (readable ? write(`${text}\n`) : undefined),
  };
}

/** A log that drops everything, for stacks whose output nobody reads. */
export const silentLog: Log = createLog({ write: () => undefined, readable: false, colours: false });

interface Event {
  level: string | number;
  time: string | number;
  service: string;
  msg: string;
  [field: string]: unknown;
}

function parseEvent(text: string): Event | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    const { level = 'info', time = Date.now(), service = '', msg = '', ...rest } = JSON.parse(text) as Partial<Event>;
    return { level, time, service, msg, ...rest };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const PINO_LEVELS: Record<number, string> = {
  10: 'trace',
  20: 'debug',
  30: 'info',
  40: 'warn',
  50: 'error',
  60: 'fatal',
};
/** Of no use to a person who reads along. */
const HIDDEN = new Set([
  'level',
  'time',
  'service',
  'msg',
  'err',
  'error',
  'pid',
  'hostname',
  'trace_id',
  'span_id',
  'v',
]);

function readableFormat(colours: boolean | undefined): (event: Event) => string {
  // Left undefined, the choice would be picocolors' own.
  const paint = createColors(colours ?? false);
  const names: Record<string, (text: string) => string> = {
    [OWN_NAME]: paint.bold,
    users: paint.cyan,
    posts: paint.green,
    chat: paint.magenta,
    media: paint.blue,
    router: paint.yellow,
  };
  return (event) => {
    const time = new Date(event.time).toTimeString().slice(0, 8);
    const level = typeof event.level === 'number' ? (PINO_LEVELS[event.level] ?? 'info') : event.level;
    const mark = ['error', 'fatal'].includes(level)
      ? paint.red
      : level === 'warn'
        ? paint.yellow
        : (text: string) => text;
    const name = (names[event.service] ?? paint.gray)(event.service.padEnd(7));
    const fields = Object.entries(event)
      .filter(([key]) => !HIDDEN.has(key))
      .map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
      .join(' ');
    const message = event.msg.replaceAll(/\s*\n\s*/g, ' '); // libraries log lists
    const failure = describeError(event['err'] ?? event['error']);
    return [
      `${paint.dim(time)} ${name} ${mark(message)}${fields === '' ? '' : ` ${paint.dim(fields)}`}`,
      ...(failure === '' ? [] : failure.split('\n').map((line) => paint.dim(`${' '.repeat(17)}${line}`))),
    ].join('\n');
  };
}

function describeError(error: unknown): string {
  if (typeof error === 'string') return error;
  if (typeof error !== 'object' || error === null) return '';
  const { stack, message } = error as { stack?: unknown; message?: unknown };
  return typeof stack === 'string' ? stack : typeof message === 'string' ? message : '';
}

/** Tells every five seconds that `work` still goes on, so that a long step is not taken for a standstill. */
export async function withProgress<T>(log: Log, what: string, work: Promise<T>): Promise<T> {
  const started = Date.now();
  const timer = setInterval(() => log.info(`${what}: ${Math.round((Date.now() - started) / 1000)} s so far`), 5000);
  try {
    return await work;
  } finally {
    clearInterval(timer);
  }
}
