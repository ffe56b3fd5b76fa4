import { createHash } from 'node:crypto';
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  print,
  visit,
} from 'graphql';

/**
 * A plugin of graphql-codegen: the operations of a client as a persisted query manifest, in Apollo's format. Each is
 * named by the SHA-256 of its text, fragments included.
 */
export function plugin(_schema: unknown, files: { document?: DocumentNode }[]): string {
  const definitions = files.flatMap(({ document }) => document?.definitions ?? []);
  const fragments = new Map(
    definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION).map((node) => [node.name.value, node]),
  );
  const operations = definitions
    .filter((node) => node.kind === Kind.OPERATION_DEFINITION)
    .map((operation) => {
      const body = [operation, ...spreadIn(operation, fragments)].map((node) => print(node)).join('\n\n');
      const id = createHash('sha256').update(body).digest('hex');
      return { id, body, name: operation.name?.value ?? '', type: operation.operation };
    })
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return `${JSON.stringify({ format: 'apollo-persisted-query-manifest', version: 1, operations }, null, 2)}\n`;
}

/** The fragments that an operation spreads, directly or not, each once. */
function spreadIn(
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): Set<FragmentDefinitionNode> {
  const found = new Set<FragmentDefinitionNode>();
  const look = (node: OperationDefinitionNode | FragmentDefinitionNode): void =>
    void visit(node, {
      FragmentSpread({ name }) {
        const fragment = fragments.get(name.value);
        if (fragment === undefined || found.has(fragment)) return;
        found.add(fragment);
        look(fragment);
      },
    });
  look(operation);
  return found;
}
