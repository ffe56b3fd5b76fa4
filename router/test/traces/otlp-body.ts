interface SpanInput {
  spanId: string;
  parentSpanId?: string;
  name?: string;
  kind?: number;
  /** Milliseconds after the body's origin. */
  startMs?: number;
  durationMs?: number;
  attributes?: unknown[];
  events?: unknown[];
  links?: unknown[];
  status?: unknown;
}

/** 2026-01-01T00:00:00Z in nanoseconds; beyond what a double holds exactly, as real times are. */
const ORIGIN = 1_767_225_600_000_000_000n;

export const id = (digits: number, value: number) => value.toString(16).padStart(digits, '0');

/** An OTLP export of one service, shaped as the exporter sends it. */
export function otlpBody(traceId: string, spans: SpanInput[], service = 'posts'): object {
  const nanos = (ms: number) => String(ORIGIN + BigInt(Math.round(ms * 1e6)));
  return {
    resourceSpans: [
      {
        resource: { attributes: [{ key: 'service.name', value: { stringValue: service } }], droppedAttributesCount: 0 },
        scopeSpans: [
          {
            scope: { name: 'chorus', version: '1' },
            spans: spans.map(({ startMs = 0, durationMs = 1, ...span }) => ({
              name: 'span',
              kind: 1,
              attributes: [],
              droppedAttributesCount: 0,
              status: { code: 0 },
              flags: 257,
              ...span,
              traceId,
              startTimeUnixNano: nanos(startMs),
              endTimeUnixNano: nanos(startMs + durationMs),
            })),
          },
        ],
      },
    ],
  };
}
