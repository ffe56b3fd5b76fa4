import { entityReader } from './answer-parts.ts';
import { bodyHead, compileVariables, pathOf, readAnswer } from './call-body.ts';
import { placeError, type Call, type CallContext } from './call.ts';
import { mergeEntityFetches } from './call-text.ts';
import { malformedAnswer, MAX_ERRORS, reasonFromSubgraph, type AnswerError, type Reason } from './errors.ts';
import type { Step } from './plan.ts';
import { mustCopy, SlotRun, slotsOf } from './slot.ts';

/**
 * The call of one or several `_entities` fetches.
 *
 * Running it: the objects at each step's path are found, each entity's representation is written once, the answers are
 * merged into every object that they are about. `all` are the steps of the whole plan.
 */
export function compileEntityCall(context: CallContext, steps: readonly Step[], all: readonly Step[]): Call {
  const slots = slotsOf(context, steps);
  const usages = new Set(steps.flatMap(({ fetch }) => fetch.variableUsages ?? []));
  const writeVariables = compileVariables(context.clientVariables, [...usages]);
  const single = slots.length === 1 ? slots[0]?.fetch : undefined;
  const text = single
    ? { query: single.operation, operationName: single.operationName, fields: [plannersField] }
    : mergeEntityFetches(slots.map(({ step }) => step));
  const head = `${bodyHead(text.query, text.operationName)}{`;
  const labels = text.fields.map(({ variable }, i) => `${i === 0 ? '' : ','}${JSON.stringify(variable)}:[`);
  const keys = text.fields.map(({ key }) => key);
  const reader = entityReader(context, slots, keys);
  const copied = slots.map((slot) => mustCopy(slot, all));
  return (state) => {
    let body = head;
    const runs = slots.map((slot) => new SlotRun(context, state, slot));
    const unique = runs.reduce((sum, { list }) => sum + list.count, 0);
    if (unique === 0) return undefined;
    runs.forEach(({ list }, i) => {
      body += `${labels[i]}${list.text}]`;
    });
    body += `${writeVariables(state.variables, ',')}}}`;
    const fail = (reason: Reason) => runs.flatMap((run) => run.fail(reason));
    return {
      body,
      requested: runs.reduce((sum, run) => sum + run.requested, 0),
      unique,
      fail,
      accept(response) {
        const answer = readAnswer(response, reader, state.repeated);
        if (answer === undefined) return fail(malformedAnswer);
        const { data, errors } = answer;
        if (!data && errors.length === 0) return fail(malformedAnswer);
        const failed: AnswerError[] = [];
        const explained = new Set<SlotRun>();
        for (const error of errors) {
          const reason = reasonFromSubgraph(error);
          const [key, index, ...rest] = pathOf(error) ?? [];
          const run = key === undefined ? undefined : runs[keys.indexOf(String(key))];
          if (run === undefined) {
            failed.push(...(data ? [reason] : fail(reason)));
            runs.forEach((run) => explained.add(run));
          } else if (typeof index === 'number') {
            explained.add(run);
            for (const path of run.paths(index)) failed.push(placeError(context, reason, path, rest, run.slot.renamed));
          } else {
            explained.add(run);
            failed.push(...run.fail(reason));
          }
          if (failed.length >= MAX_ERRORS) break;
        }
        runs.forEach((run, i) => {
          const entities = data?.[keys[i] ?? ''];
          if (Array.isArray(entities) && entities.length === run.list.count) {
            run.apply(entities, copied[i] ?? false);
          } else if (run.list.count > 0 && !explained.has(run)) {
            failed.push(...run.fail(malformedAnswer));
          }
        });
        return failed;
      },
    };
  };
}

const plannersField = { key: '_entities', variable: 'representations' };
