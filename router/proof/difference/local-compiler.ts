import type { Supergraph } from '@apollo/federation-internals';
import { QueryPlanner } from '@apollo/query-planner';
import { buildSchema, type GraphQLSchema } from 'graphql';
import { type Compiler, createCompiler } from '../../src/execution/compiled/index.ts';
import { apiSdl, planOperation, plannerConfig } from '../../src/planning/plan.ts';

/** A compiler whose planner is in this thread, for tests and proofs of what is compiled. */
export function createLocalCompiler(supergraph: Supergraph): Compiler & { readonly schema: GraphQLSchema } {
  const planner = new QueryPlanner(supergraph, plannerConfig);
  const schema = buildSchema(apiSdl(supergraph));
  const compiler = createCompiler({
    schema,
    supergraphSchema: supergraph.schema.toGraphQLJSSchema(),
    plan: (document) => planOperation(planner, document),
  });
  return { ...compiler, schema };
}
