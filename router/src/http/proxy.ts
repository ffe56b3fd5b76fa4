import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CircuitBreaker, type Outcome } from '@chorus/kit/circuit-breaker';
import type { ErrorCode } from '@chorus/kit/errors';
import type { Logger } from '@chorus/kit/logger';
import { discardRest, writeJson } from '@chorus/kit/http';
import { VIEWER_HEADER } from '@chorus/kit/viewer';
import { Agent, errors, request as send } from 'undici';
import { Bulkhead, BulkheadFull } from '../gateway/bulkhead.ts';
import { CallWatch, late, WatchedCall } from '../gateway/call-watch.ts';
import { filterCookies } from '../gateway/passed-headers.ts';

/** Answers a request whose path is one of the routes, and says whether it did. */
export interface Proxy {
  handle(request: IncomingMessage, response: ServerResponse, url: URL): boolean;
  stop(): Promise<void>;
}

export interface ProxyOptions {
  /** Prefix, which begins and ends with a slash, to origin: `/media/` to `http://127.0.0.1:4004`. */
  routes: Readonly<Record<string, string>>;
  /** Who asks; the service is told in X-Forwarded-For. */
  addressOf: (request: IncomingMessage) => string;
  /** Milliseconds that a service may take to begin its answer, and to go on with it. */
  timeoutMs: number;
  /** Bytes of a request's body. */
  maxBody: number;
  /** Cookies that only some origins may see, by name; all others go everywhere. */
  cookieOrigins: ReadonlyMap<string, ReadonlySet<string>>;
  logger: Logger;
}

/** They concern one connection and not the next (RFC 9110, 7.6.1), Expect among them: Node has answered it already. */
const HOP_BY_HOP = [
  'connection',
  'expect',
  'host',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];
/** What only a router may say about a client. */
const OURS = /^(?:forwarded|x-forwarded-.*|x-real-ip)$/;
const METHODS = new Set(['GET', 'HEAD', 'POST']);
/** What is one segment of the path here might be two, and one of them dots, to a service that decodes it. */
const DISGUISED = /%(?:2f|5c|00)/i;
const CONNECT_TIMEOUT_MS = 2000;
/** To one service: so many at once, and so many that wait for one of those to end. */
const MAX_CONNECTIONS = 256;
const MAX_WAITING = 512;

