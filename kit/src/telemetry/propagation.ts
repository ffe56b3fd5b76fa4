import { ROOT_CONTEXT, SpanKind, context, propagation, trace } from '@opentelemetry/api';
import type { Attributes, Context } from '@opentelemetry/api';
import { withSpan } from './spans.ts';

/** W3C trace context where there are no HTTP headers: in graphql-ws `extensions`, outbox rows and stream entries. */
export interface TraceCarrier {
  traceparent?: string;
  tracestate?: string;
}

/** The active trace as fields to send along; empty outside of a trace. */
export function injectTrace(): TraceCarrier {
  const carrier: TraceCarrier = {};
  propagation.inject(context.active(), carrier);
  return carrier;
}

/** Runs `fn` as part of the trace in `carrier`; what is missing or malformed there is ignored. */
export function runWithTrace<T>(carrier: object | null | undefined, fn: () => T): T {
  return context.with(extract(context.active(), carrier), fn);
}

/**
 * A PRODUCER span around handing a message to `destination` (a stream's name, no ids in it). `fn` receives the carrier
 * that must travel with the message.
 */
export async function withProducerSpan<T>(
  destination: string,
  attributes: Attributes,
  fn: (carrier: TraceCarrier) => Promise<T> | T,
): Promise<T> {
  return withSpan(
    `send ${destination}`,
    { ...messaging(destination, 'send'), ...attributes },
    () => fn(injectTrace()),
    {
      kind: SpanKind.PRODUCER,
    },
  );
}

/**
 * A CONSUMER span around handling one message from `destination`: child of the span that sent it and linked to it, so
 * that both tools that follow parents and tools that follow links show the way. Never part of the active trace.
 */
export async function withConsumerSpan<T>(
  destination: string,
  carrier: object | null | undefined,
  attributes: Attributes,
  fn: () => Promise<T> | T,
): Promise<T> {
  const parent = extract(ROOT_CONTEXT, carrier);
  const producer = trace.getSpanContext(parent);
  return withSpan(`process ${destination}`, { ...messaging(destination, 'process'), ...attributes }, fn, {
    kind: SpanKind.CONSUMER,
    parent,
    links: producer === undefined ? [] : [{ context: producer }],
  });
}

function messaging(destination: string, operation: 'send' | 'process'): Attributes {
  return {
    'messaging.system': 'redis',
    'messaging.destination.name': destination,
    'messaging.operation.name': operation,
    'messaging.operation.type': operation,
  };
}

function extract(base: Context, carrier: object | null | undefined): Context {
  return carrier ? propagation.extract(base, carrier) : base;
}
