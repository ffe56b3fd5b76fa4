import { expect, test } from 'vitest';
import { waterfall, type Span } from '../graphiql/trace.ts';

const span = (spanId: string, parentSpanId: string | undefined, startMs: number): Span => ({
  spanId,
  ...(parentSpanId !== undefined && { parentSpanId }),
  name: spanId,
  service: 'router',
  startMs,
  durationMs: 1,
  attributes: {},
});

const read = (spans: Span[], limit = 100) =>
  waterfall({ traceId: 't', spans }, limit).map(({ span: { spanId }, depth }) => `${depth} ${spanId}`);

test('a span is followed by its children, earliest first', () => {
  const spans = [span('later', 'root', 5), span('leaf', 'early', 2), span('early', 'root', 1), span('root', 'page', 0)];
  expect(read(spans)).toEqual(['0 root', '1 early', '2 leaf', '1 later']);
});

test('spans whose parent has not arrived stand at the left, and the list ends at its limit', () => {
  const spans = [span('a', undefined, 0), span('b', 'missing', 1), span('c', 'b', 2)];
  expect(read(spans)).toEqual(['0 a', '0 b', '1 c']);
  expect(read(spans, 2)).toEqual(['0 a', '0 b']);
});
