import { Kind, visit, type DirectiveNode, type DocumentNode, type OperationDefinitionNode } from 'graphql';

/** Raw variables as the client sent them. */
export type Variables = Readonly<Record<string, unknown>>;

/**
 * A value for each variable that decides what an operation selects. Operations are compiled once per assignment, so
 * that nothing is left to decide while one runs.
 */
export type Assignment = ReadonlyMap<string, boolean>;

/** The variables that stand in `if:` of @skip, @include and @defer. */
export function conditionVariables(document: DocumentNode): string[] {
  const names = new Set<string>();
  visit(document, {
    Directive({ name, arguments: args = [] }) {
      if (name.value !== 'skip' && name.value !== 'include' && name.value !== 'defer') return;
      for (const { name, value } of args) {
        if (name.value === 'if' && value.kind === Kind.VARIABLE) names.add(value.name.value);
      }
    },
  });
  return [...names];
}

/** What the given variables, or else their defaults, say. */
export function assign(
  names: readonly string[],
  operation: OperationDefinitionNode,
  variables: Variables | null | undefined,
  clientNames: ReadonlyMap<string, string>,
): Assignment {
  const assignment = new Map<string, boolean>();
  for (const name of names) {
    const client = clientNames.get(name) ?? name;
    const given = variables && Object.hasOwn(variables, client) ? variables[client] : undefined;
    assignment.set(name, given === undefined ? defaultOf(operation, name) : given === true);
  }
  return assignment;
}

function defaultOf(operation: OperationDefinitionNode, name: string): boolean {
  const definition = operation.variableDefinitions?.find(({ variable }) => variable.name.value === name);
  return definition?.defaultValue?.kind === Kind.BOOLEAN && definition.defaultValue.value;
}

/** Whether @skip and @include let a selection stand; without an assignment, whether they can under any. */
export function isIncluded(
  directives: readonly DirectiveNode[] | undefined,
  assignment: Assignment | undefined,
): boolean {
  if (directives === undefined) return true;
  return directives.every((directive) => {
    const { value } = directive.name;
    if (value !== 'skip' && value !== 'include') return true;
    const holds = condition(directive, assignment);
    return holds === undefined || holds === (value === 'include');
  });
}

/** The active @defer of a fragment, with its label. */
export function deferOf(
  directives: readonly DirectiveNode[] | undefined,
  assignment: Assignment,
): { label: string } | undefined {
  const directive = directives?.find(({ name }) => name.value === 'defer');
  if (directive === undefined || !condition(directive, assignment)) return undefined;
  const label = directive.arguments?.find(({ name }) => name.value === 'label')?.value;
  return { label: label?.kind === Kind.STRING ? label.value : '' };
}

/** The value of `if:`; true where there is none, undefined where it depends on the assignment and there is none. */
function condition({ arguments: args = [] }: DirectiveNode, assignment: Assignment | undefined): boolean | undefined {
  const value = args.find(({ name }) => name.value === 'if')?.value;
  if (value === undefined) return true;
  if (value.kind === Kind.VARIABLE) return assignment && (assignment.get(value.name.value) ?? false);
  return value.kind === Kind.BOOLEAN && value.value;
}
