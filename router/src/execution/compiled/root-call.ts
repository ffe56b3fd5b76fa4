import { rootReader } from './answer-parts.ts';
import { bodyHead, compileVariables, pathOf, readAnswer } from './call-body.ts';
import { findOnce, placeError, type Call, type CallContext } from './call.ts';
import { malformedAnswer, reasonFromSubgraph, type Reason } from './errors.ts';
import { filledBy, rootSelection } from './filled-keys.ts';
import { merge } from './merge.ts';
import { compileFinder, findWithPaths } from './paths.ts';
import { renamedKeys } from './plan-keys.ts';
import type { Step } from './plan.ts';
import { applyRewrites } from './rewrites.ts';

/** The fetch of root fields, at the root or wherever a field returns the root type. */
export function compileRootCall(context: CallContext, step: Step): Call {
  const { fetch, path, scope } = step;
  const find = compileFinder(path);
  const head = bodyHead(fetch.operation, fetch.operationName);
  const writeVariables = compileVariables(context.clientVariables, fetch.variableUsages ?? []);
  const filled = filledBy(context, step, rootSelection(step));
  const renamed = renamedKeys(fetch);
  const reader = rootReader(context, step);
  return (state) => {
    const { distinct: targets } = findOnce(state, scope, find);
    if (targets.length === 0) return undefined;
    const located = () => findWithPaths(state.data, path);
    const fail = (reason: Reason) => context.places.unfilled(reason, located(), filled);
    return {
      body: `${head}{${writeVariables(state.variables, '')}}}`,
      requested: 0,
      unique: 0,
      fail,
      accept(response) {
        const answer = readAnswer(response, reader, state.repeated);
        if (answer === undefined) return fail(malformedAnswer);
        const { data, errors } = answer;
        if (data) {
          applyRewrites(context.schema, fetch.outputRewrites ?? [], data);
          for (const target of targets) merge(target, data, context.interfaces);
        } else if (errors.length === 0) {
          return fail(malformedAnswer);
        }
        return errors.flatMap((error) => {
          const reason = reasonFromSubgraph(error);
          const at = pathOf(error);
          if (at === undefined) return data ? [reason] : fail(reason);
          return located().map((target) => placeError(context, reason, target.path, at, renamed));
        });
      },
    };
  };
}
