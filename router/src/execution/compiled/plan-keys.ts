import type { FetchNode, QueryPlanSelectionNode } from '@apollo/query-planner';
import { Kind, type DocumentNode, type SelectionSetNode } from 'graphql';
import { isIncluded, type Assignment } from './conditions.ts';
import { keysOf, type PathPart } from './paths.ts';
import type { Step } from './plan.ts';

/** `a`, `a/b`, `a/b/c` for the path a, b, c. */
export function prefixesOf(path: readonly PathPart[]): string[] {
  const keys = keysOf(path);
  return keys.map((_, i) => keys.slice(0, i + 1).join('/'));
}

/** Every key that is required of the objects at `base`. */
export function keysRequired(selections: readonly QueryPlanSelectionNode[], base: string): string[] {
  return selections.flatMap((selection) => {
    if (selection.kind === 'InlineFragment') return keysRequired(selection.selections, base);
    const key = join(base, selection.alias ?? selection.name);
    return [key, ...keysRequired(selection.selections ?? [], key)];
  });
}

/** The same without these keys; unless nothing but __typename were left, of which no entity can be found. */
export function withoutKeys(
  selections: readonly QueryPlanSelectionNode[],
  base: string,
  keys: ReadonlySet<string>,
): readonly QueryPlanSelectionNode[] {
  const filtered = (selections: readonly QueryPlanSelectionNode[], base: string): QueryPlanSelectionNode[] =>
    selections.flatMap((selection): QueryPlanSelectionNode[] => {
      if (selection.kind === 'InlineFragment') {
        return [{ ...selection, selections: filtered(selection.selections, base) }];
      }
      const key = join(base, selection.alias ?? selection.name);
      if (keys.has(key)) return [];
      return [selection.selections ? { ...selection, selections: filtered(selection.selections, key) } : selection];
    });
  const left = filtered(selections, base);
  const identifies = ({ ...selection }: QueryPlanSelectionNode): boolean =>
    selection.kind === 'Field' ? selection.name !== '__typename' : selection.selections.some(identifies);
  return left.every(identifies) ? left : selections;
}

/**
 * Every key that a fetch writes, from the root of the answer; type conditions and lists aside. Under an assignment,
 * without what its conditions leave out.
 */
export function keysWritten(
  fetch: FetchNode,
  document: DocumentNode,
  path: readonly string[],
  assignment: Assignment | undefined,
): Set<string> {
  const renamed = renamedKeys(fetch);
  const written = new Set<string>();
  const visit = (set: SelectionSetNode, base: string): void => {
    for (const selection of set.selections) {
      if (assignment && !isIncluded(selection.directives, assignment)) continue;
      if (selection.kind === Kind.FIELD) {
        const name = selection.alias?.value ?? selection.name.value;
        const key = join(base, renamed.get(name) ?? name);
        written.add(key);
        if (selection.selectionSet) visit(selection.selectionSet, key);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        visit(selection.selectionSet, base);
      } else {
        const fragment = document.definitions.find(
          (definition) =>
            definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === selection.name.value,
        );
        if (fragment?.kind === Kind.FRAGMENT_DEFINITION) visit(fragment.selectionSet, base);
      }
    }
  };
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    if (fetch.requires === undefined) {
      visit(definition.selectionSet, path.join('/'));
      continue;
    }
    for (const selection of definition.selectionSet.selections) {
      if (selection.kind === Kind.FIELD && selection.selectionSet) visit(selection.selectionSet, path.join('/'));
    }
  }
  return written;
}

/**
 * Keys, from the root, of objects that are filled by one step alone and, from there on, only by steps that look for those
 * objects themselves. Two of them that begin equal stay equal, so they can be one object.
 *
 *     step 0 writes products, products/maker;  step 1, of each product, writes products/size;  step 2, of each maker, its
 *     name  ->  a maker can be shared; not if step 1 wrote products/maker/size: that belongs to one product's maker
 *
 * No key at all where steps distinguish objects at one path by type, or answers are rewritten in place.
 */
export function keysToShare(
  steps: readonly Pick<Step, 'fetch' | 'document' | 'path'>[],
  assignment: Assignment,
): ReadonlySet<string> {
  const typed = steps.some(({ path }) => path.some((part) => typeof part === 'object' && 'types' in part));
  if (typed || steps.some(({ fetch }) => fetch.outputRewrites?.length)) return new Set();
  const once = new Set<string>();
  const often = new Set<string>();
  for (const { fetch, document, path } of steps) {
    for (const key of keysWritten(fetch, document, keysOf(path), assignment)) (once.has(key) ? often : once).add(key);
  }
  return once.difference(often);
}

/** Keys that the planner made up for a fetch (`size__alias_0`) -> what they are called in the answer (`size`). */
export function renamedKeys(fetch: FetchNode): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const rewrite of fetch.outputRewrites ?? []) {
    const key = rewrite.path.at(-1);
    if (rewrite.kind === 'KeyRenamer' && key !== undefined) names.set(key, rewrite.renameKeyTo);
  }
  return names;
}

const join = (base: string, key: string): string => (base === '' ? key : `${base}/${key}`);
