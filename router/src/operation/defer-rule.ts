import {
  type ASTVisitor,
  type DirectiveNode,
  GraphQLError,
  Kind,
  OperationTypeNode,
  type ValidationContext,
  visit,
} from 'graphql';

/**
 * What graphql-js 16 does not know of @defer: labels are literal and unique in a document, nothing is deferred at the
 * root of a mutation, whose fields run one after the other, and nothing at all in a subscription.
 */
export function deferRule(context: ValidationContext): ASTVisitor {
  const labels = new Map<string, DirectiveNode>();
  const report = (message: string, nodes: DirectiveNode | DirectiveNode[]) =>
    context.reportError(new GraphQLError(message, { nodes }));
  return {
    Directive(node) {
      if (node.name.value !== 'defer') return;
      const parent = context.getParentType();
      if (parent != null && parent === context.getSchema().getMutationType()) {
        report('@defer cannot be used at the root of a mutation.', node);
      }
      const label = node.arguments?.find(({ name }) => name.value === 'label')?.value;
      if (label === undefined || label.kind === Kind.NULL) return;
      if (label.kind !== Kind.STRING) return report('The label of @defer must be a literal string.', node);
      const first = labels.get(label.value);
      if (first !== undefined) report(`The label "${label.value}" of @defer is used twice.`, [first, node]);
      labels.set(label.value, node);
    },
    OperationDefinition(operation) {
      if (operation.operation !== OperationTypeNode.SUBSCRIPTION) return;
      for (const root of [operation, ...context.getRecursivelyReferencedFragments(operation)]) {
        visit(root, {
          Directive(node) {
            if (node.name.value === 'defer') report('@defer cannot be used in a subscription.', node);
          },
        });
      }
    },
  };
}
