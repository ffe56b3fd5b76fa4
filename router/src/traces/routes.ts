import type { IncomingMessage, ServerResponse } from 'node:http';
import { OtlpError } from './otlp.ts';
import { renderTrace } from './page.ts';
import type { TraceStore } from './store.ts';

const MAX_BODY = 4 * 1024 * 1024;

/** Answers the request and returns true when its path is one of the trace store's; otherwise leaves it alone. */
export type TraceHandler = (request: IncomingMessage, response: ServerResponse, url: URL) => boolean;

/**
 * The local OTLP receiver and its reader: POST /v1/traces, GET /traces, GET /traces/:traceId (JSON, or a page where the
 * client prefers HTML). Everybody may read everything: for development only.
 */
export function createTraceHandler(store: TraceStore): TraceHandler {
  return (request, response, url) => {
    if (url.pathname === '/v1/traces') {
      if (request.method !== 'POST')
        return refuse(response, 405, 'METHOD_NOT_ALLOWED', 'Send spans by POST.', { allow: 'POST' });
      receive(store, request, response).catch((error: unknown) => {
        if (error instanceof Refusal) refuse(response, error.status, error.code, error.message, error.headers);
        else response.destroy(error instanceof Error ? error : undefined);
      });
      return true;
    }
    const [, folder, traceId, ...rest] = url.pathname.split('/');
    if (folder !== 'traces' || rest.length > 0) return false;
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return refuse(response, 405, 'METHOD_NOT_ALLOWED', 'Read traces by GET.', { allow: 'GET, HEAD' });
    }
    if (!traceId) return answer(response, 200, JSON.stringify({ traces: store.list() }));
    const trace = store.get(traceId);
    if (trace === undefined) {
      return refuse(
        response,
        404,
        'NOT_FOUND',
        'No such trace. Spans take about a second to arrive, and old traces are dropped.',
      );
    }
    return prefersHtml(request.headers.accept)
      ? answer(response, 200, renderTrace(trace), {
          'content-type': 'text/html; charset=utf-8',
          'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
        })
      : answer(response, 200, JSON.stringify(trace));
  };
}

class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  readonly headers: Record<string, string>;
  constructor(status: number, code: string, message: string, headers: Record<string, string> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

async function receive(store: TraceStore, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [type] = (request.headers['content-type'] ?? '').split(';', 1);
  if (
    type?.trim().toLowerCase() !== 'application/json' ||
    (request.headers['content-encoding'] ?? 'identity') !== 'identity'
  ) {
    request.resume();
    throw new Refusal(
      415,
      'UNSUPPORTED_MEDIA_TYPE',
      'Send OTLP as plain application/json (OTEL_EXPORTER_OTLP_PROTOCOL=http/json).',
    );
  }
  const body = await readBody(request);
  try {
    store.add(JSON.parse(body));
  } catch (error) {
    if (error instanceof SyntaxError)
      throw new Refusal(400, 'BAD_USER_INPUT', `The body is not JSON: ${error.message}`);
    if (error instanceof OtlpError) throw new Refusal(400, 'BAD_USER_INPUT', error.message);
    throw error;
  }
  answer(response, 200, '{}');
}

async function readBody(request: IncomingMessage): Promise<string> {
  // The rest of a body too large is not read: the connection closes with the answer.
  const tooLarge = new Refusal(413, 'BAD_USER_INPUT', `The body exceeds ${MAX_BODY} bytes; export smaller batches.`, {
    connection: 'close',
  });
  if (Number(request.headers['content-length'] ?? 0) > MAX_BODY) throw tooLarge;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    if (!Buffer.isBuffer(chunk)) continue;
    size += chunk.length;
    if (size > MAX_BODY) throw tooLarge;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Whether HTML stands before JSON in the Accept header; browsers say so, fetch and curl do not. */
function prefersHtml(accept: string | undefined): boolean {
  const types = (accept ?? '').split(',').map((type) => type.split(';', 1)[0]?.trim());
  const html = types.indexOf('text/html');
  const json = types.indexOf('application/json');
  return html !== -1 && (json === -1 || html < json);
}

function refuse(
  response: ServerResponse,
  status: number,
  code: string,
  message: string,
  headers: Record<string, string> = {},
): true {
  return answer(response, status, JSON.stringify({ errors: [{ message, extensions: { code } }] }), headers);
}

function answer(response: ServerResponse, status: number, body: string, headers: Record<string, string> = {}): true {
  response.writeHead(status, {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    vary: 'accept',
    ...headers,
  });
  response.end(body);
  return true;
}
