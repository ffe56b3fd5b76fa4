import { createHash } from 'node:crypto';
import type { Attributes } from '@opentelemetry/api';
import type { OperationDefinitionNode } from 'graphql';
import type { OperationContext } from './context.ts';

/**
 * What the span of an operation says of its document.
 * @param text the document's; or its SHA-256, where that is known
 */
export function operationAttributes(
  { operation, name }: OperationDefinitionNode,
  text: string | { sha256: string },
): Attributes {
  const hash = typeof text === 'string' ? createHash('sha256').update(text).digest('hex') : text.sha256;
  return {
    'graphql.operation.type': operation,
    ...(name !== undefined && { 'graphql.operation.name': name.value }),
    'graphql.document.hash': `sha256:${hash}`,
  };
}

/** What the span of an operation says of how it went. */
export function outcomeAttributes(
  { calls, planCached, shared }: OperationContext,
  errors?: readonly unknown[],
): Attributes {
  return {
    'chorus.subgraph.calls': calls,
    'chorus.errors': errors?.length ?? 0,
    ...(planCached !== undefined && { 'chorus.plan.cache_hit': planCached }),
    ...(shared === true && { 'chorus.shared': true }),
  };
}
