import { parseOtlp, roundMs } from './otlp.ts';
import type { Span } from './otlp.ts';

export interface Trace {
  traceId: string;
  /** By start; `startMs` and the events' `timeMs` count from the start of the first. */
  spans: Span[];
  /** How many more spans came than are kept; absent when none. */
  droppedSpans?: number;
}

export interface TraceSummary {
  traceId: string;
  /** Name and service of the root, or of the earliest span while the root has not arrived. */
  name: string;
  service: string;
  /** ISO 8601. */
  start: string;
  durationMs: number;
  spanCount: number;
  error: boolean;
}

export interface TraceStore {
  /**
   * Takes one OTLP export (JSON, already parsed); a span that comes twice is kept once.
   * @throws OtlpError when the body is not one
   */
  add(otlpJsonBody: unknown): void;
  get(traceId: string): Trace | undefined;
  /** Newest first. */
  list(): TraceSummary[];
}

interface Entry {
  spans: Map<string, Span>;
  dropped: number;
}

/**
 * The last traces of the local stack, in memory. The oldest trace goes when there are more than `capacity` traces, or
 * more than `maxSpans` spans in all of them.
 */
export function createTraceStore({ capacity = 500, maxSpansPerTrace = 2000, maxSpans = 50_000 } = {}): TraceStore {
  const traces = new Map<string, Entry>();
  let total = 0;

  function keep(traceId: string, span: Span): void {
    const entry = traces.get(traceId) ?? { spans: new Map<string, Span>(), dropped: 0 };
    traces.set(traceId, entry);
    if (!entry.spans.has(span.spanId)) {
      if (entry.spans.size >= maxSpansPerTrace) {
        entry.dropped++;
        return;
      }
      total++;
    }
    entry.spans.set(span.spanId, span);
    for (const [oldestId, oldest] of traces) {
      if (traces.size <= capacity && (total <= maxSpans || traces.size === 1)) break;
      traces.delete(oldestId);
      total -= oldest.spans.size;
    }
  }

  return {
    add: (body) => parseOtlp(body).forEach(({ traceId, span }) => keep(traceId, span)),
    get(traceId) {
      const entry = traces.get(traceId.toLowerCase());
      return entry && toTrace(traceId.toLowerCase(), entry);
    },
    list: () => Array.from(traces, ([traceId, entry]) => summarize(traceId, entry)).toReversed(),
  };
}

function toTrace(traceId: string, { spans, dropped }: Entry): Trace {
  const sorted = byStart(spans);
  const origin = sorted[0]?.startMs ?? 0;
  return {
    traceId,
    spans: sorted.map(({ events, ...span }) => ({
      ...span,
      startMs: roundMs(span.startMs - origin),
      ...(events && { events: events.map((event) => ({ ...event, timeMs: roundMs(event.timeMs - origin) })) }),
    })),
    ...(dropped > 0 && { droppedSpans: dropped }),
  };
}

function summarize(traceId: string, { spans, dropped }: Entry): TraceSummary {
  const sorted = byStart(spans);
  const root = sorted.find((span) => span.parentSpanId === undefined) ?? sorted[0];
  const startMs = sorted[0]?.startMs ?? 0;
  return {
    traceId,
    name: root?.name ?? '',
    service: root?.service ?? '',
    start: new Date(startMs).toISOString(),
    durationMs: roundMs(Math.max(0, ...sorted.map((span) => span.startMs + span.durationMs)) - startMs),
    spanCount: spans.size + dropped,
    error: sorted.some((span) => span.error === true),
  };
}

/** Starts come in whole milliseconds, so the longer of two goes first: it is the outer one. */
function byStart(spans: Map<string, Span>): Span[] {
  return [...spans.values()].toSorted((a, b) => a.startMs - b.startMs || b.durationMs - a.durationMs);
}
