import type { Supergraph } from '@apollo/federation-internals';
import { QueryPlanner, type QueryPlannerConfig } from '@apollo/query-planner';
import { buildSchema, type GraphQLSchema } from 'graphql';
import { type Compiler, createCompiler } from '../../src/execution/compiled/index.ts';
import { apiSdl, planOperation, plannerConfig } from '../../src/planning/plan.ts';

/**
 * A compiler whose planner is in this thread, for tests and proofs of what is compiled.
 * @param config what is planned otherwise than by the router
 */
export function createLocalCompiler(
  supergraph: Supergraph,
  config: QueryPlannerConfig = {},
): Compiler & { readonly schema: GraphQLSchema } {
  const planner = new QueryPlanner(supergraph, { ...plannerConfig, ...config });
  const schema = buildSchema(apiSdl(supergraph));
  const compiler = createCompiler({
    schema,
    supergraphSchema: supergraph.schema.toGraphQLJSSchema(),
    plan: (document) => planOperation(planner, document),
  });
  return { ...compiler, schema };
}
