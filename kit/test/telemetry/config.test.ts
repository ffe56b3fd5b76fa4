import { expect, test } from 'vitest';
import { ConfigError } from '../../src/config.ts';
import { readTelemetryConfig } from '../../src/telemetry/config.ts';

test('spans are only sent where an endpoint is set', () => {
  expect(readTelemetryConfig({})).toEqual({ serviceName: 'unknown_service', tracesUrl: undefined, sampleRatio: 1 });
  expect(
    readTelemetryConfig({
      OTEL_SERVICE_NAME: 'posts',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318/',
      OTEL_TRACES_SAMPLER_ARG: '0.25',
    }),
  ).toEqual({ serviceName: 'posts', tracesUrl: 'http://127.0.0.1:4318/v1/traces', sampleRatio: 0.25 });
});

test('every fault is told at once', () => {
  const read = () =>
    readTelemetryConfig({ OTEL_EXPORTER_OTLP_ENDPOINT: 'localhost:4318', OTEL_TRACES_SAMPLER_ARG: '2' });
  expect(read).toThrow(ConfigError);
  expect(read).toThrow(/OTEL_EXPORTER_OTLP_ENDPOINT[^]*OTEL_TRACES_SAMPLER_ARG/);
});
