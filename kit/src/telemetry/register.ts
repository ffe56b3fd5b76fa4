/**
 * OpenTelemetry for one process. Loaded with `node --import`, before anything it is to patch:
 *
 *     node --import @chorus/kit/telemetry/register src/main.ts
 */
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { NodeSDK } from '@opentelemetry/sdk-node';
import {
  AlwaysOffSampler,
  BatchSpanProcessor,
  NoopSpanProcessor,
  ParentBasedSampler,
  SamplingDecision,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace';
import type { Sampler } from '@opentelemetry/sdk-trace';
import { register as registerImportHook } from 'import-in-the-middle/register-hooks.mjs';
import { readTelemetryConfig } from './config.ts';
import { databaseInstrumentations, transportInstrumentations } from './instrumentations.ts';

const config = readTelemetryConfig();

// `import` of a CommonJS package or of node:http does not pass through the patched `require`. Only what must be patched
// is intercepted: pg and graphql are patched in files that they themselves `require`.
registerImportHook({ include: ['node:http', 'node:https', /\/node_modules\/ioredis\//] });

const recording = config.tracesUrl !== undefined;
new NodeSDK({
  serviceName: config.serviceName,
  resource: resourceFromAttributes({ 'process.pid': process.pid }),
  autoDetectResources: false,
  textMapPropagator: new W3CTraceContextPropagator(),
  instrumentations: [...transportInstrumentations(), ...(recording ? databaseInstrumentations() : [])],
  // With nobody to send to, spans only carry ids, for the logs and for the next process.
  sampler: recording ? new ParentBasedSampler({ root: rootSampler(config.sampleRatio) }) : new AlwaysOffSampler(),
  spanLimits: { attributeValueLengthLimit: 4096, attributeCountLimit: 64, eventCountLimit: 16, linkCountLimit: 32 },
  spanProcessors: [
    config.tracesUrl === undefined
      ? new NoopSpanProcessor()
      : new BatchSpanProcessor({
          exporter: new OTLPTraceExporter({ url: config.tracesUrl, timeoutMillis: 3000, concurrencyLimit: 4 }),
          // Short, so that a trace can be read soon after its answer; the queue drops spans when it is full.
          scheduledDelayMillis: 300,
          exportTimeoutMillis: 5000,
          maxQueueSize: 8192,
          maxExportBatchSize: 512,
        }),
  ],
  metricReaders: [],
  logRecordProcessors: [],
}).start();

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
