import type { GraphiQLPlugin } from '@graphiql/react';
import { useEffect, useState, useSyncExternalStore, type CSSProperties } from 'react';
import { waterfall, watchTrace, type LastOperation, type Operation, type Row, type Trace } from './trace.ts';

const MAX_ROWS = 500;
const SERVICE_HUES = [320, 242, 188, 158, 36, 208];

/** The panel that shows what the last operation cost: its trace, service by service. */
export function createTracePlugin(lastOperation: LastOperation): GraphiQLPlugin {
  return {
    title: 'Trace',
    icon: () => (
      <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="2" strokeLinecap="round">
        <path d="M3 6h11M7 12h13M7 18h7" />
      </svg>
    ),
    content: function TracePanel() {
      const operation = useSyncExternalStore(lastOperation.subscribe, lastOperation.get);
      return (
        <section aria-label="Trace" className="chorus-trace">
          <h2>Trace</h2>
          {operation ? (
            <OperationTrace key={operation.traceId} operation={operation} />
          ) : (
            <p>Run an operation to see what it cost: subgraph calls, statements, cache hits.</p>
          )}
        </section>
      );
    },
  };
}

/** `attempt` counts the presses of Refresh: each looks for the trace anew. */
function OperationTrace({ operation }: { operation: Operation }) {
  const url = new URL(`traces/${operation.traceId}`, document.baseURI);
  const [attempt, setAttempt] = useState(0);
  const [trace, setTrace] = useState<Trace>();
  const [status, setStatus] = useState<'waiting' | 'ended' | Error>('waiting');

  useEffect(() => {
    const abort = new AbortController();
    const watch = async (): Promise<void> => {
      setStatus('waiting');
      for await (const found of watchTrace(url, abort.signal)) setTrace(found);
      setStatus('ended');
    };
    watch().catch((error: unknown) => {
      if (!abort.signal.aborted) setStatus(error instanceof Error ? error : new Error(String(error)));
    });
    return () => abort.abort();
  }, [url.href, attempt]);

  return (
    <>
      <p>
        <strong>{operation.name}</strong>{' '}
        <a href={url.href} target="_blank" rel="noreferrer">
          {operation.traceId}
        </a>{' '}
        <button type="button" className="graphiql-button" onClick={() => setAttempt(attempt + 1)}>
          Refresh
        </button>
      </p>
      {trace && <Waterfall trace={trace} />}
      {status === 'waiting' && !trace && <p>Waiting for its spans…</p>}
      {status === 'ended' && !trace && <p>No trace has arrived. A subscription’s comes when it ends.</p>}
      {status instanceof Error && <p role="alert">The trace could not be read: {status.message}</p>}
    </>
  );
}

function Waterfall({ trace }: { trace: Trace }) {
  const rows = waterfall(trace, MAX_ROWS);
  const services = [...new Set(rows.map(({ span }) => span.service))];
  const totalMs = Math.max(...trace.spans.map((span) => span.startMs + span.durationMs));
  return (
    <>
      <ul className="chorus-trace-services">
        {services.map((service, index) => (
          <li key={service} style={hue(index)}>
            {service}
          </li>
        ))}
      </ul>
      <ol className="chorus-trace-spans">
        {rows.map((row) => (
          <li key={row.span.spanId} style={hue(services.indexOf(row.span.service))}>
            <SpanRow row={row} totalMs={totalMs} />
          </li>
        ))}
      </ol>
      {trace.spans.length > rows.length && <p>{trace.spans.length - rows.length} more spans: follow the link above.</p>}
    </>
  );
}

function SpanRow({ row: { span, depth }, totalMs }: { row: Row; totalMs: number }) {
  const percent = (ms: number) => `${totalMs > 0 ? (ms / totalMs) * 100 : 0}%`;
  return (
    <details>
      <summary className={span.error ? 'chorus-trace-error' : undefined}>
        <span className="chorus-trace-name" style={{ paddingInlineStart: depth * 8 }} title={span.name}>
          {span.name}
        </span>
        <span className="chorus-trace-track">
          <span style={{ left: percent(span.startMs), width: percent(span.durationMs) }} />
        </span>
        <span className="chorus-trace-ms">{span.durationMs.toFixed(1)} ms</span>
      </summary>
      <dl>
        <dt>service</dt>
        <dd>{span.service}</dd>
        {Object.entries(span.attributes).map(([name, value]) => [
          <dt key={name}>{name}</dt>,
          <dd key={`${name} value`}>{String(value)}</dd>,
        ])}
      </dl>
    </details>
  );
}

const hue = (index: number) =>
  ({ '--service': `hsl(${SERVICE_HUES[index % SERVICE_HUES.length]} 65% 55%)` }) as CSSProperties;
