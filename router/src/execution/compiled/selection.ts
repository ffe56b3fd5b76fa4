import {
  Kind,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isListType,
  isNonNullType,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLOutputType,
  type GraphQLSchema,
  type SelectionSetNode,
} from 'graphql';
import { deferOf, isIncluded, type Assignment } from './conditions.ts';
import type { PathPart } from './paths.ts';
import { typeApplies } from './type-conditions.ts';

/** What it takes to read selections: the schema, the fragments, and the conditions that hold in this compilation. */
export interface SelectionContext {
  readonly schema: GraphQLSchema;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly assignment: Assignment;
  /** Whether deferred fragments are left out, to be delivered on their own. */
  readonly deferring: boolean;
}

/** A field of an object type once its occurrences in all fitting fragments are taken together. */
export interface CollectedField {
  readonly name: string;
  readonly selectionSets: SelectionSetNode[];
}

/** The fields that selection sets ask of one type, by the key under which their data is kept, in the client's order. */
export function collectFields(
  context: SelectionContext,
  type: GraphQLCompositeType,
  selectionSets: readonly SelectionSetNode[],
): Map<string, CollectedField> {
  const fields = new Map<string, CollectedField>();
  const visit = (selectionSet: SelectionSetNode): void => {
    for (const selection of selectionSet.selections) {
      if (!isIncluded(selection.directives, context.assignment)) continue;
      if (selection.kind === Kind.FIELD) {
        const key = selection.alias?.value ?? selection.name.value;
        const field = fields.get(key) ?? { name: selection.name.value, selectionSets: [] };
        if (selection.selectionSet) field.selectionSets.push(selection.selectionSet);
        fields.set(key, field);
        continue;
      }
      if (context.deferring && deferOf(selection.directives, context.assignment)) continue;
      const fragment =
        selection.kind === Kind.INLINE_FRAGMENT ? selection : context.fragments.get(selection.name.value);
      const condition = fragment?.typeCondition?.name.value;
      if (fragment && (condition === undefined || typeApplies(context.schema, condition, type.name))) {
        visit(fragment.selectionSet);
      }
    }
  };
  selectionSets.forEach(visit);
  return fields;
}

/** The keys that a selection can fill, type conditions aside: enough to say whether a path is the client's. */
export interface Shape extends ReadonlyMap<string, Shape> {}

export function shapeOf(context: SelectionContext, selectionSets: readonly SelectionSetNode[]): Shape {
  const children = new Map<string, SelectionSetNode[]>();
  const visit = (selectionSet: SelectionSetNode): void => {
    for (const selection of selectionSet.selections) {
      if (!isIncluded(selection.directives, context.assignment)) continue;
      if (selection.kind === Kind.FIELD) {
        const key = selection.alias?.value ?? selection.name.value;
        const sets = children.get(key) ?? [];
        if (selection.selectionSet) sets.push(selection.selectionSet);
        children.set(key, sets);
        continue;
      }
      const fragment =
        selection.kind === Kind.INLINE_FRAGMENT ? selection : context.fragments.get(selection.name.value);
      if (fragment) visit(fragment.selectionSet);
    }
  };
  selectionSets.forEach(visit);
  return new Map([...children].map(([key, sets]) => [key, shapeOf(context, sets)]));
}

/** A fragment that is delivered on its own. */
export interface DeferredFragment {
  readonly label: string;
  /** Label of the deferred fragment around this one. */
  readonly parent: string | undefined;
  /** Where the objects are that it adds to; the last part holds its type condition, if any. */
  readonly path: readonly PathPart[];
  readonly type: GraphQLCompositeType;
  readonly selectionSet: SelectionSetNode;
}

/** Every deferred fragment of an operation whose fragments are inlined, outer ones first. */
export function deferredFragments(
  context: SelectionContext,
  root: GraphQLCompositeType,
  selectionSet: SelectionSetNode,
): DeferredFragment[] {
  const found: DeferredFragment[] = [];
  const visit = (
    type: GraphQLCompositeType,
    set: SelectionSetNode,
    path: readonly PathPart[],
    parent: string | undefined,
  ): void => {
    for (const selection of set.selections) {
      if (!isIncluded(selection.directives, context.assignment)) continue;
      if (selection.kind === Kind.FIELD) {
        const field =
          isAbstractType(type) && !('getFields' in type) ? undefined : type.getFields()[selection.name.value];
        if (!field || !selection.selectionSet) continue;
        const next = getNamedType(field.type);
        const at = [...path, { key: selection.alias?.value ?? selection.name.value }, ...listParts(field.type)];
        if (isCompositeType(next)) visit(next, selection.selectionSet, at, parent);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        const named = selection.typeCondition && context.schema.getType(selection.typeCondition.name.value);
        // What can never apply is not there.
        if (isCompositeType(named) && !overlap(context.schema, type, named)) continue;
        const next = isCompositeType(named) && isAbstractType(type) ? named : type;
        const at = isWithin(context.schema, type, next) ? path : [...path, { types: typeNames(context.schema, next) }];
        const label = deferOf(selection.directives, context.assignment)?.label;
        if (label !== undefined) {
          found.push({ label, parent, path: at, type: next, selectionSet: selection.selectionSet });
        }
        visit(next, selection.selectionSet, at, label ?? parent);
      }
    }
  };
  visit(root, selectionSet, [], undefined);
  return found;
}

function listParts(type: GraphQLOutputType): 'each'[] {
  if (isNonNullType(type)) return listParts(type.ofType);
  return isListType(type) ? ['each', ...listParts(type.ofType)] : [];
}

/** Whether every object of one type is one of the other: a condition that holds and needs no check. */
function isWithin(schema: GraphQLSchema, type: GraphQLCompositeType, other: GraphQLCompositeType): boolean {
  const names = typeNames(schema, other);
  return typeNames(schema, type).every((name) => names.includes(name));
}

const overlap = (schema: GraphQLSchema, type: GraphQLCompositeType, other: GraphQLCompositeType): boolean =>
  typeNames(schema, type).some((name) => typeNames(schema, other).includes(name));

const typeNames = (schema: GraphQLSchema, type: GraphQLCompositeType): string[] =>
  (isAbstractType(type) ? schema.getPossibleTypes(type) : [type]).map(({ name }) => name);
