import { executeQueryPlan } from '@apollo/gateway/dist/executeQueryPlan.js';
import { operationFromDocument, type Schema, type Supergraph } from '@apollo/federation-internals';
import { QueryPlanner, type QueryPlan } from '@apollo/query-planner';
import { GraphQLError, type DocumentNode, type GraphQLFormattedError, type GraphQLSchema } from 'graphql';
import type { PreparedOperation } from '../../src/execution/compiled/prepare.ts';
import type { WorldRun } from './world.ts';

/** What the stock executor answers; `completion` are the nulls that it does not count among the errors. */
export interface StockAnswer {
  readonly data: unknown;
  readonly errors: readonly GraphQLFormattedError[];
  readonly completion: readonly GraphQLFormattedError[];
}

/** Runs a plan with the executor of @apollo/gateway, as ApolloGateway.executor does. */
export class StockExecutor {
  readonly #supergraphSchema: GraphQLSchema;
  readonly #api: Schema;
  readonly #apiSchema: GraphQLSchema;
  readonly #services: readonly string[];
  readonly #planner: QueryPlanner;

  constructor(supergraph: Supergraph, services: readonly string[]) {
    this.#supergraphSchema = supergraph.schema.toGraphQLJSSchema();
    this.#api = supergraph.apiSchema();
    this.#apiSchema = this.#api.toGraphQLJSSchema();
    this.#services = services;
    this.#planner = new QueryPlanner(supergraph, { debug: { maxEvaluatedPlans: 1_000, pathsLimit: 1_000 } });
  }

  /** Plans a client's document as it stands. */
  plan(document: DocumentNode): QueryPlan {
    return this.#planner.buildQueryPlan(operationFromDocument(this.#api, document));
  }

  async run(
    plan: QueryPlan,
    { operation, fragments, clientKeys, clientVariables }: PreparedOperation,
    given: Readonly<Record<string, unknown>>,
    world: WorldRun,
  ): Promise<StockAnswer> {
    const variables = { ...given };
    for (const [name, client] of clientVariables) if (Object.hasOwn(given, client)) variables[name] = given[client];
    const serviceMap = Object.fromEntries(
      this.#services.map((service) => [
        service,
        { process: ({ request }: { request: Parameters<WorldRun['call']>[1] }) => world.call(service, request) },
      ]),
    );
    const parameters = [
      plan,
      serviceMap,
      { request: { variables }, context: {}, metrics: {}, logger: silent },
      { schema: this.#apiSchema, operation, fragments: Object.fromEntries(fragments) },
      this.#supergraphSchema,
      this.#api,
    ];
    const result = await (executeQueryPlan as (...parameters: unknown[]) => Promise<StockResult>)(...parameters);
    const toClient = (value: unknown): unknown => renameKeys(JSON.parse(JSON.stringify(value ?? null)), clientKeys);
    return {
      data: toClient(result.data),
      errors: toClient((result.errors ?? []).map(plain)) as GraphQLFormattedError[],
      completion: toClient((result.extensions?.valueCompletion ?? []).map(plain)) as GraphQLFormattedError[],
    };
  }
}

interface StockResult {
  data?: unknown;
  errors?: unknown[];
  extensions?: { valueCompletion?: unknown[] };
}

const plain = (error: unknown): unknown =>
  error instanceof Error && !(error instanceof GraphQLError) ? { message: error.message } : error;

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** Keys and strings alike: the made-up keys occur nowhere but as keys and in paths. */
function renameKeys(value: unknown, clientKeys: ReadonlyMap<string, string>): unknown {
  if (clientKeys.size === 0) return value;
  if (typeof value === 'string') return clientKeys.get(value) ?? value;
  if (Array.isArray(value)) return value.map((element) => renameKeys(element, clientKeys));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [clientKeys.get(key) ?? key, renameKeys(part, clientKeys)]),
  );
}
