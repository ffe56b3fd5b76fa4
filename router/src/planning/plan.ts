import { operationFromDocument, type Supergraph } from '@apollo/federation-internals';
import type { QueryPlan, QueryPlanner, QueryPlannerConfig } from '@apollo/query-planner';
import { type DocumentNode, printSchema } from 'graphql';
import { usesDefer, withoutDefer } from '../execution/compiled/prepare.ts';

/**
 * How operations are planned. The bounds are those of the search for the best plan: an operation of a hundred characters
 * can have millions of plans (fields of interface objects below one another), and without them the planner looks until
 * memory is exhausted.
 */
export const plannerConfig = {
  incrementalDelivery: { enableDefer: true },
  debug: { maxEvaluatedPlans: 1_000, pathsLimit: 1_000 },
} satisfies QueryPlannerConfig;

/** An operation with more ways to answer it than the planner may look at. */
export class TooManyPlans extends Error {}

/**
 * Plans one operation: 3 to 100 ms of work, now and then seconds.
 * @param document a client's operation as `prepare` makes it safe for the planner
 * @throws TooManyPlans; Error when the planner finds no way to answer
 */
export function planOperation(planner: QueryPlanner, document: DocumentNode): QueryPlan {
  if (!usesDefer(document)) return buildPlan(planner, document);
  try {
    return buildPlan(planner, document);
  } catch (error) {
    if (error instanceof TooManyPlans) throw error;
    // @defer is a wish. There are operations that the planner can plan, but not with it: then nothing is held back,
    // and the deferred parts follow the first answer at once.
    return buildPlan(planner, withoutDefer(document));
  }
}

function buildPlan(planner: QueryPlanner, document: DocumentNode): QueryPlan {
  try {
    return planner.buildQueryPlan(operationFromDocument(planner.supergraph.apiSchema(), document));
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith('Too many options generated')) throw error;
    throw new TooManyPlans(error.message, { cause: error });
  }
}

/** What clients see of a supergraph, with @defer, as SDL. */
export const apiSdl = (supergraph: Supergraph): string =>
  printSchema(supergraph.apiSchema().toGraphQLJSSchema({ includeDefer: true }));
