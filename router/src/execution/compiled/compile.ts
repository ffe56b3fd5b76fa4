import { Supergraph, operationFromDocument, type Operation } from '@apollo/federation-internals';
import { QueryPlanner, type QueryPlan } from '@apollo/query-planner';
import {
  GraphQLError,
  getVariableValues,
  type DocumentNode,
  type GraphQLSchema,
  type OperationTypeNode,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import { assign, conditionVariables, type Variables } from './conditions.ts';
import type { RunOptions } from './execution.ts';
import { compileIntrospection } from './introspection.ts';
import { fieldNamesOf, prepare, type PreparedOperation } from './prepare.ts';
import { compileProgram, type Program } from './program.ts';
import { run, type Answer } from './run.ts';

export interface CompilerOptions {
  /** The supergraph, as SDL or as already built by whoever loads it. */
  readonly supergraph: string | Supergraph;
}

/** Compiles operations for one supergraph. */
export interface Compiler {
  /** What clients see, with @defer. Documents are validated against it before they are compiled. */
  readonly schema: GraphQLSchema;
  /**
   * Plans and compiles one operation of a valid document: 20 to 100 ms of work, all of it planning, so keep the result
   * (`OnceCache`). Pure: the same document gives the same operation.
   *
   * @throws {GraphQLError} OPERATION_TOO_COMPLEX when there are too many plans to choose from.
   * @throws {Error} when the document holds no such operation, or the planner finds no way to answer it.
   */
  compile(document: DocumentNode, operationName?: string | null): CompiledOperation;
}

export function createCompiler({ supergraph: given }: CompilerOptions): Compiler {
  const supergraph = typeof given === 'string' ? Supergraph.build(given) : given;
  const planner = new QueryPlanner(supergraph, {
    incrementalDelivery: { enableDefer: true },
    debug: { maxEvaluatedPlans: MAX_EVALUATED_PLANS, pathsLimit: MAX_PATHS },
  });
  const api = supergraph.apiSchema();
  const schema = api.toGraphQLJSSchema({ includeDefer: true });
  const supergraphSchema = supergraph.schema.toGraphQLJSSchema();
  const fieldNames = fieldNamesOf(supergraphSchema);
  return {
    schema,
    compile(document, operationName) {
      const prepared = prepare(document, operationName ?? undefined, fieldNames);
      const plan = buildPlan(planner, operationFromDocument(api, prepared.plannerDocument));
      return new CompiledOperation(schema, supergraphSchema, prepared, plan);
    },
  };
}

/**
 * Bounds of the search for the best plan. An operation of a hundred characters can have millions of plans (fields of
 * interface objects below one another), and without bounds the planner looks for them until memory is exhausted.
 */
const MAX_EVALUATED_PLANS = 1_000;
const MAX_PATHS = 1_000;

function buildPlan(planner: QueryPlanner, operation: Operation): QueryPlan {
  try {
    return planner.buildQueryPlan(operation);
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith('Too many options generated')) throw error;
    const message = 'There are too many ways to answer this operation. Ask for less, or in several operations.';
    throw new GraphQLError(message, { originalError: error, extensions: { code: 'OPERATION_TOO_COMPLEX' } });
  }
}

/** How many combinations of an operation's condition variables are kept compiled. */
const MAX_PROGRAMS = 16;

/** An operation that has been planned; it is compiled further for each combination of its @skip/@include variables. */
export class CompiledOperation {
  readonly kind: OperationTypeNode;
  readonly plan: QueryPlan;
  readonly #schema: GraphQLSchema;
  readonly #supergraphSchema: GraphQLSchema;
  readonly #prepared: PreparedOperation;
  readonly #conditions: readonly string[];
  readonly #programs = new LRUCache<string, Compiled>({ max: MAX_PROGRAMS });

  constructor(schema: GraphQLSchema, supergraphSchema: GraphQLSchema, prepared: PreparedOperation, plan: QueryPlan) {
    this.kind = prepared.operation.operation;
    this.plan = plan;
    this.#schema = schema;
    this.#supergraphSchema = supergraphSchema;
    this.#prepared = prepared;
    this.#conditions = conditionVariables(prepared.plannerDocument);
  }

  /** What is wrong with a client's variables; they are not changed by it, subgraphs get them as they came. */
  checkVariables(variables: Variables | null | undefined): readonly GraphQLError[] {
    const { variableDefinitions = [] } = this.#prepared.operation;
    if (variableDefinitions.length === 0) return [];
    const named = this.#withPlanNames(variables ?? {});
    return getVariableValues(this.#schema, variableDefinitions, named, { maxErrors: 20 }).errors ?? [];
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
    if (this.plan.node?.kind !== 'Subscription') return undefined;
    const { program } = this.#compiled(variables);
    const state = { data: {}, variables: variables ?? {}, found: new Map(), absent: new Set<never>() };
    const body = program.event?.(state)?.body;
    return body === undefined ? undefined : { service: this.plan.node.primary.serviceName, body };
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
    const assignment = assign(this.#conditions, this.#prepared.operation, variables, this.#prepared.clientVariables);
    const key = [...assignment.values()].map(Number).join('');
    let compiled = this.#programs.get(key);
    if (compiled === undefined) {
      const root = this.#schema.getRootType(this.kind);
      if (!root) throw new Error(`The schema has no ${this.kind}.`);
      const input = {
        schema: this.#schema,
        supergraphSchema: this.#supergraphSchema,
        prepared: this.#prepared,
        plan: this.plan,
        root,
      };
      const program = compileProgram(input, assignment);
      const introspect = compileIntrospection(this.#schema, this.#prepared, program.selection);
      compiled = { program, introspect };
      this.#programs.set(key, compiled);
    }
    return compiled;
  }

  #withPlanNames(variables: Variables): Record<string, unknown> {
    const { clientVariables } = this.#prepared;
    const named: Record<string, unknown> = { ...variables };
    for (const [name, client] of clientVariables) {
      if (Object.hasOwn(variables, client)) named[name] = variables[client];
    }
    return named;
  }
}

interface Compiled {
  readonly program: Program;
  readonly introspect: ReturnType<typeof compileIntrospection>;
}
