import { trace } from '@opentelemetry/api';
import { withResolverSpans, withSpan } from '../telemetry/index.ts';
import type { Operation } from './index.ts';
import type { Executed, Given } from './run.ts';

/**
 * Executes an operation; in a trace that is recorded, with a span for it and one for each selection that has a resolver.
 * @param given.contextValue of this execution alone
 */
export function executeTraced(
  operation: Operation,
  given: Given & { contextValue: object },
): Executed | Promise<Executed> {
  if (trace.getActiveSpan()?.isRecording() !== true) return operation.execute(given, { traced: false });
  const attributes = {
    'graphql.operation.type': operation.kind,
    ...(operation.name !== null && { 'graphql.operation.name': operation.name }),
  };
  return withSpan(operation.kind, attributes, () =>
    withResolverSpans(given.contextValue, () => operation.execute(given, { traced: true })),
  );
}
