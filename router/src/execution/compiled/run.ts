import { deliverDeferred, type IncrementalPayload } from './defer.ts';
import { mergeErrors, type AnswerError } from './errors.ts';
import { Execution, type RunOptions } from './execution.ts';
import { ProjectionRun } from './projection-run.ts';
import type { Program } from './program.ts';

/** The answer of an operation; `data` is JSON text, as it goes to the client. */
export interface Answer {
  readonly data: string;
  readonly errors: readonly AnswerError[];
  /** Deferred parts, when there are any and the client takes them. */
  readonly subsequent?: AsyncIterableIterator<IncrementalPayload, void>;
}

/**
 * Runs a program: every call begins as soon as those it needs are answered, and when the last is, the merged data is
 * printed. A failed call leaves its places empty and says so in the errors; what depends on it finds nothing to ask.
 */
export async function run(
  program: Program,
  options: RunOptions,
  introspection: Readonly<Record<string, string>> | undefined,
  event?: string | object,
): Promise<Answer> {
  const execution = new Execution(program, options);
  if (program.event) execution.begin(program.event(execution.state), event);
  const incremental = options.incremental === true && program.projectFirst !== undefined;
  execution.start();
  await (incremental ? execution.block(0) : execution.all());
  const projection = new ProjectionRun(execution.state, introspection);
  const project = (incremental && program.projectFirst) || program.project;
  const data = project(execution.state.data, projection) ?? 'null';
  const known = incremental ? (execution.errors[0] ?? []) : execution.errors.flat();
  const errors = mergeErrors(known, projection.errors());
  if (!incremental) return { data, errors };
  return { data, errors, subsequent: deliverDeferred(program, execution, data) };
}

/** The JSON text of a whole answer. */
export function printAnswer(answer: Pick<Answer, 'data' | 'errors'>, extensions?: object): string {
  const errors = answer.errors.length === 0 ? '' : `"errors":${JSON.stringify(answer.errors)},`;
  const extra = extensions === undefined ? '' : `,"extensions":${JSON.stringify(extensions)}`;
  return `{${errors}"data":${answer.data}${extra}}`;
}
