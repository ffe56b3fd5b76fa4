import {
  Kind,
  executeSync,
  isObjectType,
  type FieldNode,
  type GraphQLSchema,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { isIncluded, type Variables } from './conditions.ts';
import type { PreparedOperation } from './prepare.ts';
import type { SelectionContext } from './selection.ts';

/**
 * Answers `__schema` and `__type` of an operation by graphql-js over the schema that clients see: JSON texts by key.
 * They may stand beside ordinary fields; undefined when there are none.
 */
export function compileIntrospection(
  schema: GraphQLSchema,
  { operation, fragments, clientVariables }: PreparedOperation,
  selection: SelectionContext,
): ((variables: Variables) => Record<string, string>) | undefined {
  const fields: FieldNode[] = [];
  const visit = ({ selections }: SelectionSetNode): void => selections.forEach(look);
  const look = (node: SelectionNode): void => {
    if (!isIncluded(node.directives, selection.assignment)) return;
    if (node.kind === Kind.FIELD) {
      if (node.name.value === '__schema' || node.name.value === '__type') fields.push(node);
    } else {
      const fragment = node.kind === Kind.INLINE_FRAGMENT ? node : fragments.get(node.name.value);
      if (fragment) visit(fragment.selectionSet);
    }
  };
  visit(operation.selectionSet);
  if (fields.length === 0 || !isObjectType(schema.getQueryType())) return undefined;
  const selectionSet: SelectionSetNode = { kind: Kind.SELECTION_SET, selections: fields };
  const document = {
    kind: Kind.DOCUMENT,
    definitions: [{ ...operation, selectionSet }, ...fragments.values()],
  } as const;
  return (variables) => {
    const renamed = { ...variables };
    for (const [name, client] of clientVariables)
      if (Object.hasOwn(variables, client)) renamed[name] = variables[client];
    const { data } = executeSync({ schema, document, variableValues: renamed });
    return Object.fromEntries(Object.entries(data ?? {}).map(([key, value]) => [key, JSON.stringify(value)]));
  };
}
