import type { QueryPlan } from '@apollo/query-planner';
import {
  OperationTypeNode,
  getVariableValues,
  type DocumentNode,
  type GraphQLError,
  type GraphQLSchema,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import { assign, type Assignment, conditionVariables, type Variables } from './conditions.ts';
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
  readonly plan: (document: DocumentNode) => QueryPlan | Promise<QueryPlan>;
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
  readonly #programs = new LRUCache<string, Compiled | Promise<Compiled>>({ max: MAX_PROGRAMS });

  private constructor(input: OperationInput, conditions: readonly string[], plan: QueryPlan | undefined) {
    this.kind = input.prepared.operation.operation;
    this.#input = input;
    this.#conditions = conditions;
    this.#plan = plan;
  }

  static async plan(input: OperationInput): Promise<CompiledOperation> {
    const { operation, plannerDocument } = input.prepared;
    const conditions = conditionVariables(plannerDocument);
    const each = operation.operation === OperationTypeNode.MUTATION && conditions.length > 0;
    return new CompiledOperation(input, conditions, each ? undefined : await input.plan(plannerDocument));
  }

  /** The query plan for these variables. */
  async planFor(variables?: Variables | null): Promise<QueryPlan> {
    return (await this.#compiled(variables)).plan;
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
  async subscription(variables: Variables | null | undefined): Promise<{ service: string; body: string } | undefined> {
    const { plan, program } = await this.#compiled(variables);
    if (plan.node?.kind !== 'Subscription') return undefined;
    const none = { found: new Map(), absent: new Set<never>(), repeated: new Set<never>() };
    const state = { data: {}, variables: variables ?? {}, ...none };
    const body = program.event?.(state)?.body;
    return body === undefined ? undefined : { service: plan.node.primary.serviceName, body };
  }

  /** Subgraphs that a run with these variables calls, in the order of the waves: for traces and tests. */
  async services(variables?: Variables): Promise<string[]> {
    return (await this.#compiled(variables)).program.calls.map(({ service }) => service);
  }

  #run(options: RunOptions, event?: string | object): Promise<Answer> {
    const start = ({ program, introspect }: Compiled): Promise<Answer> =>
      run(program, options, introspect?.(options.variables ?? {}), event);
    const compiled = this.#compiled(options.variables);
    return compiled instanceof Promise ? compiled.then(start) : start(compiled);
  }

  /** A promise only while what was not planned yet is being planned. */
  #compiled(variables: Variables | null | undefined): Compiled | Promise<Compiled> {
    const { prepared } = this.#input;
    const assignment = assign(this.#conditions, prepared.operation, variables, prepared.clientVariables);
    const key = [...assignment.values()].map(Number).join('');
    const known = this.#programs.get(key);
    if (known !== undefined) return known;
    const keep = <T extends Compiled | Promise<Compiled>>(compiled: T): T => {
      this.#programs.set(key, compiled);
      return compiled;
    };
    if (this.#plan !== undefined) return keep(this.#compile(this.#plan, assignment));
    const compiled = Promise.resolve(forPlanner(prepared.plannerDocument, assignment))
      .then(this.#input.plan)
      .then((plan) => keep(this.#compile(plan, assignment)));
    compiled.catch(() => this.#programs.delete(key));
    return keep(compiled);
  }

  #compile(plan: QueryPlan, assignment: Assignment): Compiled {
    const { schema, prepared } = this.#input;
    const root = schema.getRootType(this.kind);
    if (!root) throw new Error(`The schema has no ${this.kind}.`);
    const program = compileProgram({ ...this.#input, plan, root }, assignment);
    return { plan, program, introspect: compileIntrospection(schema, prepared, program.selection) };
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
