import type { QueryPlan } from '@apollo/query-planner';
import {
  OperationTypeNode,
  getVariableValues,
  type DocumentNode,
  type GraphQLError,
  type GraphQLSchema,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import { assign, conditionVariables, type Variables } from './conditions.ts';
import type { RunOptions } from './execution.ts';
import { compileIntrospection } from './introspection.ts';
import { forPlanner, type PreparedOperation } from './prepare.ts';
import { compileProgram, type Program } from './program.ts';
import { run, type Answer } from './run.ts';

/** How many combinations of an operation's condition variables are kept compiled. */
const MAX_PROGRAMS = 16;

interface OperationInput {
  readonly schema: GraphQLSchema;
  readonly supergraphSchema: GraphQLSchema;
  readonly interfaces: ReadonlySet<unknown>;
  readonly prepared: PreparedOperation;
  readonly plan: (document: DocumentNode) => QueryPlan;
}

/**
 * An operation that has been planned. It is compiled further for each combination of its @skip/@include variables.
 *
 * A mutation with such variables is also planned for each: where a root field stands both with and without a condition,
 * the planner makes two calls of it, and what it does would be done twice.
 */
export class CompiledOperation {
  readonly kind: OperationTypeNode;
  readonly #input: OperationInput;
  /** The plan for every assignment, unless each has its own. */
  readonly #plan: QueryPlan | undefined;
  readonly #conditions: readonly string[];
  readonly #programs = new LRUCache<string, Compiled>({ max: MAX_PROGRAMS });

  constructor(input: OperationInput) {
    const { operation, plannerDocument } = input.prepared;
    this.kind = operation.operation;
    this.#input = input;
    this.#conditions = conditionVariables(plannerDocument);
    const each = this.kind === OperationTypeNode.MUTATION && this.#conditions.length > 0;
    this.#plan = each ? undefined : input.plan(plannerDocument);
  }

  /** The query plan for these variables. */
  plan(variables?: Variables | null): QueryPlan {
    return this.#compiled(variables).plan;
  }

  /** What is wrong with a client's variables; they are not changed by it, subgraphs get them as they came. */
  checkVariables(variables: Variables | null | undefined): readonly GraphQLError[] {
    const { schema, prepared } = this.#input;
    const { variableDefinitions = [] } = prepared.operation;
    if (variableDefinitions.length === 0) return [];
    const named = this.#withPlanNames(variables ?? {});
    return getVariableValues(schema, variableDefinitions, named, { maxErrors: 20 }).errors ?? [];
  }

  /** Runs a query or a mutation. Never rejects because of a subgraph. */
  run(options: RunOptions): Promise<Answer> {
    return this.#run(options);
  }

  /** Answers one event of a subscription: runs what the plan has after the fetch that `subscription` describes. */
  runEvent(options: RunOptions & { readonly event: string | object }): Promise<Answer> {
    return this.#run(options, options.event);
  }

  /** For a subscription: where to subscribe, with which operation. The body is that of an HTTP request, as JSON text. */
  subscription(variables: Variables | null | undefined): { service: string; body: string } | undefined {
    const { plan, program } = this.#compiled(variables);
    if (plan.node?.kind !== 'Subscription') return undefined;
    const state = { data: {}, variables: variables ?? {}, found: new Map(), absent: new Set<never>() };
    const body = program.event?.(state)?.body;
    return body === undefined ? undefined : { service: plan.node.primary.serviceName, body };
  }

  /** Subgraphs that a run with these variables calls, in the order of the waves: for traces and tests. */
  services(variables?: Variables): string[] {
    return this.#compiled(variables).program.calls.map(({ service }) => service);
  }

  #run(options: RunOptions, event?: string | object): Promise<Answer> {
    const { program, introspect } = this.#compiled(options.variables);
    return run(program, options, introspect?.(options.variables ?? {}), event);
  }

  #compiled(variables: Variables | null | undefined): Compiled {
    const { schema, prepared } = this.#input;
    const assignment = assign(this.#conditions, prepared.operation, variables, prepared.clientVariables);
    const key = [...assignment.values()].map(Number).join('');
    let compiled = this.#programs.get(key);
    if (compiled === undefined) {
      const root = schema.getRootType(this.kind);
      if (!root) throw new Error(`The schema has no ${this.kind}.`);
      const plan = this.#plan ?? this.#input.plan(forPlanner(prepared.plannerDocument, assignment));
      const program = compileProgram({ ...this.#input, plan, root }, assignment);
      const introspect = compileIntrospection(schema, prepared, program.selection);
      compiled = { plan, program, introspect };
      this.#programs.set(key, compiled);
    }
    return compiled;
  }

  #withPlanNames(variables: Variables): Record<string, unknown> {
    const { clientVariables } = this.#input.prepared;
    const named: Record<string, unknown> = { ...variables };
    for (const [name, client] of clientVariables) {
      if (Object.hasOwn(variables, client)) named[name] = variables[client];
    }
    return named;
  }
}

interface Compiled {
  readonly plan: QueryPlan;
  readonly program: Program;
  readonly introspect: ReturnType<typeof compileIntrospection>;
}
