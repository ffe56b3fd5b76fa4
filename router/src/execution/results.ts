import type { Logger } from '@chorus/kit/logger';
import type { FormattedExecutionResult, GraphQLFormattedError } from 'graphql';
import type { Answer } from './compiled/index.ts';
import { toClientError } from './errors.ts';
import { EventText } from './tail-event.ts';

/** The answer as an object. */
export function toResult({ data, errors }: Answer): FormattedExecutionResult {
  const parsed = JSON.parse(data) as Record<string, unknown> | null;
  return errors.length === 0 ? { data: parsed } : { errors, data: parsed };
}

/** Where the fault is in what we sent to the subgraph says nothing to the client. */
export const withoutLocations = ({
  errors = [],
}: FormattedExecutionResult): Pick<GraphQLFormattedError, 'message' | 'path' | 'extensions'>[] =>
  errors.map(({ message, path, extensions }) => ({
    message,
    ...(path && { path }),
    ...(extensions && { extensions }),
  }));

/** The result as clients get it. */
export function toText(
  { data, errors }: { data: string | undefined; errors: readonly GraphQLFormattedError[] },
  logger: Logger,
) {
  const parts = data === undefined ? [] : [`"data":${data}`];
  if (errors.length > 0)
    parts.unshift(`"errors":${JSON.stringify(errors.map((error) => toClientError(error, error, logger)))}`);
  return new EventText(`{${parts.join()}}`);
}
