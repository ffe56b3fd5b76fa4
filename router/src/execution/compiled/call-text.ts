import {
  Kind,
  print,
  stripIgnoredCharacters,
  visit,
  type ArgumentNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  type NameNode,
  type OperationDefinitionNode,
  type VariableDefinitionNode,
} from 'graphql';

/** One `_entities` field to be sent: the planner's whole operation for it. */
export interface EntityFetch {
  readonly document: DocumentNode;
}

export interface CallText {
  readonly query: string;
  readonly operationName: string | undefined;
  /** For each fetch: the key of its field in the answer, and the variable of its representations. */
  readonly fields: readonly { readonly key: string; readonly variable: string }[];
}

/**
 * Makes one operation of several `_entities` operations for one subgraph.
 *
 *     query($representations:[_Any!]!){_entities(representations:$representations){...on User{name}}}
 *     query($representations:[_Any!]!,$n:Int){_entities(representations:$representations){...on Post{likes(first:$n)}}}
 *     ->
 *     query($r0:[_Any!]!,$r1:[_Any!]!,$n:Int){e0:_entities(representations:$r0){...on User{name}}
 *       e1:_entities(representations:$r1){...on Post{likes(first:$n)}}}
 *
 * All come from one operation of the client, so a variable means the same in each and is declared once. A fragment
 * that several define alike is kept once; one that differs under the same name is renamed.
 */
export function mergeEntityFetches(fetches: readonly EntityFetch[]): CallText {
  const definitions = new Map<string, VariableDefinitionNode>();
  const fragments = new Map<string, { text: string; node: FragmentDefinitionNode }>();
  const parts = fetches.map(({ document }, i) => {
    const { operation, entities, own } = splitFetch(document, i, fragments);
    for (const definition of operation.variableDefinitions ?? []) {
      const name = definition.variable.name.value;
      if (name !== 'representations') definitions.set(name, definition);
    }
    for (const fragment of own) fragments.set(fragment.name.value, { text: print(fragment), node: fragment });
    return { operation, entities };
  });
  let prefix = 'r';
  while ([...definitions.keys()].some((name) => name.startsWith(prefix))) prefix += '_';
  const fields = fetches.map((_, i) => ({ key: `e${i}`, variable: `${prefix}${i}` }));
  const [first] = parts;
  if (first === undefined) throw new Error('A call without a fetch.');
  const operation: OperationDefinitionNode = {
    ...first.operation,
    variableDefinitions: [
      ...fields.map(({ variable }) => representationsDefinition(first.operation, variable)),
      ...definitions.values(),
    ],
    selectionSet: {
      kind: Kind.SELECTION_SET,
      selections: parts.map(({ entities }, i) => {
        const { key = '', variable = '' } = fields[i] ?? {};
        const value = { kind: Kind.VARIABLE, name: nameNode(variable) } as const;
        const argument: ArgumentNode = { kind: Kind.ARGUMENT, name: nameNode('representations'), value };
        return { ...entities, alias: nameNode(key), arguments: [argument] };
      }),
    },
  };
  const all: DocumentNode = {
    kind: Kind.DOCUMENT,
    definitions: [operation, ...[...fragments.values()].map(({ node }) => node)],
  };
  return { query: stripIgnoredCharacters(print(all)), operationName: first.operation.name?.value, fields };
}

/** The operation of a fetch, its `_entities` field, and its fragments under names that are free to take. */
function splitFetch(document: DocumentNode, index: number, taken: ReadonlyMap<string, { text: string }>) {
  const own = document.definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION);
  const clash = own.some((fragment) => {
    const other = taken.get(fragment.name.value);
    return other !== undefined && other.text !== print(fragment);
  });
  const renamed = clash ? renameFragments(document, index, own) : document;
  const operation = renamed.definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  const entities = operation?.selectionSet.selections[0];
  if (operation === undefined || entities?.kind !== Kind.FIELD) throw new Error('Not an _entities operation.');
  return {
    operation,
    entities,
    own: renamed.definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION),
  };
}

function renameFragments(document: DocumentNode, index: number, own: readonly FragmentDefinitionNode[]): DocumentNode {
  const names = new Set(own.map((fragment) => fragment.name.value));
  const rename = <N extends { name: NameNode }>(node: N): N | undefined =>
    names.has(node.name.value) ? { ...node, name: nameNode(`${node.name.value}__${index}`) } : undefined;
  return visit(document, { FragmentSpread: (node) => rename(node), FragmentDefinition: (node) => rename(node) });
}

function representationsDefinition(operation: OperationDefinitionNode, variable: string): VariableDefinitionNode {
  const original = operation.variableDefinitions?.find(({ variable }) => variable.name.value === 'representations');
  if (original === undefined) throw new Error('Not an _entities operation.');
  return { ...original, variable: { kind: Kind.VARIABLE, name: nameNode(variable) } };
}

const nameNode = (value: string): NameNode => ({ kind: Kind.NAME, value });
