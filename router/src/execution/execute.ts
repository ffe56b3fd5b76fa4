import { executeQueryPlan } from '@apollo/gateway/dist/executeQueryPlan.js';
import { buildOperationContext } from '@apollo/gateway/dist/operationContext.js';
import { operationFromDocument } from '@apollo/federation-internals';
import type { FetchNode, SequenceNode, SubscriptionNode } from '@apollo/query-planner';
import type { GatewayInterface } from '@apollo/server-gateway-interface';
import { fault } from '@chorus/kit/errors';
import { injectTrace, runWithTrace, withSpan } from '@chorus/kit/telemetry';
import {
  type DocumentNode,
  type FormattedExecutionResult,
  getOperationAST,
  type GraphQLSchema,
  type OperationDefinitionNode,
  OperationTypeNode,
  print,
} from 'graphql';
import type { Attributes } from '@opentelemetry/api';
import { LRUCache } from 'lru-cache';
import type { LoadedGateway } from '../gateway/gateway.ts';
import type { OperationContext } from '../operation/context.ts';
import { operationAttributes, outcomeAttributes } from '../operation/telemetry.ts';
import { createUpstream } from './upstream.ts';

/** A subscription operation, parsed and valid. */
export interface SubscriptionOperation {
  document: DocumentNode;
  operationName: string | undefined;
  variables: Record<string, unknown>;
  context: OperationContext;
}

/**
 * Everything that runs operations, behind one door. Nobody outside knows by what it is done: now by @apollo/gateway's
 * own executor.
 */
export interface Execution {
  /** What clients see of the supergraph. */
  schema: GraphQLSchema;
  /** Runs queries and mutations, as Apollo Server wants it. */
  gateway: GatewayInterface;
  /**
   * Opens a subscription: its events, each with what other subgraphs add to it. All of them are one trace, the client's
   * if it sent one, and each is an operation of its own in it.
   */
  subscribe(operation: SubscriptionOperation): Promise<AsyncIterableIterator<FormattedExecutionResult, void>>;
  stop(): Promise<void>;
}

/** Stands for the subgraph whose answer is the event itself. */
const EVENT = 'the event';

/** What is worked out once for all who subscribe with the same document. */
interface SubscriptionPlan {
  node: SubscriptionNode;
  query: string;
  attributes: Attributes;
}
const MAX_PLANS = 500;

export function createExecution(loaded: LoadedGateway): Execution {
  const { gateway, supergraph, planner, dataSources } = loaded;
  const upstream = createUpstream(loaded.subgraphs);
  const api = supergraph.apiSchema();
  const schema = api.toGraphQLJSSchema();
  const supergraphSchema = supergraph.schema.toGraphQLJSSchema();
  const plans = new LRUCache<OperationDefinitionNode, SubscriptionPlan>({ max: MAX_PLANS });

  const planOf = ({ document, operationName }: SubscriptionOperation): { plan: SubscriptionPlan; cached: boolean } => {
    const definition = getOperationAST(document, operationName);
    if (definition == null) throw new Error('a document without the operation that it was checked for');
    const known = plans.get(definition);
    if (known !== undefined) return { plan: known, cached: true };
    const operation = operationFromDocument(api, document, { operationName });
    const { node } = planner.buildQueryPlan(operation);
    if (node?.kind !== 'Subscription') throw new Error('the plan of a subscription is none');
    const query = print(document);
    const plan = { node, query, attributes: operationAttributes(definition, query) };
    plans.set(definition, plan);
    return { plan, cached: false };
  };

  /** The event stands in for the answer of the primary fetch; the rest of the plan is executed upon it. */
  const complete = async (
    { node: { primary, rest }, query }: SubscriptionPlan,
    event: FormattedExecutionResult,
    { document, operationName, variables, context }: SubscriptionOperation,
  ): Promise<FormattedExecutionResult> => {
    // Where the fault is in what we sent to the subgraph says nothing to the client.
    if (event.data == null) {
      return { errors: event.errors?.map(({ message, path, extensions }) => ({ message, path, extensions })) };
    }
    const answered: FetchNode = { ...primary, serviceName: EVENT };
    const node: SequenceNode = {
      kind: 'Sequence',
      nodes: rest === undefined ? [answered] : [answered, rest],
    };
    const serviceMap = { ...dataSources, [EVENT]: { process: async () => ({ ...event }) } };
    const request = { query, variables, operationName };
    const requestContext = { request, document, context, logger: context.logger, metrics: {} };
    const operationContext = buildOperationContext({ schema, operationDocument: document, operationName });
    const result = await executeQueryPlan(
      { kind: 'QueryPlan', node },
      serviceMap,
      requestContext as never,
      operationContext,
      supergraphSchema,
      api,
    );
    return withoutNotes(result);
  };

  return {
    schema,
    gateway: {
      onSchemaLoadOrUpdate: (callback) => gateway.onSchemaLoadOrUpdate(callback),
      async load(options) {
        const { executor } = await gateway.load(options);
        return {
          async executor(requestContext) {
            // The gateway would plan it, fail to run the plan, and call that a fault of ours.
            const { document, request } = requestContext;
            if (getOperationAST(document, request.operationName)?.operation === OperationTypeNode.SUBSCRIPTION) {
              return {
                errors: [fault('BAD_USER_INPUT', 'Subscribe over a WebSocket, by graphql-ws, on the same path.')],
              };
            }
            return withoutNotes(await executor(requestContext));
          },
        };
      },
      stop: () => gateway.stop(),
    },
    async subscribe(operation) {
      const { variables, context } = operation;
      const { plan, events, trace } = await runWithTrace(context.trace, () =>
        withSpan('router.operation', {}, (span) => {
          const { plan, cached } = planOf(operation);
          span.setAttributes({ ...plan.attributes, 'chorus.plan.cache_hit': cached });
          const { primary } = plan.node;
          const used = (primary.variableUsages ?? []).filter((name) => Object.hasOwn(variables, name));
          const request = {
            query: primary.operation,
            operationName: primary.operationName,
            variables: Object.fromEntries(used.map((name) => [name, variables[name]])),
          };
          return { plan, events: upstream.subscribe(primary.serviceName, request, context), trace: injectTrace() };
        }),
      );
      const completeTraced = (event: FormattedExecutionResult) =>
        runWithTrace(trace, () =>
          withSpan('router.operation', plan.attributes, async (span) => {
            const own = { ...context, calls: 0 };
            const result = await complete(plan, event, { ...operation, context: own });
            span.setAttributes(outcomeAttributes(own, result.errors));
            return result;
          }),
        );
      const results: AsyncIterableIterator<FormattedExecutionResult, void> = {
        [Symbol.asyncIterator]: () => results,
        async next() {
          const event = await events.next();
          return event.done === true ? event : { done: false, value: await completeTraced(event.value) };
        },
        return: () => events.return?.() ?? Promise.resolve({ done: true, value: undefined }),
      };
      return results;
    },
    async stop() {
      upstream.stop();
    },
  };
}

/** The executor tells of nulls that it propagated in an extension of its own; in an answer that is noise. */
function withoutNotes<Error>({ data, errors }: Answer<Error>): Answer<Error> {
  return { ...(errors !== undefined && { errors }), ...(data !== undefined && { data }) };
}

interface Answer<Error> {
  data?: Record<string, unknown> | null;
  errors?: readonly Error[];
}
