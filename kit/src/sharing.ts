import {
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  getNamedType,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  isAbstractType,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  type SelectionSetNode,
  visit,
} from 'graphql';

/** What is known of an operation whose answer is the same for everybody who may have it. */
export interface Sharing {
  /** Variables that only say where to begin, and nothing of what follows: each who asks has their own. */
  readonly starts: ReadonlySet<string>;
}

/** Root fields of a query that are the federation's own; what they lead to has to be marked like everything. */
const entryPoints = new Set(['_entities', '__typename']);

/**
 * Whether an operation reads nothing of its viewer, by what the schema says: every one of its fields is marked @shared.
 * An interface's field is when it is in each type that has it. One field without the mark makes the whole unshared.
 * @param schema one that was built from SDL, so that it has the marks
 * @returns null: it is not shared
 */
export function sharingOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  definition: OperationDefinitionNode,
): Sharing | null {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of document.definitions)
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  const root = schema.getRootType(definition.operation);
  if (root == null || definition.operation === OperationTypeNode.MUTATION) return null;
  const starts = new Set<string>();
  const used = new Set<string>();
  const use = (node: FieldNode | undefined, but: string | undefined) => {
    for (const argument of node?.arguments ?? []) {
      if (argument.value.kind === Kind.VARIABLE && argument.name.value === but) starts.add(argument.value.name.value);
      else visit(argument, { Variable: ({ name }) => void used.add(name.value) });
    }
  };

  const isShared = sharedSelections(schema, fragments, {
    root,
    onDirective: (directive) => visit(directive, { Variable: ({ name }) => void used.add(name.value) }),
    onField: (node, field, type) => use(node, type === root ? (markOf(field)?.startsAt ?? undefined) : undefined),
  });
  if (!isShared(definition.selectionSet, root)) return null;
  return { starts: new Set([...starts].filter((name) => !used.has(name))) };
}

const cards = new WeakMap<readonly FieldNode[], Map<string, boolean>>();

/**
 * Whether whoever may have an object of that type gets the same of it, by what is asked of it below a field: all that is,
 * is marked @shared. For references, which do not tell who led to them.
 */
export function asksShared({ schema, fragments, fieldNodes }: GraphQLResolveInfo, typeName: string): boolean {
  const type = schema.getType(typeName);
  if (type === undefined) return false;
  const known = cards.get(fieldNodes) ?? new Map<string, boolean>();
  cards.set(fieldNodes, known);
  let shared = known.get(typeName);
  if (shared === undefined) {
    const isShared = sharedSelections(schema, new Map(Object.entries(fragments)));
    shared = fieldNodes.every(
      ({ selectionSet }) => selectionSet === undefined || isShared(ofType(selectionSet, typeName), type),
    );
    known.set(typeName, shared);
  }
  return shared;
}

/** Of what is asked of any of several types, that which is asked of this one. */
const ofType = (set: SelectionSetNode, typeName: string): SelectionSetNode => ({
  ...set,
  selections: set.selections.filter(
    (selection) =>
      selection.kind !== Kind.INLINE_FRAGMENT || (selection.typeCondition?.name.value ?? typeName) === typeName,
  ),
});

/** Says of selections whether all in them is marked. */
function sharedSelections(
  schema: GraphQLSchema,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  {
    root,
    onDirective,
    onField,
  }: {
    /** The type whose entry points need no mark of their own. */
    root?: GraphQLNamedType;
    onDirective?: (directive: DirectiveNode) => void;
    onField?: (node: FieldNode, field: GraphQLField<unknown, unknown>, type: GraphQLNamedType) => void;
  } = {},
): (set: SelectionSetNode, type: GraphQLNamedType) => boolean {
  const isShared = (set: SelectionSetNode, type: GraphQLNamedType): boolean =>
    set.selections.every((selection) => {
      for (const directive of selection.directives ?? []) onDirective?.(directive);
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        const fragment = fragments.get(selection.name.value);
        return fragment !== undefined && isSharedIn(fragment.selectionSet, fragment.typeCondition.name.value);
      }
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        return isSharedIn(selection.selectionSet, selection.typeCondition?.name.value ?? type.name);
      }
      return isFieldShared(selection, type);
    });
  const isSharedIn = (set: SelectionSetNode, name: string): boolean => {
    const type = schema.getType(name);
    return type !== undefined && isShared(set, type);
  };
  const isFieldShared = (node: FieldNode, type: GraphQLNamedType): boolean => {
    const name = node.name.value;
    if (name === '__typename') return true;
    const isEntry = type === root && entryPoints.has(name);
    const fields = fieldsOf(schema, type, name);
    const [field] = fields;
    if (field === undefined || (!isEntry && !fields.every((one) => markOf(one) !== null))) return false;
    onField?.(node, field, type);
    return node.selectionSet === undefined || isShared(node.selectionSet, getNamedType(field.type));
  };
  return isShared;
}

/** The field in every type that an object of this type may be. */
function fieldsOf(schema: GraphQLSchema, type: GraphQLNamedType, name: string): GraphQLField<unknown, unknown>[] {
  const types = isAbstractType(type) ? schema.getPossibleTypes(type) : isObjectType(type) ? [type] : [];
  const found = types.map((one) => one.getFields()[name]);
  if (isInterfaceType(type) && found.length === 0) return [];
  return found.every((field) => field !== undefined) ? found : [];
}

function markOf({ astNode }: GraphQLField<unknown, unknown>): { startsAt: string | null } | null {
  const mark = astNode?.directives?.find(({ name }) => name.value === 'shared');
  if (mark === undefined) return null;
  const argument = mark.arguments?.find(({ name }) => name.value === 'startsAt');
  return { startsAt: argument?.value.kind === Kind.STRING ? argument.value.value : null };
}

/** What names an operation among those that are answered as one. */
export const sharedKey = (
  { starts }: Sharing,
  text: string,
  operationName: string | null | undefined,
  variables: Readonly<Record<string, unknown>>,
): string => {
  const rest = Object.entries(variables).filter(([name]) => !starts.has(name));
  return JSON.stringify([operationName ?? null, text, Object.fromEntries(rest.sort(([a], [b]) => (a < b ? -1 : 1)))]);
};
