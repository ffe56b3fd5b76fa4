import {
  ProxyTracerProvider,
  SpanStatusCode,
  TraceFlags,
  context,
  isSpanContextValid,
  trace,
} from '@opentelemetry/api';
import type { Attributes, Context, Exception, Link, Span, SpanKind, Tracer } from '@opentelemetry/api';

export interface SpanSettings {
  kind?: SpanKind;
  links?: Link[];
  /** Instead of the active context. */
  parent?: Context;
}

/** The tracer of everything that is ours; a no-op one until register.ts has run. */
export function tracer(): Tracer {
  return trace.getTracer('chorus');
}

/**
 * Runs `fn` inside a span of that name; what `fn` throws is recorded on the span and thrown on. In a trace that is not
 * recorded the span is the one around it: nobody will see another, and it would not be free.
 */
export function withSpan<T>(
  name: string,
  attributes: Attributes,
  fn: (span: Span) => Promise<T> | T,
  { parent, ...options }: SpanSettings = {},
): Promise<T> {
  const around = parent === undefined ? trace.getActiveSpan() : undefined;
  if (around !== undefined && (around.spanContext().traceFlags & TraceFlags.SAMPLED) === 0)
    return promised(() => fn(around));
  return tracer().startActiveSpan(name, { ...options, attributes }, parent ?? context.active(), async (span) => {
    try {
      return await fn(span);
    } catch (error) {
      failSpan(span, error);
      throw error;
    } finally {
      span.end();
    }
  });
}

/** What `fn` gives as a promise: its own, if it is one already. */
function promised<T>(fn: () => Promise<T> | T): Promise<T> {
  try {
    const result = fn();
    return result instanceof Promise ? result : Promise.resolve(result);
  } catch (error) {
    return Promise.reject(error);
  }
}

/** Marks the span as failed by `error`. */
export function failSpan(span: Span, error: unknown): void {
  const exception: Exception = error instanceof Error ? error : String(error);
  span.recordException(exception);
  span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.message : String(error) });
}

/** Id of the active trace, 32 hex digits, or undefined outside of one. */
export function traceId(): string | undefined {
  const spanContext = trace.getActiveSpan()?.spanContext();
  return spanContext !== undefined && isSpanContextValid(spanContext) ? spanContext.traceId : undefined;
}

/**
 * Sends the spans still waiting and ends tracing; the last step of a graceful stop. Never rejects and takes at most
 * `timeoutMs`: resolves to false when the spans could not be delivered in that time, to true otherwise.
 */
export async function shutdownTelemetry(timeoutMs = 2000): Promise<boolean> {
  const provider = trace.getTracerProvider();
  const delegate = provider instanceof ProxyTracerProvider ? provider.getDelegate() : provider;
  if (!('shutdown' in delegate) || typeof delegate.shutdown !== 'function') return true;
  const timeout = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => timeout.resolve(false), timeoutMs);
  const delivered = Promise.resolve(delegate.shutdown()).then(
    () => true,
    () => false,
  );
  try {
    return await Promise.race([delivered, timeout.promise]);
  } finally {
    clearTimeout(timer);
  }
}
