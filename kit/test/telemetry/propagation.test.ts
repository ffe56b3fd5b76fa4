import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { expect, test } from 'vitest';
import {
  injectTrace,
  runWithTrace,
  shutdownTelemetry,
  traceId,
  withConsumerSpan,
  withProducerSpan,
  withSpan,
} from '../../src/telemetry/index.ts';
import type { TraceCarrier } from '../../src/telemetry/index.ts';
import { recordSpans } from './fixtures/recorder.ts';

test('without telemetry everything only calls its function', async () => {
  expect(traceId()).toBeUndefined();
  expect(injectTrace()).toEqual({});
  expect(runWithTrace({ traceparent: 'nonsense' }, () => 1)).toBe(1);
  expect(await withSpan('a', {}, () => 2)).toBe(2);
  expect(await withConsumerSpan('events:users', null, {}, () => 3)).toBe(3);
  expect(await shutdownTelemetry()).toBe(true);
});

test('a message carries its trace: its consumer is child of the producer and linked to it', async () => {
  using recorder = recordSpans();
  let sent: TraceCarrier = {};
  await withSpan('mutation', {}, () => withProducerSpan('events:users', {}, (carrier) => void (sent = carrier)));
  await withSpan('unrelated', {}, () =>
    withConsumerSpan('events:users', { ...sent }, { 'chorus.event': 'UserFollowed' }, () => undefined),
  );
  const producer = recorder.span('send events:users');
  const consumer = recorder.span('process events:users');
  expect(producer.kind).toBe(SpanKind.PRODUCER);
  expect(consumer.kind).toBe(SpanKind.CONSUMER);
  expect(consumer.spanContext().traceId).toBe(recorder.span('mutation').spanContext().traceId);
  expect(consumer.parentSpanContext?.spanId).toBe(producer.spanContext().spanId);
  expect(consumer.links.map((link) => link.context.spanId)).toEqual([producer.spanContext().spanId]);
  expect(consumer.attributes).toMatchObject({
    'messaging.destination.name': 'events:users',
    'messaging.operation.type': 'process',
    'chorus.event': 'UserFollowed',
  });
});

test('a carrier continues the trace, and a malformed one is ignored', async () => {
  using recorder = recordSpans();
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  await runWithTrace({ traceparent }, () => withSpan('continued', {}, () => undefined));
  for (const carrier of [{ traceparent: 7 }, { traceparent: 'x' }, {}, null, undefined]) {
    await runWithTrace(carrier, () =>
      withSpan('begun', {}, () => expect(traceId()).not.toBe('0af7651916cd43dd8448eb211c80319c')),
    );
  }
  expect(recorder.span('continued').parentSpanContext).toMatchObject({
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: 'b7ad6b7169203331',
  });
});

test('what a span throws is on the span and thrown on', async () => {
  using recorder = recordSpans();
  await expect(withSpan('bad', {}, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(recorder.span('bad').status).toEqual({ code: SpanStatusCode.ERROR, message: 'no' });
  expect(recorder.span('bad').events.map((event) => event.name)).toEqual(['exception']);
});
