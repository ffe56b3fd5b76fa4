import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { writeJson } from '@chorus/kit/server';
import type { Logger } from '@chorus/kit/logger';
import { VIEWER_HEADER } from '@chorus/kit/viewer';
import { Agent, errors, request as send } from 'undici';

/** Answers a request whose path is one of the routes, and says whether it did. */
export interface Proxy {
  handle(request: IncomingMessage, response: ServerResponse, url: URL): boolean;
  stop(): Promise<void>;
}

/** They concern one connection and not the next (RFC 9110, 7.6.1); the host is the target's own. */
const HOP_BY_HOP = new Set([
  'connection',
  'host',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);
const METHODS = new Set(['GET', 'HEAD', 'POST']);
const TIMEOUT_MS = 10_000;

/**
 * Passes paths below configured prefixes on to services, both ways as streams.
 * @param routes prefix, such as `/media/`, to origin
 */
export function createProxy(routes: Readonly<Record<string, string>>, logger: Logger): Proxy {
  const agent = new Agent({
    connections: 64,
    connect: { timeout: 2000 },
    headersTimeout: TIMEOUT_MS,
    bodyTimeout: TIMEOUT_MS,
  });

  const forward = async (request: IncomingMessage, response: ServerResponse, target: URL) => {
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    try {
      const hasBody = request.method === 'POST';
      const answer = await send(target, {
        dispatcher: agent,
        method: request.method === 'HEAD' ? 'HEAD' : hasBody ? 'POST' : 'GET',
        headers: passable(request.headers),
        body: hasBody ? request : null,
        signal: gone.signal,
      });
      response.writeHead(answer.statusCode, passable(answer.headers));
      await pipeline(answer.body, response);
    } catch (error) {
      if (gone.signal.aborted && !response.writable) return; // nobody waits any more
      logger.warn({ err: error, path: target.pathname }, 'a proxied request failed');
      if (response.headersSent) response.destroy();
      else unavailable(response, error);
    }
  };

  return {
    handle(request, response, url) {
      // URL has resolved dot segments already, so a prefix that matches here is the one that the target sees.
      const route = Object.entries(routes).find(([prefix]) => url.pathname.startsWith(prefix));
      if (route === undefined) return false;
      if (!METHODS.has(request.method ?? '')) {
        response.setHeader('allow', [...METHODS].join(', '));
        writeJson(response, 405, { errors: [{ message: 'This path takes GET, HEAD and POST.' }] });
        return true;
      }
      void forward(request, response, new URL(url.pathname + url.search, route[1]));
      return true;
    },
    stop: () => agent.close(),
  };
}

function passable(headers: IncomingMessage['headers']): Record<string, string | string[]> {
  const passed: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && !HOP_BY_HOP.has(name) && name !== VIEWER_HEADER) passed[name] = value;
  }
  return passed;
}

function unavailable(response: ServerResponse, error: unknown): void {
  const late = error instanceof errors.HeadersTimeoutError || error instanceof errors.ConnectTimeoutError;
  const code = late ? 'TIMEOUT' : 'SUBGRAPH_UNAVAILABLE';
  const message = late ? 'The service took too long to answer.' : 'The service is not available right now.';
  writeJson(response, late ? 504 : 502, { errors: [{ message, extensions: { code } }] });
}
