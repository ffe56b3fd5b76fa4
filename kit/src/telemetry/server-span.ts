import type { IncomingMessage, ServerResponse } from 'node:http';
import { ROOT_CONTEXT, SpanKind, SpanStatusCode, context, propagation, trace } from '@opentelemetry/api';
import { tracer } from './spans.ts';

/**
 * Runs `fn` inside the SERVER span of an HTTP request, which is part of the caller's trace if the request names one, and
 * ends with the response. Instead of the instrumentation of node:http: that one costs twice what Node's own server does,
 * also when a trace is not recorded (`npm run bench -- router`).
 * @param route what is answered, with no ids in it; undefined where only the method is known
 */
export function withServerSpan<T>(
  request: IncomingMessage,
  response: ServerResponse,
  route: string | undefined,
  fn: () => T,
): T {
  const { method = 'GET', headers } = request;
  const parent = headers['traceparent'] === undefined ? ROOT_CONTEXT : propagation.extract(ROOT_CONTEXT, headers);
  const span = tracer().startSpan(
    route === undefined ? method : `${method} ${route}`,
    { kind: SpanKind.SERVER },
    parent,
  );
  if (span.isRecording()) {
    span.setAttributes({
      'http.request.method': method,
      'url.scheme': 'http',
      // Without the query: it may hold signatures and grants.
      'url.path': request.url?.split('?', 1)[0] ?? '/',
      ...(route !== undefined && { 'http.route': route }),
      ...(headers['user-agent'] !== undefined && { 'user_agent.original': headers['user-agent'] }),
    });
    response.once('close', () => {
      span.setAttribute('http.response.status_code', response.statusCode);
      if (response.statusCode >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end();
    });
  }
  return context.with(trace.setSpan(parent, span), fn);
}
