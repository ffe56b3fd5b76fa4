import { Supergraph, operationFromDocument, type Operation } from '@apollo/federation-internals';
import { QueryPlanner, type QueryPlan } from '@apollo/query-planner';
import { GraphQLError, isInterfaceType, type DocumentNode, type GraphQLSchema } from 'graphql';
import { CompiledOperation } from './operation.ts';
import { fieldNamesOf, prepare, usesDefer, withoutDefer } from './prepare.ts';

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
  const types = Object.values(supergraphSchema.getTypeMap());
  const interfaces = new Set<unknown>(types.filter(isInterfaceType).map(({ name }) => name));
  const planAsIs = (document: DocumentNode): QueryPlan => buildPlan(planner, operationFromDocument(api, document));
  const plan = (document: DocumentNode): QueryPlan => {
    if (!usesDefer(document)) return planAsIs(document);
    try {
      return planAsIs(document);
    } catch {
      // @defer is a wish. There are operations that the planner can plan, but not with it: then nothing is held back,
      // and the deferred parts follow the first answer at once.
      return planAsIs(withoutDefer(document));
    }
  };
  return {
    schema,
    compile(document, operationName) {
      const prepared = prepare(document, operationName ?? undefined, fieldNames);
      return new CompiledOperation({ schema, supergraphSchema, interfaces, prepared, plan });
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
