import type { GraphQLSchema } from 'graphql';
import type { Assignment, Variables } from './conditions.ts';
import type { AnswerError, Reason, ResponsePath } from './errors.ts';
import type { Data } from './merge.ts';
import type { Finder } from './paths.ts';
import type { Places } from './places.ts';

/** What calls read and write while an operation runs. */
export interface RunState {
  readonly data: Data;
  readonly variables: Variables;
  /** Objects found so far, by the scope of the steps that look for them. */
  readonly found: Map<string, Found>;
  /** Entities of which their subgraph said that there is none. */
  readonly absent: Set<Data>;
  /** Objects that stand at more than one place of the data. */
  readonly repeated: Set<Data>;
}

/** The objects at a step's path. */
export interface Found {
  /** Each as often as it stands there. */
  readonly all: readonly Data[];
  /** Each once. */
  readonly distinct: readonly Data[];
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
  /** Names of its interfaces. */
  readonly interfaces: ReadonlySet<unknown>;
  readonly assignment: Assignment;
  readonly clientVariables: ReadonlyMap<string, string>;
  readonly places: Places;
  /** Keys, from the root, of objects that calls may share (`keysToShare`). */
  readonly shared: ReadonlySet<string>;
}

/** The objects at a step's path; steps of one scope find the same, and only the first looks. */
export function findOnce(state: RunState, scope: string, find: Finder): Found {
  const known = state.found.get(scope);
  if (known !== undefined) return known;
  const all = find(state.data);
  const found = { all, distinct: state.repeated.size === 0 ? all : [...new Set(all)] };
  state.found.set(scope, found);
  return found;
}

/** A subgraph's error at its place in the client's answer: below `base`, at the subgraph's own path. */
export function placeError(
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
