import { z } from 'zod';

/** One span. `/traces/:traceId` answers the same, with times counted from the trace's start. */
export interface Span {
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: SpanKind;
  service: string;
  /** Milliseconds since 1970, with microseconds behind the point. */
  startMs: number;
  durationMs: number;
  attributes: Attributes;
  events?: { name: string; timeMs: number; attributes: Attributes }[];
  links?: { traceId: string; spanId: string }[];
  error?: true;
}

export type Attributes = Record<string, unknown>;
export type SpanKind = (typeof KINDS)[number];

const KINDS = ['internal', 'server', 'client', 'producer', 'consumer'] as const;
const STATUS_ERROR = 2;
const MAX_TEXT = 4096;
const MAX_ATTRIBUTES = 64;
const MAX_LIST = 32;

const hexId = (digits: number) =>
  z.string().regex(new RegExp(`^[0-9a-fA-F]{${digits}}$`), `must be ${digits} hex digits`);
const nanos = z.union([
  z.string().regex(/^\d{1,20}$/, 'must be nanoseconds as a string of digits'),
  z.number().min(0).max(1e20),
]);
const attributes = z
  .array(z.object({ key: z.string(), value: z.record(z.string(), z.unknown()).nullish() }))
  .max(1000)
  .nullish();

const spanSchema = z.object({
  traceId: hexId(32),
  spanId: hexId(16),
  parentSpanId: z.union([hexId(16), z.literal('')]).nullish(),
  name: z.string(),
  kind: z.number().int().nullish(),
  startTimeUnixNano: nanos,
  endTimeUnixNano: nanos,
  attributes,
  events: z.array(z.object({ name: z.string().nullish(), timeUnixNano: nanos, attributes })).nullish(),
  links: z.array(z.object({ traceId: hexId(32), spanId: hexId(16) })).nullish(),
  status: z.object({ code: z.number().nullish() }).nullish(),
});

const exportRequest = z.object({
  resourceSpans: z
    .array(
      z.object({
        resource: z.object({ attributes }).nullish(),
        scopeSpans: z
          .array(
            z.object({
              spans: z.array(spanSchema).nullish(),
            }),
          )
          .nullish(),
      }),
    )
    .nullish(),
});

type OtlpAttributes = z.output<typeof attributes>;
type OtlpSpan = z.output<typeof spanSchema>;

/** The body is not an ExportTraceServiceRequest in OTLP's JSON encoding. */
export class OtlpError extends Error {
  override readonly name = 'OtlpError';
}

/**
 * The spans of one ExportTraceServiceRequest in OTLP's JSON encoding (ids in hex, nanoseconds as strings). Long texts and
 * lists are cut.
 * @throws OtlpError saying where the body goes wrong
 */
export function parseOtlp(body: unknown): { traceId: string; span: Span }[] {
  const read = exportRequest.safeParse(body);
  if (!read.success) {
    const [issue] = read.error.issues;
    throw new OtlpError(`Not an OTLP trace export: ${issue?.path.join('.') || 'body'}: ${issue?.message ?? 'invalid'}`);
  }
  const spans: { traceId: string; span: Span }[] = [];
  for (const { resource, scopeSpans } of read.data.resourceSpans ?? []) {
    const service = readAttributes(resource?.attributes)['service.name'];
    for (const span of (scopeSpans ?? []).flatMap((scope) => scope.spans ?? [])) {
      spans.push({
        traceId: span.traceId.toLowerCase(),
        span: readSpan(span, typeof service === 'string' ? service : 'unknown_service'),
      });
    }
  }
  return spans;
}

function readSpan(span: OtlpSpan, service: string): Span {
  const startMs = toMs(span.startTimeUnixNano);
  return {
    spanId: span.spanId.toLowerCase(),
    ...(span.parentSpanId && { parentSpanId: span.parentSpanId.toLowerCase() }),
    name: clip(span.name),
    kind: KINDS[(span.kind ?? 1) - 1] ?? 'internal',
    service,
    startMs,
    durationMs: Math.max(0, roundMs(toMs(span.endTimeUnixNano) - startMs)),
    attributes: readAttributes(span.attributes),
    ...(span.events?.length && {
      events: span.events.slice(0, MAX_LIST).map((event) => ({
        name: clip(event.name ?? ''),
        timeMs: toMs(event.timeUnixNano),
        attributes: readAttributes(event.attributes),
      })),
    }),
    ...(span.links?.length && {
      links: span.links
        .slice(0, MAX_LIST)
        .map((link) => ({ traceId: link.traceId.toLowerCase(), spanId: link.spanId.toLowerCase() })),
    }),
    ...(span.status?.code === STATUS_ERROR && { error: true as const }),
  };
}

/** To the microsecond, which is what a double holds of the time since 1970. */
export function roundMs(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}

function toMs(time: string | number): number {
  return Number(time) / 1e6;
}

function readAttributes(list: OtlpAttributes): Attributes {
  // From entries, so that a key such as __proto__ is only a key.
  return Object.fromEntries(
    (list ?? []).slice(0, MAX_ATTRIBUTES).map(({ key, value }) => [clip(key), readValue(value)]),
  );
}

/** An AnyValue: exactly one of its fields is set. 64-bit integers come as strings. Maps and bytes are kept as JSON text. */
function readValue(value: Record<string, unknown> | null | undefined): unknown {
  const [kind, content] = Object.entries(value ?? {})[0] ?? [];
  switch (kind) {
    case 'stringValue':
      return clip(String(content));
    case 'intValue':
    case 'doubleValue':
      return Number(content);
    case 'boolValue':
      return content === true;
    case undefined:
      return null;
    default:
      return clip(JSON.stringify(content) ?? '');
  }
}

function clip(text: string): string {
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;
}
