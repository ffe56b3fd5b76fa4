import type { DeferNode, FetchNode, PlanNode, QueryPlanSelectionNode } from '@apollo/query-planner';
import { OperationTypeNode, parse, type DocumentNode } from 'graphql';
import type { Assignment } from './conditions.ts';
import { keysOf, parsePath, type PathPart } from './paths.ts';
import { keysRequired, keysWritten, prefixesOf, withoutKeys } from './plan-keys.ts';

/** One fetch of the plan, and the steps whose data it needs. */
export interface Step {
  readonly index: number;
  readonly fetch: FetchNode;
  readonly document: DocumentNode;
  /** What the fetch requires of an entity under this assignment; undefined for a fetch of root fields. */
  readonly requires: readonly QueryPlanSelectionNode[] | undefined;
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
 * If anything that a step needs is written by no known step, it waits for all that stand before it. A required field
 * that no step writes because a condition leaves it out is not required then: what needed it is left out as well, but
 * the planner keeps one list for all that one fetch asks for.
 */
export function readPlan(node: PlanNode | undefined, assignment: Assignment, given: readonly FetchNode[] = []): Steps {
  const reader = new PlanReader(assignment);
  for (const fetch of given) reader.give(fetch);
  if (node !== undefined) {
    reader.survey(node, []);
    reader.walk(node, [], new Set(), 0);
  }
  return { steps: reader.steps, blocks: reader.blocks() };
}

class PlanReader {
  readonly steps: Step[] = [];
  readonly #assignment: Assignment;
  readonly #writes: Set<string>[] = [];
  readonly #given = new Set<string>();
  readonly #possible = new Set<string>();
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
    for (const key of keysWritten(fetch, documentOf(fetch), [], this.#assignment)) this.#given.add(key);
  }

  /** Notes every key that the plan writes under any assignment. */
  survey(node: PlanNode, path: readonly PathPart[]): void {
    if (node.kind === 'Fetch') {
      for (const key of keysWritten(node, documentOf(node), keysOf(path), undefined)) this.#possible.add(key);
    } else if (node.kind === 'Flatten') {
      this.survey(node.node, [...path, ...parsePath(node.path)]);
    } else {
      for (const child of childrenOf(node)) this.survey(child, path);
    }
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
    // Supergraphs with @context are refused when they are loaded, so no plan has this.
    if (fetch.contextRewrites) throw new Error('Plans with @fromContext are not supported.');
    const document = documentOf(fetch);
    const serial = fetch.operationKind === OperationTypeNode.MUTATION && fetch.requires === undefined;
    if (serial) this.#epoch++;
    const prefixes = prefixesOf(path);
    const requires = fetch.requires && this.#requires(fetch.requires, prefixes.at(-1) ?? '', before);
    const needs = [...prefixes, ...keysRequired(requires ?? [], prefixes.at(-1) ?? '')];
    const after = serial ? before : this.#writers(needs, before);
    const creators = [...after].filter((step) => prefixes.some((prefix) => this.#writes[step]?.has(prefix)));
    const index = this.steps.length;
    const scope = `${JSON.stringify(path)} ${creators.join(' ')}`;
    this.steps.push({ index, fetch, document, requires, path, block, epoch: this.#epoch, after, scope });
    this.#writes.push(keysWritten(fetch, document, keysOf(path), this.#assignment));
    if (fetch.id !== undefined) this.#ids.set(fetch.id, index);
    return index;
  }

  #writers(needs: readonly string[], before: ReadonlySet<number>): ReadonlySet<number> {
    const after = new Set<number>();
    for (const need of needs) {
      const writers = [...before].filter((step) => this.#writes[step]?.has(need));
      if (writers.length === 0 && !this.#given.has(need)) return before;
      writers.forEach((step) => after.add(step));
    }
    return after;
  }

  #requires(
    requires: readonly QueryPlanSelectionNode[],
    base: string,
    before: ReadonlySet<number>,
  ): readonly QueryPlanSelectionNode[] {
    const leftOut = keysRequired(requires, base).filter(
      (key) =>
        this.#possible.has(key) && !this.#given.has(key) && ![...before].some((step) => this.#writes[step]?.has(key)),
    );
    return leftOut.length === 0 ? requires : withoutKeys(requires, base, new Set(leftOut));
  }
}

const documentOf = (fetch: FetchNode): DocumentNode =>
  fetch.operationDocumentNode ?? parse(fetch.operation, { noLocation: true });

function childrenOf(node: PlanNode): PlanNode[] {
  switch (node.kind) {
    case 'Sequence':
    case 'Parallel':
      return node.nodes;
    case 'Condition':
      return [node.ifClause, node.elseClause].filter((child) => child !== undefined);
    case 'Defer':
      return [node.primary.node, ...node.deferred.map((deferred) => deferred.node)].filter(
        (child) => child !== undefined,
      );
    default:
      return [];
  }
}

const union = (...sets: readonly ReadonlySet<number>[]): Set<number> => new Set(sets.flatMap((set) => [...set]));
