import type { DeferNode, FetchNode, PlanNode, QueryPlanSelectionNode } from '@apollo/query-planner';
import { Kind, OperationTypeNode, parse, type DocumentNode, type SelectionSetNode } from 'graphql';
import type { Assignment } from './conditions.ts';
import { keysOf, parsePath, type PathPart } from './paths.ts';

/** One fetch of the plan, and the steps whose data it needs. */
export interface Step {
  readonly index: number;
  readonly fetch: FetchNode;
  readonly document: DocumentNode;
  readonly path: readonly PathPart[];
  /** 0 for what the first answer needs, else the deferred part that it belongs to. */
  readonly block: number;
  /** Counts the root fetches of a mutation: nothing of a later one begins before all of an earlier one has ended. */
  readonly epoch: number;
  readonly after: ReadonlySet<number>;
  /** The same for all steps that find the same objects at their path. */
  readonly scope: string;
}

/** A part of the answer that is delivered on its own; the first is the answer itself. */
export interface Block {
  readonly index: number;
  readonly label: string | undefined;
  readonly parent: number;
  /** Steps of other blocks that have to be done. */
  readonly after: ReadonlySet<number>;
}

export interface Steps {
  readonly steps: readonly Step[];
  readonly blocks: readonly Block[];
}

/**
 * Reads a query plan as a list of steps, for one assignment of the conditions.
 *
 * The planner's sequences say in which order fetches may run; what a fetch really needs is less. A fetch at `path`
 * that requires `fields` needs the steps before it that write an object on the way to `path`, or one of `fields`
 * there. Steps that only happen to stand in front of it are not waited for.
 *
 *     Sequence(products: {products{id upc}}, Parallel(reviews @products, inventory @products), users @products.reviews)
 *     ->  0 products   1 reviews after 0   2 inventory after 0   3 users after 0 and 1, not after 2
 *
 * If anything that a step needs is written by no known step, it waits for all that stand before it.
 */
export function readPlan(node: PlanNode | undefined, assignment: Assignment, given: readonly FetchNode[] = []): Steps {
  const reader = new PlanReader(assignment);
  for (const fetch of given) reader.give(fetch);
  if (node !== undefined) reader.walk(node, [], new Set(), 0);
  return { steps: reader.steps, blocks: reader.blocks() };
}

class PlanReader {
  readonly steps: Step[] = [];
  readonly #assignment: Assignment;
  readonly #writes: Set<string>[] = [];
  readonly #given = new Set<string>();
  readonly #ids = new Map<string, number>();
  readonly #blocks: { label: string | undefined; parent: number; depends: string[] }[] = [
    { label: undefined, parent: 0, depends: [] },
  ];
  #epoch = 0;

  constructor(assignment: Assignment) {
    this.#assignment = assignment;
  }

  /** What a fetch writes whose data is there before the first step: an event of a subscription. */
  give(fetch: FetchNode): void {
    for (const key of writesOf(fetch, parse(fetch.operation, { noLocation: true }), [])) this.#given.add(key);
  }

  blocks(): Block[] {
    return this.#blocks.map(({ label, parent, depends }, index) => ({
      index,
      label,
      parent,
      after: new Set(depends.flatMap((id) => this.#ids.get(id) ?? [])),
    }));
  }

  /** Adds the steps under a node, which stands after the steps `before`; returns their indices. */
  walk(node: PlanNode, path: readonly PathPart[], before: ReadonlySet<number>, block: number): Set<number> {
    switch (node.kind) {
      case 'Sequence': {
        const added = new Set<number>();
        for (const child of node.nodes) {
          this.walk(child, path, union(before, added), block).forEach((index) => added.add(index));
        }
        return added;
      }
      case 'Parallel':
        return union(...node.nodes.map((child) => this.walk(child, path, before, block)));
      case 'Flatten':
        return this.walk(node.node, [...path, ...parsePath(node.path)], before, block);
      case 'Condition': {
        const branch = this.#assignment.get(node.condition) ? node.ifClause : node.elseClause;
        return branch === undefined ? new Set() : this.walk(branch, path, before, block);
      }
      case 'Defer':
        return this.#defer(node, path, before, block);
      default:
        return new Set([this.#fetch(node, path, before, block)]);
    }
  }

  #defer(node: DeferNode, path: readonly PathPart[], before: ReadonlySet<number>, block: number): Set<number> {
    const { primary } = node;
    const added = primary.node === undefined ? new Set<number>() : this.walk(primary.node, path, before, block);
    const known = union(before, added);
    for (const deferred of node.deferred) {
      const own = this.#blocks.push({
        label: deferred.label,
        parent: block,
        depends: deferred.depends.map(({ id }) => id),
      });
      if (deferred.node) this.walk(deferred.node, path, known, own - 1).forEach((index) => added.add(index));
    }
    return added;
  }

  #fetch(fetch: FetchNode, path: readonly PathPart[], before: ReadonlySet<number>, block: number): number {
    const document = fetch.operationDocumentNode ?? parse(fetch.operation, { noLocation: true });
    const serial = fetch.operationKind === OperationTypeNode.MUTATION && fetch.requires === undefined;
    if (serial) this.#epoch++;
    const prefixes = prefixesOf(path);
    const after = serial ? before : this.#needed(fetch, prefixes, before);
    const creators = [...after].filter((step) => prefixes.some((prefix) => this.#writes[step]?.has(prefix)));
    const index = this.steps.length;
    const scope = `${JSON.stringify(path)} ${creators.join(' ')}`;
    this.steps.push({ index, fetch, document, path, block, epoch: this.#epoch, after, scope });
    this.#writes.push(writesOf(fetch, document, keysOf(path)));
    if (fetch.id !== undefined) this.#ids.set(fetch.id, index);
    return index;
  }

  #needed(fetch: FetchNode, prefixes: readonly string[], before: ReadonlySet<number>): ReadonlySet<number> {
    if (fetch.contextRewrites) return before;
    const base = prefixes.at(-1) ?? '';
    const needs = [...prefixes, ...requiredKeys(fetch.requires ?? [], base)];
    const after = new Set<number>();
    for (const need of needs) {
      const writers = [...before].filter((step) => this.#writes[step]?.has(need));
      if (writers.length === 0 && !this.#given.has(need)) return before;
      writers.forEach((step) => after.add(step));
    }
    return after;
  }
}

/** `a`, `a/b`, `a/b/c` for the path a, b, c. */
function prefixesOf(path: readonly PathPart[]): string[] {
  const keys = keysOf(path);
  return keys.map((_, i) => keys.slice(0, i + 1).join('/'));
}

function requiredKeys(selections: readonly QueryPlanSelectionNode[], base: string): string[] {
  return selections.flatMap((selection) => {
    if (selection.kind === 'InlineFragment') return requiredKeys(selection.selections, base);
    const key = join(base, selection.alias ?? selection.name);
    return [key, ...requiredKeys(selection.selections ?? [], key)];
  });
}

/** Every key that a fetch can write, from the root of the answer; type conditions and lists aside. */
function writesOf(fetch: FetchNode, document: DocumentNode, path: readonly string[]): Set<string> {
  const renamed = renamedKeys(fetch);
  const written = new Set<string>();
  const visit = (set: SelectionSetNode, base: string): void => {
    for (const selection of set.selections) {
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
const union = (...sets: readonly ReadonlySet<number>[]): Set<number> => new Set(sets.flatMap((set) => [...set]));