/** Passes paths below configured prefixes on to services, both ways as streams. */
export function createProxy(options: ProxyOptions): Proxy {
  const { routes, addressOf, timeoutMs, maxBody, cookieOrigins, logger } = options;
  const agent = new Agent({
    connections: MAX_CONNECTIONS,
    connect: { timeout: CONNECT_TIMEOUT_MS },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
  });

  const watch = new CallWatch();
  const services = new Map(
    Object.entries(routes).map(([prefix, origin]): [string, Service] => {
      const said = (state: string) => logger.warn({ prefix }, `requests to a proxied service: circuit ${state}`);
      const bulkhead = new Bulkhead({ concurrent: MAX_CONNECTIONS, waiting: MAX_WAITING });
      return [prefix, { origin, bulkhead, breaker: new CircuitBreaker(said) }];
    }),
  );

  /** Passes the request on, once it is its turn. @returns whether the service did its part */
  const pass = async (request: IncomingMessage, response: ServerResponse, target: URL, gone: AbortSignal) => {
    const headers = requestHeaders(request.headers);
    const cookies = filterCookies(
      request.headers.cookie ?? '',
      (name) => cookieOrigins.get(name)?.has(target.origin) ?? true,
    );
    delete headers['cookie'];
    const answer = await send(target, {
      dispatcher: agent,
      method: request.method as 'GET' | 'HEAD' | 'POST',
      headers: { ...headers, ...(cookies !== '' && { cookie: cookies }), 'x-forwarded-for': addressOf(request) },
      body: request.method === 'POST' ? Readable.from(limited(request, maxBody), { objectMode: false }) : null,
      signal: gone,
    });
    response.writeHead(answer.statusCode, passable(answer.headers));
    await pipeline(answer.body, response);
    return answer.statusCode < 502 || answer.statusCode > 504;
  };

  const forward = async (request: IncomingMessage, response: ServerResponse, target: URL, service: Service) => {
    const { breaker, bulkhead } = service;
    const admitted = breaker.admit(performance.now());
    if (admitted === 0) return busy(response, breaker.retryAfter(performance.now()));
    let outcome: Outcome = 'unknown';
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const call = new WatchedCall(gone.signal, performance.now() + timeoutMs);
    watch.add(call);
    try {
      if (Number(request.headers['content-length']) > maxBody) throw new BodyTooLarge();
      const turn = bulkhead.enter();
      if (turn !== null) await call.waitFor(turn).promise;
      try {
        outcome = (await pass(request, response, target, gone.signal)) ? 'success' : 'failure';
      } finally {
        bulkhead.leave();
      }
    } catch (error) {
      if (gone.signal.aborted) return; // nobody waits any more
      if (error instanceof BulkheadFull) return busy(response, 1);
      if (error instanceof BodyTooLarge && !response.headersSent) {
        refuse(response, 413, 'BAD_USER_INPUT', `The body is larger than ${maxBody} bytes.`);
        return discardRest(request);
      }
      // What undici refuses to send says nothing about the service.
      if (!(error instanceof errors.InvalidArgumentError)) outcome = 'failure';
      logger.warn({ err: error, path: target.pathname }, 'a proxied request failed');
      if (response.headersSent) response.destroy();
      else unavailable(response, error);
    } finally {
      watch.delete(call);
      breaker.record(admitted, outcome, performance.now());
    }
  };

  return {
    handle(request, response, url) {
      // URL has resolved dot segments already, encoded ones too, so the prefix that matches is what the target sees.
      const [, service] = [...services].find(([prefix]) => url.pathname.startsWith(prefix)) ?? [];
      if (service === undefined) return false;
      if (DISGUISED.test(url.pathname)) {
        refuse(response, 400, 'BAD_USER_INPUT', 'A path takes no encoded separators.');
      } else if (METHODS.has(request.method ?? '')) {
        void forward(request, response, new URL(url.pathname + url.search, service.origin), service);
      } else {
        response.setHeader('allow', [...METHODS].join(', '));
        refuse(response, 405, 'BAD_USER_INPUT', 'This path takes GET, HEAD and POST.');
      }
      return true;
    },
    stop: () => agent.close(),
  };
}

interface Service {
  origin: string;
  bulkhead: Bulkhead;
  breaker: CircuitBreaker;
}

class BodyTooLarge extends Error {}

/** The body as it comes in; it breaks off where it is longer than it may be. */
async function* limited(request: IncomingMessage, maxBytes: number): AsyncGenerator<Buffer, void> {
  let size = 0;
  // Leaving the loop must not destroy the request: the socket would go with it, and the answer.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) throw new BodyTooLarge();
    yield chunk;
  }
}

/** Nobody but the router says who a client is. */
const requestHeaders = (headers: IncomingHttpHeaders) =>
  Object.fromEntries(Object.entries(passable(headers)).filter(([name]) => name !== VIEWER_HEADER && !OURS.test(name)));

function passable(headers: IncomingHttpHeaders): Record<string, string | string[]> {
  const named = (headers.connection ?? '')
    .toLowerCase()
    .split(',')
    .map((name) => name.trim());
  const dropped = new Set([...HOP_BY_HOP, ...named]);
  const passed: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && !dropped.has(name)) passed[name] = value;
  }
  return passed;
}

function unavailable(response: ServerResponse, error: unknown): void {
  if (error === late || error instanceof errors.HeadersTimeoutError || error instanceof errors.ConnectTimeoutError) {
    refuse(response, 504, 'TIMEOUT', 'The service took too long to answer. Try again.');
  } else {
    refuse(response, 502, 'SUBGRAPH_UNAVAILABLE', 'The service is not available right now. Try again in a moment.');
  }
}

function busy(response: ServerResponse, retryAfter: number): void {
  response.setHeader('retry-after', retryAfter);
  refuse(response, 503, 'SUBGRAPH_UNAVAILABLE', 'The service is not available right now. Try again in a moment.');
}

const refuse = (response: ServerResponse, status: number, code: ErrorCode, message: string): void =>
  writeJson(response, status, { errors: [{ message, extensions: { code } }] });
