import { mergeErrors, type AnswerError, type ResponsePath } from './errors.ts';
import { isData, merge } from './merge.ts';
import { findWithPaths } from './paths.ts';
import { ProjectionRun } from './projection-run.ts';
import type { DeferredBlock, Program } from './program.ts';
import type { Execution } from './execution.ts';

/** A part of the answer that comes later; `data` is JSON text. */
export interface IncrementalPart {
  readonly data: string;
  readonly path: ResponsePath;
  readonly label?: string;
  readonly errors?: readonly AnswerError[];
}

export interface IncrementalPayload {
  readonly incremental: readonly IncrementalPart[];
  readonly hasNext: boolean;
}

/**
 * Delivers the deferred parts of an answer, each when the calls that fill it are done and the part around it has been
 * delivered. Parts that are ready at the same time come in one payload; the last has `hasNext: false`.
 *
 *     { me { id ... @defer(label: "slow") { score } } }
 *     ->  { data: {"me":{"id":"1"}} },  then  { incremental: [{ data: {"score":7}, path: ["me"], label: "slow" }] }
 */
export async function* deliverDeferred(
  program: Program,
  execution: Execution,
  first: string,
): AsyncGenerator<IncrementalPayload, void, void> {
  const client: unknown = JSON.parse(first);
  const delivered = new Set<number>([0]);
  const left = new Set(program.deferred.map((_, i) => i + 1));
  const ready = (): number[] =>
    [...left].filter((index) => {
      const block = program.deferred[index - 1];
      return block !== undefined && delivered.has(block.parent) && execution.isDone(block.calls);
    });
  while (left.size > 0) {
    await execution.until(() => ready().length > 0);
    const incremental: IncrementalPart[] = [];
    // Delivering one part can make the parts inside it ready.
    for (let now = ready(); now.length > 0; now = ready()) {
      for (const index of now) {
        const block = program.deferred[index - 1];
        if (block) incremental.push(...partsOf(block, execution, execution.errors[index] ?? [], client));
        delivered.add(index);
        left.delete(index);
      }
    }
    // A part whose objects are null has nothing to say, unless it is the last.
    if (incremental.length > 0 || left.size === 0) yield { incremental, hasNext: left.size > 0 };
  }
}

/** The JSON text of a first answer that more follows. */
export function printFirst(answer: { data: string; errors: readonly AnswerError[] }): string {
  const errors = answer.errors.length === 0 ? '' : `"errors":${JSON.stringify(answer.errors)},`;
  return `{${errors}"data":${answer.data},"hasNext":true}`;
}

/** The JSON text of what follows. */
export function printPayload({ incremental, hasNext }: IncrementalPayload): string {
  if (incremental.length === 0) return `{"hasNext":${hasNext}}`;
  const parts = incremental.map(({ data, ...rest }) => `{"data":${data},${JSON.stringify(rest).slice(1)}`);
  return `{"incremental":[${parts.join(',')}],"hasNext":${hasNext}}`;
}

/** One part for each object that the fragment adds to and that the client has. */
function partsOf(
  block: DeferredBlock,
  execution: Execution,
  known: readonly AnswerError[],
  client: unknown,
): IncrementalPart[] {
  const rest = new Set(known);
  const parts = findWithPaths(execution.state.data, block.path).flatMap(({ object, path }) => {
    const at = block.toClient(path);
    const target = at && lookUp(client, at);
    if (!at || !isData(target)) return [];
    const projection = new ProjectionRun(execution.state);
    const data = block.project(object, projection);
    const own = [...rest].filter((error) => at.every((part, i) => error.path?.[i] === part));
    own.forEach((error) => rest.delete(error));
    const errors = mergeErrors(own, projection.errors(at));
    if (data !== null) merge(target, JSON.parse(data));
    return [{ data: data ?? 'null', path: at, errors }];
  });
  return parts.map(({ data, path, errors }, i) => {
    const all = i === 0 ? [...errors, ...rest] : errors;
    return {
      data,
      path,
      ...(block.label !== undefined && { label: block.label }),
      ...(all.length > 0 && { errors: all }),
    };
  });
}

function lookUp(value: unknown, path: ResponsePath): unknown {
  return path.reduce<unknown>((at, part) => {
    if (Array.isArray(at)) return at[Number(part)];
    return isData(at) && Object.hasOwn(at, part) ? at[part] : undefined;
  }, value);
}
