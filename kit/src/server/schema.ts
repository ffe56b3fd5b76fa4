import { readFileSync } from 'node:fs';
import { buildSubgraphSchema, type GraphQLResolverMap } from '@apollo/subgraph';
import { type GraphQLSchema, parse } from 'graphql';
import { instrumentResolvers } from '../telemetry/resolver-spans.ts';

/**
 * The executable schema of a subgraph: its SDL in schema/, its resolvers, and one span for each selection.
 * @param resolvers the maps that codegen types (it knows more of them than Apollo's own type says)
 */
export function createSubgraphSchema(name: string, resolvers: object): GraphQLSchema {
  const sdl = readFileSync(new URL(import.meta.resolve(`@chorus/schema/${name}.graphql`)), 'utf8');
  return instrumentResolvers(
    buildSubgraphSchema([{ typeDefs: parse(sdl), resolvers: resolvers as GraphQLResolverMap }]),
  );
}
