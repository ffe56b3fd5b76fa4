import type { Logger } from '@chorus/kit/logger';
import { runWithTrace, withSpan } from '@chorus/kit/telemetry';
import { type FormattedExecutionResult, GraphQLError, type GraphQLFormattedError } from 'graphql';
import { toClientError } from '../execution/errors.ts';
import { type Execution, type OperationRequest, runTraced } from '../execution/execute.ts';
import { toResult } from '../execution/results.ts';
import { type Admission, busy } from '../http/admission.ts';

/** Runs a query or mutation whose answer goes out as a part of something else. */
export async function runOnce(
  execution: Execution,
  operation: OperationRequest,
  admission: Admission,
): Promise<FormattedExecutionResult> {
  if (!admission.enter()) return { errors: [busy()] };
  try {
    const answer = await runWithTrace(operation.context.trace, () =>
      withSpan('router.operation', {}, () => runTraced(execution, operation)),
    );
    return 'data' in answer ? toResult(answer) : { errors: answer };
  } finally {
    admission.leave();
  }
}

/** What the client sees of a result. */
export function showResult({ errors, ...result }: FormattedExecutionResult, logger: Logger): FormattedExecutionResult {
  return errors === undefined ? result : { ...result, errors: errors.map((error) => showError(error, logger)) };
}

/** What the client sees of an error that was thrown, or is part of a result. */
export function showError(error: unknown, logger: Logger): GraphQLFormattedError {
  if (error instanceof GraphQLError) return toClientError(error.toJSON(), error, logger);
  return toClientError(isFormatted(error) ? error : { message: '' }, error, logger);
}

const isFormatted = (error: unknown): error is GraphQLFormattedError =>
  typeof error === 'object' && error !== null && !(error instanceof Error) && 'message' in error;
