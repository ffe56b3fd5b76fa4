import type { FetchNode } from '@apollo/query-planner';
import { Kind, isAbstractType, isInterfaceType, type GraphQLSchema, type SelectionSetNode } from 'graphql';
import { mergeEntityFetches } from './call-text.ts';
import type { Assignment, Variables } from './conditions.ts';
import { malformedAnswer, reasonFromSubgraph, type AnswerError, type Reason, type ResponsePath } from './errors.ts';
import { isData, merge, type Data } from './merge.ts';
import { compileFinder, findWithPaths, keysOf, type Finder, type PathPart } from './paths.ts';
import { filledKeys, type FilledKey, type Places } from './places.ts';
import { renamedKeys } from './plan-keys.ts';
import type { Step } from './plan.ts';
import { compileRepresentation, RepresentationList, type RepresentationWriter } from './representations.ts';
import { applyRewrites } from './rewrites.ts';
import type { Group } from './schedule.ts';

/** What calls read and write while an operation runs. */
export interface RunState {
  readonly data: Data;
  readonly variables: Variables;
  /** Objects found so far, by the scope of the steps that look for them. */
  readonly found: Map<string, Data[]>;
  /** Entities of which their subgraph said that there is none. */
  readonly absent: Set<Data>;
}

/** A call ready to be sent, and what to do with what comes of it. Both ways return the errors for the client. */
export interface PendingCall {
  /** The JSON text of the HTTP body. */
  readonly body: string;
  /** Entities asked for, before and after each is asked for once only; 0 for root fields. */
  readonly requested: number;
  readonly unique: number;
  accept(response: unknown): AnswerError[];
  fail(reason: Reason): AnswerError[];
}

/** A compiled call: undefined when there is nothing to ask. */
export type Call = (state: RunState) => PendingCall | undefined;

/** What compiling calls needs to know. */
export interface CallContext {
  /** The whole supergraph's schema, with what is not public. */
  readonly schema: GraphQLSchema;
  readonly assignment: Assignment;
  readonly clientVariables: ReadonlyMap<string, string>;
  readonly places: Places;
}

export function compileCall(context: CallContext, group: Group, later: readonly Step[]): Call {
  const [step] = group.steps;
  if (step === undefined) throw new Error('A call without a step.');
  return step.requires === undefined ? compileRootCall(context, step) : compileEntityCall(context, group.steps, later);
}

/** The fetch of root fields, at the root or wherever a field returns the root type. */
export function compileRootCall(context: CallContext, step: Step): Call {
  const { fetch, path, scope } = step;
  const find = compileFinder(path);
  const head = bodyHead(fetch.operation, fetch.operationName);
  const writeVariables = compileVariables(context, fetch.variableUsages ?? []);
  const filled = filledBy(context, step, rootSelection(step));
  const renamed = renamedKeys(fetch);
  return (state) => {
    const targets = findOnce(state, scope, find);
    if (targets.length === 0) return undefined;
    const located = () => findWithPaths(state.data, path);
    const fail = (reason: Reason) => context.places.unfilled(reason, located(), filled);
    return {
      body: `${head}{${writeVariables(state.variables, '')}}}`,
      requested: 0,
      unique: 0,
      fail,
      accept(response) {
        const answer = readAnswer(response);
        if (answer === undefined) return fail(malformedAnswer);
        const { data, errors } = answer;
        if (data) {
          applyRewrites(context.schema, fetch.outputRewrites ?? [], data);
          for (const target of targets) merge(target, data);
        } else if (errors.length === 0) {
          return fail(malformedAnswer);
        }
        return errors.flatMap((error) => {
          const reason = reasonFromSubgraph(error);
          const at = pathOf(error);
          if (at === undefined) return data ? [reason] : fail(reason);
          return located().map((target) => placed(context, reason, target.path, at, renamed));
        });
      },
    };
  };
}

/** One `_entities` field of a call. Steps that ask the same of objects at different paths share it. */
interface Slot {
  readonly write: RepresentationWriter;
  readonly fetch: FetchNode;
  readonly step: Step;
  readonly places: { readonly path: readonly PathPart[]; readonly scope: string; readonly find: Finder }[];
  readonly filled: readonly FilledKey[];
  readonly renamed: ReadonlyMap<string, string>;
}

/** The entities of one slot: each target with the place of its representation in the list. */
interface SlotState {
  readonly slot: Slot;
  readonly count: number;
  readonly targets: { readonly objects: readonly Data[]; readonly indices: readonly number[] }[];
}

