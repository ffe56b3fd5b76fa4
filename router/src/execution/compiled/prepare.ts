import {
  Kind,
  isInterfaceType,
  isObjectType,
  visit,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  type InlineFragmentNode,
  type NameNode,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { isIncluded, type Assignment } from './conditions.ts';

/** A client's operation, made safe for the query planner, and the way back to what the client wrote. */
export interface PreparedOperation {
  readonly operation: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** The same in a form that the planner gets right. */
  readonly plannerDocument: DocumentNode;
  /** Keys under which data is kept -> keys of the client's answer, where they differ. */
  readonly clientKeys: ReadonlyMap<string, string>;
  /** Variables of the plan -> variables of the client, where they differ. */
  readonly clientVariables: ReadonlyMap<string, string>;
  /** Our labels of deferred fragments -> the client's. */
  readonly clientLabels: ReadonlyMap<string, string | undefined>;
}

/**
 * Rewrites the few things in a valid operation that the query planner does not survive.
 *
 * - An alias that is also the name of a field: in `{ products { id: name reviews { text } } }` the planner needs
 *   `products.id` for itself and gives up the client's. Data is kept under `id__as`, the answer says `id`.
 * - A variable called `representations`, which is the planner's own.
 * - `__schema` and `__type` below a fragment, and some combinations of conditions: see `forPlanner`.
 * - @defer in a fragment that is used twice, or with labels given to some: fragments are inlined, each gets its label.
 */
export function prepare(
  document: DocumentNode,
  operationName: string | undefined,
  fieldNames: ReadonlySet<string>,
): PreparedOperation {
  const clientKeys = new Map<string, string>();
  const clientVariables = new Map<string, string>();
  const safe = renameVariables(renameAliases(document, fieldNames, clientKeys), clientVariables);
  let operation = operationOf(safe, operationName);
  let fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of safe.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const clientLabels = new Map<string, string | undefined>();
  if (usesDefer(safe)) {
    const selectionSet = inlineFragments(operation.selectionSet, fragments, clientLabels);
    operation = { ...operation, selectionSet };
    fragments = new Map();
  }
  const whole: DocumentNode = { kind: Kind.DOCUMENT, definitions: [operation, ...fragments.values()] };
  return {
    operation,
    fragments,
    plannerDocument: forPlanner(whole),
    clientKeys,
    clientVariables,
    clientLabels,
  };
}

/** Every name of a field in a schema: what no alias may be called inside the plan. */
export function fieldNamesOf(schema: GraphQLSchema): Set<string> {
  const names = new Set<string>();
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) && !isInterfaceType(type)) continue;
    for (const name of Object.keys(type.getFields())) names.add(name);
  }
  return names;
}

function operationOf(document: DocumentNode, name: string | undefined): OperationDefinitionNode {
  const operations = document.definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  const operation = name === undefined ? operations[0] : operations.find((candidate) => candidate.name?.value === name);
  if (operation === undefined || (name === undefined && operations.length > 1)) {
    throw new Error(`The document holds no operation ${JSON.stringify(name ?? 'that could be meant')}.`);
  }
  return operation;
}

function renameAliases(
  document: DocumentNode,
  taken: ReadonlySet<string>,
  clientKeys: Map<string, string>,
): DocumentNode {
  const used = new Set<string>();
  visit(document, { Field: (node) => void used.add(node.alias?.value ?? node.name.value) });
  const renamed = new Map<string, string>();
  const rename = (alias: string): string => {
    let name = renamed.get(alias);
    if (name === undefined) {
      name = `${alias.replace(/^_+/, '') || 'x'}__as`;
      while (used.has(name) || taken.has(name) || clientKeys.has(name)) name += '_';
      renamed.set(alias, name);
      clientKeys.set(name, alias);
    }
    return name;
  };
  return visit(document, {
    Field(node) {
      const alias = node.alias?.value;
      if (alias === undefined || alias === node.name.value || !(taken.has(alias) || alias.startsWith('__')))
        return undefined;
      return { ...node, alias: nameNode(rename(alias)) };
    },
  });
}

