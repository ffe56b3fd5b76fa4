/**
 * OpenTelemetry for one process. Loaded with `node --import`, before anything it is to patch:
 *
 *     node --import @chorus/kit/telemetry/register src/main.ts
 *
 * The SDK is put together from its parts: `sdk-node` would load every exporter there is into every process.
 */
import { context, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { registerInstrumentations } from '@opentelemetry/instrumentation';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  AlwaysOffSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  SamplingDecision,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { Sampler } from '@opentelemetry/sdk-trace';
import { register as registerImportHook } from 'import-in-the-middle/register-hooks.mjs';
import { readTelemetryConfig } from './config.ts';
import { databaseInstrumentations, transportInstrumentations } from './instrumentations.ts';

const config = readTelemetryConfig();

// `import` of a CommonJS package or of node:http does not pass through the patched `require`. Only what must be patched
// is intercepted: pg and graphql are patched in files that they themselves `require`.
registerImportHook({ include: ['node:http', 'node:https', /\/node_modules\/ioredis\//] });
registerInstrumentations({
  instrumentations:
    config.tracesUrl === undefined
      ? transportInstrumentations()
      : [...transportInstrumentations(), ...databaseInstrumentations()],
});

context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
propagation.setGlobalPropagator(new W3CTraceContextPropagator());
trace.setGlobalTracerProvider(
  new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': config.serviceName, 'process.pid': process.pid }),
    // Nobody to send to: spans only carry ids, for the logs and for the next process.
    sampler:
      config.tracesUrl === undefined
        ? new AlwaysOffSampler()
        : new ParentBasedSampler({ root: rootSampler(config.sampleRatio) }),
    spanLimits: { attributeValueLengthLimit: 4096, attributeCountLimit: 64, eventCountLimit: 16, linkCountLimit: 32 },
    spanProcessors:
      config.tracesUrl === undefined
        ? []
        : [
            new BatchSpanProcessor({
              exporter: new OTLPTraceExporter({ url: config.tracesUrl, timeoutMillis: 3000, concurrencyLimit: 4 }),
              // Short, so that a trace can be read soon after its answer; the queue drops spans when it is full.
              scheduledDelayMillis: 300,
              exportTimeoutMillis: 5000,
              maxQueueSize: 8192,
              maxExportBatchSize: 512,
            }),
          ],
  }),
);

/** graphql-js is instrumented without asking for a parent: at boot every parsed schema would begin a trace of its own. */
function rootSampler(ratio: number): Sampler {
  const byRatio = new TraceIdRatioBasedSampler(ratio);
  return {
    shouldSample: (_context, traceId, spanName) =>
      spanName.startsWith('graphql.')
        ? { decision: SamplingDecision.NOT_RECORD }
        : byRatio.shouldSample(_context, traceId),
    toString: () => `RootSampler{${ratio}}`,
  };
}
