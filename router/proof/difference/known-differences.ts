import type { QueryPlan } from '@apollo/query-planner';
import type { ResponsePath } from '../../src/execution/compiled/index.ts';
import type { Difference, OurAnswer } from './compare.ts';
import type { StockAnswer } from './stock.ts';
import { DOWN } from './world.ts';

/** A way in which the stock executor's answer is not what the specification asks, and ours is. */
export interface KnownDifference {
  readonly name: string;
  readonly reason: string;
  /** Picks from the differences of one case those that it explains. */
  explains(difference: Difference, all: readonly Difference[], context: DifferenceContext): boolean;
}

export interface DifferenceContext {
  readonly ours: OurAnswer;
  readonly stock: StockAnswer;
  readonly plan: QueryPlan;
  /** Entities that a subgraph said, without an error, it does not know. */
  readonly denied: number;
}

export const knownDifferences: readonly KnownDifference[] = [
  {
    name: 'failed call',
    reason:
      'A call that fails gives one error without a path, with the transport’s message (hosts and ports included). We give a coded error at each place that the call would have filled.',
    explains: ({ kind, ours, stock }, all) =>
      (kind === 'only ours' && codeOf(ours) === 'SUBGRAPH_UNAVAILABLE' && all.some(isDown)) ||
      (isDown({ kind, stock, path: undefined }) && all.some(({ ours }) => codeOf(ours) === 'SUBGRAPH_UNAVAILABLE')),
  },
  {
    name: 'null in non-null, unreported',
    reason:
      'A null in a non-null position that no subgraph reported is no error of the answer, but stands in extensions.valueCompletion, or nowhere if there is any other error. The specification wants one error for it.',
    explains: ({ kind, ours, path }, _all, { stock, denied }) =>
      kind === 'only ours' &&
      isCompletion(ours) &&
      (denied > 0 ||
        stock.errors.length > 0 ||
        stock.completion.some((error) => isPrefix(path ?? [], error.path ?? []))),
  },
  {
    name: 'null in non-null, reported by us as an error',
    reason: 'The other half of the above: the entry of extensions.valueCompletion that is one of our errors.',
    explains: ({ kind, path }, _all, { ours }) =>
      kind === 'completion' && ours.errors.some((error) => isCompletion(error) && samePath(error.path, path)),
  },
  {
    name: 'entity that is not there',
    reason:
      'When a subgraph answers null for an entity, its non-null fields are reported in extensions.valueCompletion. Nothing went wrong: the object does not exist or is hidden, and is null as a whole.',
    explains: ({ kind, stock, path }, _all, { ours, denied }) =>
      kind === 'completion' && denied > 0 && isCompletion(stock) && isNullAt(ours.data, path ?? []),
  },
  {
    name: 'path into what was not asked',
    reason:
      'An error in a field that only the router asked for (a key, a required field) names that field, which is not in the answer and may not be public. Our path ends where the answer does.',
    explains: (difference, all) => someCounterpart(difference, all, isPrefix),
  },
  {
    name: 'path of another entity',
    reason:
      'When an entity in a list cannot be asked for (a required field of it is missing), the paths of errors of those after it are counted as if it had been. Ours leads to the null that the error explains.',
    explains: (difference, all, { ours: { data } }) =>
      someCounterpart(
        difference,
        all,
        (ours, stock) =>
          ours.length === stock.length &&
          isNullAt(data, ours) &&
          ours.every((part, i) => part === stock[i] || (typeof part === 'number' && typeof stock[i] === 'number')),
      ),
  },
  {
    name: 'type of an interface object',
    reason:
      'The planner lets a subgraph that knows only the interface (@interfaceObject) answer __typename too. The interface’s name replaces the real type, and the object becomes null, without an error. We keep the type that is known.',
    explains: ({ kind, ours, stock }, _all, { plan }) =>
      kind === 'data' && ours !== null && stock === null && JSON.stringify(plan).includes('"inputRewrites"'),
  },
  {
    name: 'fragment inside one on a wider type',
    reason:
      'In `... on Node { ... on Media { url } }` on an object whose __typename was not fetched, the inner condition is tested against Node instead of the field’s type, and what it holds is left out of the answer.',
    explains: ({ kind, ours, stock }) => kind === 'data' && ours !== undefined && stock === undefined,
  },
  {
    name: 'required by what is left out',
    reason:
      'Of two fields with @requires in one fetch, @skip or @include by variable leaves out one. What it required is not fetched, but still required of every entity, so the other field is not fetched either and stays null. We drop the requirement.',
    explains: ({ kind, path, ours, stock }, _all, { plan, ...answers }) => {
      if (!/@(skip|include)\(if:\$/.test(JSON.stringify(plan))) return false;
      if (kind === 'data') return ours !== null && stock === null;
      // We report what goes wrong in the call that the stock executor does not even make.
      if (kind === 'only ours') return isNullAt(answers.stock.data, path ?? []);
      const failed = answers.ours.errors.filter((error) => codeOf(error) === 'SUBGRAPH_UNAVAILABLE');
      return kind === 'completion' && failed.some((error) => samePath(error.path, path));
    },
  },
  {
    name: 'report of a null that is not ours',
    reason: 'Where one of the differences above makes a null of what we have, extensions.valueCompletion reports it.',
    explains: ({ kind, path }, all) =>
      kind === 'completion' &&
      all.some((other) => other.kind === 'data' && other.stock === null && isPrefix(other.path ?? [], path ?? [])),
  },
  {
    name: 'report from inside of a null',
    reason:
      'The stock executor goes on after the first error that makes a list or object null, and reports what it finds in what is not in the answer. Like graphql-js, we stop.',
    explains: ({ kind, path }, _all, { ours }) => {
      const at = kind === 'completion' ? nullPath(ours.data, path ?? []) : undefined;
      return at !== undefined && ours.errors.some((error) => isPrefix(at, error.path ?? []));
    },
  },
];

/** Whether the same error stands in the other answer with a path that relates to this one's. */
function someCounterpart(
  difference: Difference,
  all: readonly Difference[],
  relates: (ours: ResponsePath, stock: ResponsePath) => boolean,
): boolean {
  const { kind } = difference;
  if (kind !== 'only ours' && kind !== 'only stock') return false;
  return all.some((other) => {
    if (other.kind === kind || (other.kind !== 'only ours' && other.kind !== 'only stock')) return false;
    const [ours, stock] = kind === 'only ours' ? [difference, other] : [other, difference];
    if (messageOf(ours.ours) !== messageOf(stock.stock)) return false;
    return relates(ours.path ?? [], stock.path ?? []);
  });
}

/** The first null on a path. */
function nullPath(data: unknown, path: ResponsePath): ResponsePath | undefined {
  let at = data;
  for (let length = 0; length <= path.length; length++) {
    if (at === null || at === undefined) return path.slice(0, length);
    at = (at as Record<string | number, unknown>)[path[length] ?? ''];
  }
  return undefined;
}

const isNullAt = (data: unknown, path: ResponsePath): boolean => nullPath(data, path) !== undefined;

export const messageOf = (error: unknown): string => String((error as { message?: unknown } | undefined)?.message);
const codeOf = (error: unknown): unknown =>
  (error as { extensions?: { code?: unknown } } | undefined)?.extensions?.code;
const isDown = ({ kind, stock }: Difference): boolean => kind === 'only stock' && messageOf(stock) === DOWN;
const isCompletion = (error: unknown): boolean =>
  /^Cannot return null for non-nullable field|^The value of this field is no valid|^The type of this/.test(
    messageOf(error),
  );
const isPrefix = (a: ResponsePath, b: ResponsePath): boolean => a.every((part, i) => part === b[i]);
const samePath = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