function renameVariables(document: DocumentNode, clientVariables: Map<string, string>): DocumentNode {
  const used = new Set<string>();
  visit(document, { Variable: (node) => void used.add(node.name.value) });
  const renamed = new Map<string, string>();
  for (const name of used) {
    if (name !== 'representations' && !name.startsWith('contextualArgument_')) continue;
    let safe = `${name}_`;
    while (used.has(safe)) safe += '_';
    renamed.set(name, safe);
    clientVariables.set(safe, name);
  }
  if (renamed.size === 0) return document;
  return visit(document, {
    Variable(node) {
      const safe = renamed.get(node.name.value);
      return safe === undefined ? undefined : { ...node, name: nameNode(safe) };
    },
  });
}

function inlineFragments(
  selectionSet: SelectionSetNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  labels: Map<string, string | undefined>,
): SelectionSetNode {
  const selections = selectionSet.selections.map((selection): SelectionNode => {
    if (selection.kind === Kind.FIELD) {
      if (selection.selectionSet === undefined) return selection;
      return { ...selection, selectionSet: inlineFragments(selection.selectionSet, fragments, labels) };
    }
    const definition = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
    if (definition === undefined) throw new Error('A fragment is not defined.');
    const inlined: InlineFragmentNode = {
      kind: Kind.INLINE_FRAGMENT,
      ...(definition.typeCondition && { typeCondition: definition.typeCondition }),
      directives: (selection.directives ?? []).map((directive) => {
        if (directive.name.value !== 'defer') return directive;
        const given = directive.arguments?.find(({ name }) => name.value === 'label')?.value;
        const label = `d${labels.size}`;
        labels.set(label, given?.kind === Kind.STRING ? given.value : undefined);
        const others = directive.arguments?.filter(({ name }) => name.value !== 'label') ?? [];
        const value = { kind: Kind.STRING, value: label } as const;
        return { ...directive, arguments: [...others, { kind: Kind.ARGUMENT, name: nameNode('label'), value }] };
      }),
      selectionSet: inlineFragments(definition.selectionSet, fragments, labels),
    };
    return inlined;
  });
  return { kind: Kind.SELECTION_SET, selections };
}

const introspection = ['__schema', '__type'];
const typename: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };

/**
 * What the planner gets of a document. `__typename` stands in where nothing else is left of a selection.
 *
 * - `__schema` and `__type` are answered here.
 * - What a literal condition, or with an assignment any condition, leaves out is left out. The planner drops the field
 *   around it as well.
 * - A field with a condition by variable, of which everything inside has one too, asks for its `__typename`: the
 *   planner joins the conditions, and the field would be missing whenever nothing inside it is wanted.
 */
export function forPlanner(document: DocumentNode, assignment?: Assignment): DocumentNode {
  const settled = <S extends SelectionNode>(selection: S): S => ({
    ...selection,
    directives: selection.directives?.filter(
      ({ name, arguments: args = [] }) =>
        name.value === 'defer' || (args[0]?.value.kind === Kind.VARIABLE && assignment === undefined),
    ),
  });
  return visit(document, {
    SelectionSet: {
      leave: ({ selections, ...set }) => {
        const kept = selections.filter(({ directives }) => isIncluded(directives, assignment)).map(settled);
        return { ...set, selections: kept.length === 0 ? [typename] : kept };
      },
    },
    Field: {
      leave(node) {
        if (introspection.includes(node.name.value)) return { ...typename, directives: node.directives ?? [] };
        const { selectionSet } = node;
        if (!selectionSet || !isConditional(node) || selectionSet.selections.some((part) => !mayBeLeftOut(part))) {
          return undefined;
        }
        return { ...node, selectionSet: { ...selectionSet, selections: [...selectionSet.selections, typename] } };
      },
    },
  });
}

const isConditional = ({ directives = [] }: SelectionNode): boolean =>
  directives.some(({ name }) => name.value === 'skip' || name.value === 'include');

const mayBeLeftOut = (selection: SelectionNode): boolean => selection.kind !== Kind.FIELD || isConditional(selection);

export function usesDefer(document: DocumentNode): boolean {
  let found = false;
  visit(document, { Directive: ({ name }) => void (found ||= name.value === 'defer') });
  return found;
}

export const withoutDefer = (document: DocumentNode): DocumentNode =>
  visit(document, { Directive: ({ name }) => (name.value === 'defer' ? null : undefined) });

const nameNode = (value: string): NameNode => ({ kind: Kind.NAME, value });
