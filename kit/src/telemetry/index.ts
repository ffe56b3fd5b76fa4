/** What services use of tracing. Without `register.ts` loaded every function here is a cheap no-op around its callback. */
export { LoaderCalls, traceBatch } from './loader-spans.ts';
export { injectTrace, runWithTrace, withConsumerSpan, withProducerSpan } from './propagation.ts';
export type { TraceCarrier } from './propagation.ts';
export { instrumentResolvers, resolverSpans, withResolverSpans } from './resolver-spans.ts';
export { withServerSpan } from './server-span.ts';
export { shutdownTelemetry, traceId, withSpan } from './spans.ts';
