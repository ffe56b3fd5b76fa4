import { Kind, parse, print, visit, type ASTNode, type DocumentNode, type GraphQLSchema, validate } from 'graphql';
import type { RandomOperation } from './operations.ts';

/**
 * Makes a failing operation smaller while it still fails: leaves out one selection, directive, argument or fragment
 * after the other, as long as what is left is valid.
 */
export async function shrink(
  schema: GraphQLSchema,
  operation: RandomOperation,
  fails: (operation: RandomOperation) => Promise<boolean>,
): Promise<RandomOperation> {
  let smallest = operation;
  for (let again = true; again;) {
    again = false;
    const document = parse(smallest.query, { noLocation: true });
    for (const candidate of smaller(document)) {
      const query = print(candidate);
      if (query.length >= print(document).length || isHollow(candidate)) continue;
      if (validate(schema, candidate).length > 0) continue;
      const next = { query, variables: smallest.variables };
      if (!(await fails(next))) continue;
      smallest = next;
      again = true;
      break;
    }
  }
  return smallest;
}

function* smaller(document: DocumentNode): Generator<DocumentNode> {
  const nodes: ASTNode[] = [];
  visit(document, {
    enter(node) {
      if (removable.has(node.kind)) nodes.push(node);
    },
  });
  for (const removed of nodes) {
    yield cleaned(visit(document, { enter: (node) => (node === removed ? null : undefined) }));
  }
  for (const opened of nodes) {
    if (opened.kind !== Kind.FIELD || opened.alias === undefined) continue;
    const { alias: _, ...bare } = opened;
    yield visit(document, { enter: (node) => (node === opened ? bare : undefined) });
  }
}

/** A removal can empty the selection around it; that is removed as a whole in another attempt. */
function isHollow(document: DocumentNode): boolean {
  let hollow = false;
  visit(document, {
    SelectionSet: ({ selections }) => {
      hollow ||= selections.length === 0;
    },
  });
  return hollow;
}

const removable = new Set<Kind>([
  Kind.FIELD,
  Kind.INLINE_FRAGMENT,
  Kind.FRAGMENT_SPREAD,
  Kind.DIRECTIVE,
  Kind.ARGUMENT,
]);

/** Drops what a removal leaves without use: fragments, variables. What is empty then is not valid and thrown away. */
function cleaned(document: DocumentNode): DocumentNode {
  let current = document;
  for (;;) {
    const fragments = new Set<string>();
    const variables = new Set<string>();
    visit(current, {
      FragmentSpread: ({ name }) => void fragments.add(name.value),
      VariableDefinition: () => false,
      Variable: ({ name }) => void variables.add(name.value),
    });
    const next: DocumentNode = visit(current, {
      FragmentDefinition: ({ name }) => (fragments.has(name.value) ? undefined : null),
      VariableDefinition: ({ variable }) => (variables.has(variable.name.value) ? undefined : null),
    });
    if (print(next) === print(current)) return next;
    current = next;
  }
}