function compileEntityCall(context: CallContext, steps: readonly Step[], later: readonly Step[]): Call {
  const slots = slotsOf(context, steps);
  const usages = new Set(steps.flatMap(({ fetch }) => fetch.variableUsages ?? []));
  const writeVariables = compileVariables(context, [...usages]);
  const single = slots.length === 1 ? slots[0]?.fetch : undefined;
  const text = single
    ? { query: single.operation, operationName: single.operationName, fields: [plannersField] }
    : mergeEntityFetches(slots.map(({ step }) => step));
  const head = `${bodyHead(text.query, text.operationName)}{`;
  const labels = text.fields.map(({ variable }, i) => `${i === 0 ? '' : ','}${JSON.stringify(variable)}:[`);
  const keys = text.fields.map(({ key }) => key);
  const copied = slots.map((slot) => mustCopy(slot, later));
  return (state) => {
    let body = head;
    let requested = 0;
    let unique = 0;
    const states = slots.map((slot, i): SlotState => {
      const representations = new RepresentationList();
      const targets = slot.places.map(({ scope, find }) => {
        const objects = findOnce(state, scope, find);
        return { objects, indices: objects.map((object) => slot.write(representations, object)) };
      });
      for (const { indices } of targets) for (const index of indices) if (index >= 0) requested++;
      unique += representations.count;
      body += `${labels[i]}${representations.text}]`;
      return { slot, count: representations.count, targets };
    });
    if (unique === 0) return undefined;
    body += `${writeVariables(state.variables, ',')}}}`;
    const failSlot = (reason: Reason, slot: SlotState) =>
      context.places.unfilled(
        reason,
        locate(state, slot, () => true),
        slot.slot.filled,
      );
    const fail = (reason: Reason) => states.flatMap((slot) => failSlot(reason, slot));
    return {
      body,
      requested,
      unique,
      fail,
      accept(response) {
        const answer = readAnswer(response);
        if (answer === undefined) return fail(malformedAnswer);
        const { data, errors } = answer;
        if (!data && errors.length === 0) return fail(malformedAnswer);
        const failed: AnswerError[] = [];
        if (data) {
          states.forEach((slot, i) => {
            const entities = data[keys[i] ?? ''];
            if (Array.isArray(entities) && entities.length === slot.count) {
              applyEntities(context, state, slot, entities, copied[i] ?? false);
            } else if (slot.count > 0 && errors.length === 0) {
              failed.push(...failSlot(malformedAnswer, slot));
            }
          });
        }
        for (const error of errors) {
          const reason = reasonFromSubgraph(error);
          const [key, index, ...rest] = pathOf(error) ?? [];
          const slot = key === undefined ? undefined : states[keys.indexOf(String(key))];
          if (slot === undefined) failed.push(...(data ? [reason] : fail(reason)));
          else if (typeof index !== 'number') failed.push(...failSlot(reason, slot));
          else {
            for (const { path } of locate(state, slot, (candidate) => candidate === index)) {
              failed.push(placed(context, reason, path, rest, slot.slot.renamed));
            }
          }
        }
        return failed;
      },
    };
  };
}

const plannersField = { key: '_entities', variable: 'representations' };

function slotsOf(context: CallContext, steps: readonly Step[]): Slot[] {
  const slots = new Map<string, Slot>();
  for (const step of steps) {
    const { fetch, requires = [], path, scope } = step;
    const selection = fetch.operation.slice(fetch.operation.indexOf('{'));
    const id = JSON.stringify([selection, requires, fetch.inputRewrites, fetch.outputRewrites]);
    const place = { path, scope, find: compileFinder(path) };
    const same = slots.get(id);
    if (same) {
      same.places.push(place);
      continue;
    }
    slots.set(id, {
      write: compileRepresentation(context.schema, requires, fetch.inputRewrites),
      fetch,
      step,
      places: [place],
      filled: filledBy(context, step, entitySelection(step)),
      renamed: renamedKeys(fetch),
    });
  }
  return [...slots.values()];
}

function applyEntities(
  { schema }: CallContext,
  { absent }: RunState,
  { slot, targets }: SlotState,
  entities: readonly unknown[],
  copied: boolean,
): void {
  if (slot.fetch.outputRewrites) applyRewrites(schema, slot.fetch.outputRewrites, entities);
  // Asked under an interface's name, a subgraph that knows only that (@interfaceObject) answers with it: no news.
  for (const rewrite of slot.fetch.inputRewrites ?? []) {
    const asked = rewrite.kind === 'ValueSetter' ? (rewrite.setValueTo as unknown) : undefined;
    for (const entity of entities) {
      if (isData(entity) && entity['__typename'] === asked) entity['__typename'] = undefined;
    }
  }
  targets.forEach(({ objects, indices }, place) => {
    for (let i = 0; i < objects.length; i++) {
      const target = objects[i];
      const index = indices[i];
      if (target === undefined || index === undefined || index < 0) continue;
      const entity = entities[index];
      // Objects at one path are treated alike by every later step and can share what is below them. Objects at another
      // path cannot: what a later step puts there must not show here.
      if (isData(entity)) merge(target, copied && place > 0 ? copy(entity) : entity);
      else absent.add(target);
    }
  });
}

