import { expect, test } from 'vitest';
import { OtlpError } from '../../src/traces/otlp.ts';
import { createTraceStore } from '../../src/traces/store.ts';
import { id, otlpBody } from './otlp-body.ts';

const TRACE = id(32, 0xabc);
const ROOT = id(16, 1);

test('spans of several services come back as one trace, sorted, with times from its start', () => {
  const store = createTraceStore();
  store.add(
    otlpBody(TRACE, [
      {
        spanId: id(16, 2),
        parentSpanId: ROOT,
        name: 'SELECT',
        kind: 3,
        startMs: 12.5,
        durationMs: 3.25,
        attributes: [
          { key: 'db.query.text', value: { stringValue: 'SELECT 1' } },
          { key: 'count', value: { intValue: '50' } },
          { key: 'ratio', value: { doubleValue: 0.5 } },
          { key: 'cached', value: { boolValue: false } },
          { key: 'list', value: { arrayValue: { values: [{ stringValue: 'a' }] } } },
          { key: '__proto__', value: { stringValue: 'harmless' } },
        ],
        events: [{ name: 'exception', timeUnixNano: '1767225600013000000', attributes: [] }],
        links: [{ traceId: id(32, 9), spanId: id(16, 9), attributes: [] }],
        status: { code: 2, message: 'no' },
      },
    ]),
  );
  store.add(
    otlpBody(TRACE, [{ spanId: ROOT, parentSpanId: '', name: 'POST /graphql', kind: 2, durationMs: 20 }], 'router'),
  );
  expect(store.get(TRACE)).toEqual({
    traceId: TRACE,
    spans: [
      {
        spanId: ROOT,
        name: 'POST /graphql',
        kind: 'server',
        service: 'router',
        startMs: 0,
        durationMs: 20,
        attributes: {},
      },
      {
        spanId: id(16, 2),
        parentSpanId: ROOT,
        name: 'SELECT',
        kind: 'client',
        service: 'posts',
        startMs: 12.5,
        durationMs: 3.25,
        attributes: {
          'db.query.text': 'SELECT 1',
          count: 50,
          ratio: 0.5,
          cached: false,
          list: '{"values":[{"stringValue":"a"}]}',
          ['__proto__']: 'harmless',
        },
        events: [{ name: 'exception', timeMs: 13, attributes: {} }],
        links: [{ traceId: id(32, 9), spanId: id(16, 9) }],
        error: true,
      },
    ],
  });
  expect(store.list()).toEqual([
    {
      traceId: TRACE,
      name: 'POST /graphql',
      service: 'router',
      start: '2026-01-01T00:00:00.000Z',
      durationMs: 20,
      spanCount: 2,
      error: true,
    },
  ]);
  expect(store.get(TRACE.toUpperCase())?.spans).toHaveLength(2);
  expect(store.get(id(32, 1))).toBeUndefined();
});

test('the oldest trace makes room, the newest is listed first', () => {
  const store = createTraceStore({ capacity: 3 });
  for (let n = 1; n <= 5; n++) store.add(otlpBody(id(32, n), [{ spanId: ROOT }]));
  expect(store.list().map((trace) => trace.traceId)).toEqual([5, 4, 3].map((n) => id(32, n)));
  expect(store.get(id(32, 2))).toBeUndefined();
});

test('spans are bounded: within a trace, in all, and when one comes twice', () => {
  const store = createTraceStore({ maxSpansPerTrace: 4, maxSpans: 6 });
  const five = Array.from({ length: 5 }, (_, n) => ({ spanId: id(16, n + 1) }));
  store.add(otlpBody(TRACE, five));
  store.add(otlpBody(TRACE, five.slice(0, 4)));
  expect(store.get(TRACE)?.spans).toHaveLength(4);
  expect(store.get(TRACE)?.droppedSpans).toBe(1);
  store.add(otlpBody(id(32, 2), five.slice(0, 3)));
  expect(store.list().map((trace) => trace.traceId)).toEqual([id(32, 2)]);
});

test('what is not an OTLP export is refused, saying where', () => {
  const store = createTraceStore();
  const bad = [
    null,
    [],
    'text',
    { resourceSpans: {} },
    otlpBody('not hex', [{ spanId: ROOT }]),
    otlpBody(TRACE, [{ spanId: 'short' }]),
    otlpBody(TRACE, [{ spanId: ROOT, attributes: [{ value: {} }] }]),
  ];
  for (const body of bad) expect(() => store.add(body)).toThrow(OtlpError);
  expect(() => store.add(otlpBody(TRACE, [{ spanId: 'short' }]))).toThrow(
    /resourceSpans\.0.*spanId: must be 16 hex digits/,
  );
  expect(store.list()).toEqual([]);
  store.add({});
  expect(store.list()).toEqual([]);
});
