import { settle } from '@chorus/kit/testing';
import { SpanKind } from '@opentelemetry/api';
import type { FormattedExecutionResult } from 'graphql';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Recorder, recordSpans } from '../../kit/test/telemetry/fixtures/recorder.ts';
import { startPlain } from './fixture/plain.ts';
import { type Fixture, startFixture } from './fixture/router.ts';

let recorder: Recorder;
let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
});
beforeEach(() => {
  recorder = recordSpans();
});
afterEach(() => recorder[Symbol.dispose]());
afterAll(() => fixture.stop());

const named = (name: string) => recorder.spans().filter((span) => span.name === name);

test('an operation says what it was, what it called, and whether its plan was known', async () => {
  const query = 'query Notes { notes { author { name } } }';
  for (const _ of ['planned', 'from the cache']) {
    const answer = await fixture.ask(query);
    expect(answer.headers.get('chorus-trace-id')).toMatch(/^[0-9a-f]{32}$/);
  }
  const common = {
    'graphql.operation.type': 'query',
    'graphql.operation.name': 'Notes',
    'graphql.document.hash': expect.stringMatching(/^sha256:[0-9a-f]{64}$/) as string,
    'chorus.subgraph.calls': 2,
    'chorus.errors': 0,
  };
  expect(named('router.operation').map(({ attributes }) => attributes)).toEqual([
    { ...common, 'chorus.plan.cache_hit': false },
    { ...common, 'chorus.plan.cache_hit': true },
  ]);
  expect(
    named('router.fetch')
      .map(({ attributes }) => attributes)
      .slice(0, 2),
  ).toEqual([
    { 'chorus.subgraph': 'notes' },
    { 'chorus.subgraph': 'people', 'chorus.entities.requested': 3, 'chorus.entities.unique': 2 },
  ]);
});

test('a call that is sent twice is one span that says so, and both times the service is told of it', async () => {
  const plain = await startPlain();
  const told: (string | undefined)[] = [];
  plain.answers((request, response) => {
    told.push(String(request.headers['traceparent']).split('-')[2]);
    request.resume();
    if (told.length === 1) response.destroy();
    else response.end('{"data":{"greeting":"hello"}}');
  });
  await plain.ask('{ greeting }');
  await plain.stop();
  const [span, ...others] = named('router.fetch');
  expect(others).toEqual([]);
  expect(span?.attributes).toEqual({ 'chorus.subgraph': 'constructor', 'http.request.resend_count': 1 });
  expect(span?.kind).toBe(SpanKind.CLIENT);
  expect(told).toEqual([span?.spanContext().spanId, span?.spanContext().spanId]);
});

test('errors are counted', async () => {
  await fixture.ask('{ broken refused }');
  await fixture.ask('{ nothing }');
  expect(named('router.operation').map(({ attributes }) => attributes['chorus.errors'])).toEqual([2, 1]);
});

test.each([
  ['of its own', undefined],
  ['of the client that sent one', '0af7651916cd43dd8448eb211c80319c'],
])('a subscription and all of its events are one trace: one %s', async (_what, sent) => {
  const { client } = fixture.connect();
  const events = client.iterate({
    query: 'subscription Live { notes { note { text author { name } } } }',
    extensions: sent === undefined ? {} : { traceparent: `00-${sent}-b7ad6b7169203331-01` },
  }) as AsyncIterableIterator<FormattedExecutionResult>;
  await settle(() => fixture.world.subscribers() === 1);
  for (const number of [1, 2]) {
    fixture.world.publish(number);
    await events.next();
  }
  await events.return?.();
  await settle(() => fixture.world.subscribers() === 0);

  const operations = named('router.operation');
  expect(operations.map(({ attributes }) => attributes)).toMatchObject([
    { 'graphql.operation.type': 'subscription', 'graphql.operation.name': 'Live' },
    { 'graphql.operation.name': 'Live', 'chorus.subgraph.calls': 2, 'chorus.errors': 0 },
    { 'graphql.operation.name': 'Live', 'chorus.subgraph.calls': 2, 'chorus.errors': 0 },
  ]);
  // The subgraph's half: what it did to subscribe and for each event.
  const [subscribed, first, second] = operations;
  const inside = [...named('subscribe'), ...named('event')];
  expect(inside).toHaveLength(3);
  const traceIds = new Set([...operations, ...inside].map((span) => span.spanContext().traceId));
  expect([...traceIds]).toEqual([sent ?? subscribed?.spanContext().traceId]);
  for (const span of [first, second, ...inside]) {
    expect(span?.parentSpanContext?.spanId).toBe(subscribed?.spanContext().spanId);
  }
});