/** Where in the answer the entities of a slot stand whose representation is the given one. */
function locate(
  state: RunState,
  { slot, targets }: SlotState,
  wanted: (index: number) => boolean,
): { object: Data; path: ResponsePath }[] {
  return slot.places.flatMap(({ path }, place) => {
    const indices = targets[place]?.indices ?? [];
    return findWithPaths(state.data, path).filter((_, i) => {
      const index = indices[i] ?? -1;
      return index >= 0 && wanted(index);
    });
  });
}

function placed(
  { places }: CallContext,
  reason: Reason,
  base: ResponsePath,
  path: ResponsePath,
  renamed: ReadonlyMap<string, string>,
): AnswerError {
  const own = path.map((part) => (typeof part === 'string' ? (renamed.get(part) ?? part) : part));
  const client = places.toClient([...base, ...own]);
  return { ...reason, ...(client && { path: client }) };
}

function findOnce(state: RunState, scope: string, find: Finder): Data[] {
  const known = state.found.get(scope);
  if (known !== undefined) return known;
  const found = find(state.data);
  state.found.set(scope, found);
  return found;
}

/**
 * Whether the places of a slot must not share the objects inside its entities: a later step looks for objects below one
 * of the places, inside an object that this slot brings.
 */
function mustCopy({ places, filled }: Slot, later: readonly Step[]): boolean {
  if (places.length < 2) return false;
  return places.some(({ path }) =>
    later.some((step) => {
      const below = keysOf(step.path.slice(path.length))[0];
      const starts = path.every((part, i) => JSON.stringify(part) === JSON.stringify(step.path[i]));
      return starts && below !== undefined && filled.some(({ key }) => key === below);
    }),
  );
}

function readAnswer(response: unknown): { data: Data | undefined; errors: readonly unknown[] } | undefined {
  const value: unknown = typeof response === 'string' ? parseJson(response) : response;
  if (!isData(value)) return undefined;
  const { data, errors } = value;
  if (data !== undefined && data !== null && !isData(data)) return undefined;
  return { data: data ?? undefined, errors: Array.isArray(errors) ? errors : [] };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // What is no JSON is no answer; the caller reports it as malformed.
    return undefined;
  }
}

function pathOf(error: unknown): ResponsePath | undefined {
  if (!isData(error) || !Array.isArray(error['path'])) return undefined;
  return error['path'].filter((part) => typeof part === 'string' || typeof part === 'number');
}

/** A copy of JSON data; several times faster than structuredClone. */
function copy<T>(value: T): T {
  if (Array.isArray(value)) return value.map(copy) as T;
  if (!isData(value)) return value;
  const result: Data = {};
  for (const key in value) result[key] = copy(value[key]);
  return result as T;
}

function bodyHead(query: string, operationName: string | undefined): string {
  const name = operationName === undefined ? '' : `,"operationName":${JSON.stringify(operationName)}`;
  return `{"query":${JSON.stringify(query)}${name},"variables":`;
}

/** Prints the given variables of a call, as the client sent them; what it left out has its default in the query. */
function compileVariables(
  { clientVariables }: CallContext,
  usages: readonly string[],
): (variables: Variables, separator: string) => string {
  const names = usages
    .filter((name) => name !== 'representations')
    .map((name) => [clientVariables.get(name) ?? name, `${JSON.stringify(name)}:`] as const);
  return (variables, separator) => {
    let text = '';
    for (const [name, label] of names) {
      const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
      if (value !== undefined) text += `${text === '' ? separator : ','}${label}${JSON.stringify(value)}`;
    }
    return text;
  };
}

function rootSelection({ document }: Step): SelectionSetNode {
  const operation = document.definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  if (operation === undefined) throw new Error('A fetch without an operation.');
  return operation.selectionSet;
}

function entitySelection(step: Step): SelectionSetNode {
  const entities = rootSelection(step).selections[0];
  if (entities?.kind !== Kind.FIELD || !entities.selectionSet) throw new Error('Not an _entities operation.');
  return entities.selectionSet;
}

function filledBy({ schema, assignment }: CallContext, step: Step, selectionSet: SelectionSetNode): FilledKey[] {
  return filledKeys(step.document, selectionSet, assignment, renamedKeys(step.fetch), (condition) => {
    const type = schema.getType(condition);
    if (!isAbstractType(type)) return [condition];
    const interfaces = isInterfaceType(type) ? schema.getImplementations(type).interfaces : [];
    return [condition, ...schema.getPossibleTypes(type).map(({ name }) => name), ...interfaces.map(({ name }) => name)];
  });
}
