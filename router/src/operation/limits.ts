import { fault } from '@chorus/kit/errors';
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLError,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/** How large a document may be. */
export interface OperationLimits {
  /** Lexical tokens; checked by the parser. */
  tokens: number;
  /** Fields within fields. */
  depth: number;
  /** Fields renamed, in the whole operation. */
  aliases: number;
  rootFields: number;
  /** Fields in all operations of the document; fragments in fragments make many of few. */
  fields: number;
}

/**
 * Pairs of fields at the same place of the answer. Validation compares each pair, in half a microsecond or more: without
 * a bound, 10 KB of one field again and again keep it busy for a second.
 */
const MAX_PAIRS = 20_000;

/** Objects and lists within one another in variables. Deeper ones would be too deep for the stack somewhere. */
const MAX_VARIABLE_DEPTH = 200;

interface Measure {
  depth: number;
  aliases: number;
  /** Fields of the selection itself, those of fragments among them. */
  own: number;
  fields: number;
}

const nothing: Measure = { depth: 0, aliases: 0, own: 0, fields: 0 };

/**
 * What is too large of a document, which need not be valid: it is looked at before validation, because what is too large
 * is too large for that as well. Fragments count where they are spread.
 */
export function exceededLimit({ definitions }: DocumentNode, limits: OperationLimits): GraphQLError | null {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of definitions) if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  const measured = new Map<SelectionSetNode, Measure>();
  // A fragment that is missing, or spreads itself, is for validation to find; it counts as nothing.
  const open = new Set<SelectionSetNode>();

  const inside = (selection: SelectionNode): SelectionSetNode | undefined =>
    selection.kind === Kind.FRAGMENT_SPREAD
      ? fragments.get(selection.name.value)?.selectionSet
      : selection.selectionSet;

  const measure = (set: SelectionSetNode | undefined): Measure => {
    if (set === undefined || open.has(set)) return nothing;
    const known = measured.get(set);
    if (known !== undefined) return known;
    open.add(set);
    const total = { ...nothing };
    for (const selection of set.selections) {
      const inner = measure(inside(selection));
      const isField = selection.kind === Kind.FIELD;
      total.depth = Math.max(total.depth, inner.depth + (isField ? 1 : 0));
      total.aliases += inner.aliases + (isField && selection.alias !== undefined ? 1 : 0);
      total.own += isField ? 1 : inner.own;
      total.fields += inner.fields + (isField ? 1 : 0);
    }
    open.delete(set);
    measured.set(set, total);
    return total;
  };

  /** Pairs of fields at the same place, in what these make together. */
  const pairs = (sets: readonly SelectionSetNode[]): number => {
    const places = new Map<string, { fields: number; inside: SelectionSetNode[] }>();
    const collect = (set: SelectionSetNode): void => {
      if (open.has(set)) return;
      open.add(set);
      for (const selection of set.selections) {
        const inner = inside(selection);
        if (selection.kind !== Kind.FIELD) {
          if (inner !== undefined) collect(inner);
          continue;
        }
        const name = (selection.alias ?? selection.name).value;
        let place = places.get(name);
        if (place === undefined) places.set(name, (place = { fields: 0, inside: [] }));
        place.fields++;
        if (inner !== undefined) place.inside.push(inner);
      }
      open.delete(set);
    };
    sets.forEach(collect);
    let total = 0;
    for (const place of places.values()) {
      total += (place.fields * (place.fields - 1)) / 2;
      if (place.inside.length > 0) total += pairs(place.inside);
    }
    return total;
  };

  let fields = 0;
  for (const operation of definitions) {
    if (operation.kind !== Kind.OPERATION_DEFINITION) continue;
    const total = measure(operation.selectionSet);
    fields += total.fields;
    if (total.own > limits.rootFields) return tooComplex(`has more than ${limits.rootFields} root fields`);
    if (total.depth > limits.depth) return tooComplex(`has more than ${limits.depth} levels of fields`);
    if (total.aliases > limits.aliases) return tooComplex(`has more than ${limits.aliases} aliases`);
    if (fields > limits.fields) return tooComplex(`has more than ${limits.fields} fields`);
    if (pairs([operation.selectionSet]) > MAX_PAIRS) return tooComplex('asks for the same fields too many times');
  }
  return null;
}

/** What is too large of variables. */
export function exceededDepth(variables: Readonly<Record<string, unknown>>): GraphQLError | null {
  return isDeeper(variables, MAX_VARIABLE_DEPTH) ? tooComplex(`has variables over ${MAX_VARIABLE_DEPTH} levels`) : null;
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  if (Array.isArray(value)) return value.some((item) => isDeeper(item, levels - 1));
  // Files are objects of another kind.
  if (Object.getPrototypeOf(value) !== Object.prototype) return false;
  return Object.values(value).some((item) => isDeeper(item, levels - 1));
}

const tooComplex = (what: string) =>
  fault('OPERATION_TOO_COMPLEX', `The operation ${what}. Split it, or ask for less.`);
