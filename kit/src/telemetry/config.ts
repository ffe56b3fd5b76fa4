import { z } from 'zod';
import { readConfig } from '../config.ts';

/** What the telemetry of one process needs to know. */
export interface TelemetryConfig {
  /** `service.name` of every span. */
  serviceName: string;
  /** Where spans are posted as OTLP/HTTP JSON; undefined: none is recorded, but trace ids are made and passed on. */
  tracesUrl: string | undefined;
  /** Share of new traces that is recorded, 0 to 1. A trace begun elsewhere keeps the decision made there. */
  sampleRatio: number;
}

/** OpenTelemetry's own variables, of which these are read. The endpoint is a base URL without `/v1/traces`. */
export const telemetryEnvironment = {
  OTEL_SERVICE_NAME: z.string().default('unknown_service'),
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  OTEL_TRACES_SAMPLER_ARG: z.coerce.number().min(0).max(1).default(1),
};

/** @throws ConfigError listing every fault. */
export function readTelemetryConfig(env?: Record<string, string | undefined>): TelemetryConfig {
  const read = readConfig(z.object(telemetryEnvironment), env);
  return {
    serviceName: read.OTEL_SERVICE_NAME,
    tracesUrl: read.OTEL_EXPORTER_OTLP_ENDPOINT?.replace(/\/*$/, '/v1/traces'),
    sampleRatio: read.OTEL_TRACES_SAMPLER_ARG,
  };
}
