import { Kind, isAbstractType, isInterfaceType, type DocumentNode, type SelectionSetNode } from 'graphql';
import type { CallContext } from './call.ts';
import { isIncluded, type Assignment } from './conditions.ts';
import { renamedKeys } from './plan-keys.ts';
import type { Step } from './plan.ts';

/** A key that a fetch fills in the objects it was made for; on some types only, if a type condition stands around it. */
export interface FilledKey {
  readonly key: string;
  readonly types: readonly string[] | undefined;
}

function filledKeys(
  document: DocumentNode,
  selectionSet: SelectionSetNode,
  assignment: Assignment,
  renamed: ReadonlyMap<string, string>,
  possibleTypes: (condition: string) => readonly string[],
): FilledKey[] {
  const keys: FilledKey[] = [];
  const visit = (set: SelectionSetNode, types: readonly string[] | undefined): void => {
    for (const selection of set.selections) {
      if (!isIncluded(selection.directives, assignment)) continue;
      if (selection.kind === Kind.FIELD) {
        const key = selection.alias?.value ?? selection.name.value;
        if (selection.name.value !== '__typename') keys.push({ key: renamed.get(key) ?? key, types });
        continue;
      }
      const fragment =
        selection.kind === Kind.INLINE_FRAGMENT
          ? selection
          : document.definitions
              .filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION)
              .find(({ name }) => name.value === selection.name.value);
      if (fragment === undefined) continue;
      const narrowed = fragment.typeCondition && possibleTypes(fragment.typeCondition.name.value);
      visit(fragment.selectionSet, narrowed ?? types);
    }
  };
  visit(selectionSet, undefined);
  return keys;
}

/** What a fetch of root fields selects. */
export function rootSelection({ document }: Step): SelectionSetNode {
  const operation = document.definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  if (operation === undefined) throw new Error('A fetch without an operation.');
  return operation.selectionSet;
}

/** What an `_entities` fetch selects of its entities. */
export function entitySelection(step: Step): SelectionSetNode {
  const entities = rootSelection(step).selections[0];
  if (entities?.kind !== Kind.FIELD || !entities.selectionSet) throw new Error('Not an _entities operation.');
  return entities.selectionSet;
}

/** What a step fills at its place: the first level of its selection, without what only routers ask for. */
export function filledBy(
  { schema, assignment }: Pick<CallContext, 'schema' | 'assignment'>,
  step: Step,
  selectionSet: SelectionSetNode,
): FilledKey[] {
  return filledKeys(step.document, selectionSet, assignment, renamedKeys(step.fetch), (condition) => {
    const type = schema.getType(condition);
    if (!isAbstractType(type)) return [condition];
    const interfaces = isInterfaceType(type) ? schema.getImplementations(type).interfaces : [];
    return [condition, ...schema.getPossibleTypes(type).map(({ name }) => name), ...interfaces.map(({ name }) => name)];
  });
}
