import type { Span } from './otlp.ts';
import type { Trace } from './store.ts';

/** A waterfall of the trace as one HTML page: no script, nothing loaded. Every text in it is escaped. */
export function renderTrace(trace: Trace): string {
  const totalMs = Math.max(0.001, ...trace.spans.map((span) => span.startMs + span.durationMs));
  const services = [...new Set(trace.spans.map((span) => span.service))];
  const rows = inTreeOrder(trace.spans).map(({ span, depth }) =>
    row(span, depth, totalMs, (services.indexOf(span.service) * 137) % 360),
  );
  const dropped = trace.droppedSpans === undefined ? '' : `, ${trace.droppedSpans} more not kept`;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Trace ${escape(trace.traceId)}</title>
<style>${STYLE}</style>
<h1>Trace <code>${escape(trace.traceId)}</code></h1>
<p>${trace.spans.length} spans${dropped}, ${services.length} services, ${ms(totalMs)}</p>
${rows.join('\n')}
</html>
`;
}

const STYLE = `
:root { color-scheme: light dark; font: 13px/1.5 system-ui, sans-serif }
body { margin: 1.5rem }
h1 { font-size: 1.1rem }
summary { display: grid; grid-template-columns: 26rem 1fr 6rem; gap: .75rem; align-items: center; cursor: pointer }
summary:hover { background: color-mix(in srgb, currentColor 8%, transparent) }
.name { overflow: hidden; text-overflow: ellipsis; white-space: nowrap }
.name small { opacity: .65 }
.error .name { color: #d33 }
.bar { display: block; height: .7rem; min-width: 2px; border-radius: 2px }
.time { text-align: right; font-variant-numeric: tabular-nums }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0 1rem; margin: .25rem 0 .75rem 2rem }
dd { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere }
dt, dd { font-family: ui-monospace, monospace }`;

/** Depth first, each level by start. A span whose parent is not here stands at the top. */
function inTreeOrder(spans: Span[]): { span: Span; depth: number }[] {
  const known = new Set(spans.map((span) => span.spanId));
  const children = Map.groupBy(spans, ({ parentSpanId }) =>
    parentSpanId !== undefined && known.has(parentSpanId) ? parentSpanId : undefined,
  );
  const ordered: { span: Span; depth: number }[] = [];
  // A stack, not recursion: a trace may be as deep as it has spans.
  const stack = (children.get(undefined) ?? []).map((span) => ({ span, depth: 0 })).toReversed();
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    ordered.push(next);
    const depth = next.depth + 1;
    stack.push(...(children.get(next.span.spanId) ?? []).map((span) => ({ span, depth })).toReversed());
  }
  return ordered;
}

function row(span: Span, depth: number, totalMs: number, hue: number): string {
  const left = (span.startMs / totalMs) * 100;
  const width = (span.durationMs / totalMs) * 100;
  const facts: [string, unknown][] = [
    ['kind', span.kind],
    ['start', ms(span.startMs)],
    ...Object.entries(span.attributes),
    ...(span.events ?? []).map((event): [string, unknown] => [
      `event at ${ms(event.timeMs)}`,
      [event.name, ...Object.entries(event.attributes).map(([key, value]) => `${key}: ${text(value)}`)].join('\n'),
    ]),
    ...(span.links ?? []).map((link): [string, unknown] => ['link', `${link.traceId} ${link.spanId}`]),
  ];
  return `<details${span.error ? ' class="error"' : ''}>
<summary><span class="name" style="padding-left:${Math.min(depth, 20)}rem">${escape(span.name)} <small>${escape(span.service)}</small></span>
<span><span class="bar" style="margin-left:${left.toFixed(2)}%;width:${width.toFixed(2)}%;background:hsl(${hue} 60% 50%)"></span></span>
<span class="time">${ms(span.durationMs)}</span></summary>
<dl>${facts.map(([key, value]) => `<dt>${escape(key)}</dt><dd>${escape(text(value))}</dd>`).join('')}</dl>
</details>`;
}

function ms(value: number): string {
  return `${value.toFixed(value < 10 ? 2 : 1)} ms`;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function escape(value: string): string {
  return value.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
