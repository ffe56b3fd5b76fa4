import { composeServices } from '@apollo/composition';
import { Supergraph } from '@apollo/federation-internals';
import type { QueryPlannerConfig } from '@apollo/query-planner';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { graphql, parse, validate, type GraphQLSchema } from 'graphql';
import {
  type Answer,
  type CallSubgraph,
  type CompiledOperation,
  type Compiler,
  type RunOptions,
} from '../../src/execution/compiled/index.ts';
import { createLocalCompiler } from '../../proof/difference/local-compiler.ts';

const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.12",
  import: ["@key", "@shareable", "@requires", "@external", "@interfaceObject"])\n`;

type Resolver = (source: never, args: never) => unknown;
export type Subgraphs = Record<string, { sdl: string; resolvers?: Record<string, Record<string, Resolver>> }>;

/** One call that was made. */
export interface MadeCall {
  readonly service: string;
  readonly query: string;
  readonly variables: Record<string, unknown>;
}

/** A small supergraph in memory, and a record of the calls made to its subgraphs. */
export class Graph {
  readonly compiler: Compiler & { readonly schema: GraphQLSchema };
  readonly calls: MadeCall[] = [];
  readonly #schemas = new Map<string, GraphQLSchema>();

  constructor(subgraphs: Subgraphs, config: QueryPlannerConfig = {}) {
    for (const [name, { sdl, resolvers = {} }] of Object.entries(subgraphs)) {
      type Resolvers = NonNullable<Parameters<typeof buildSubgraphSchema>[0]>;
      this.#schemas.set(name, buildSubgraphSchema([{ typeDefs: parse(link + sdl), resolvers }] as Resolvers));
    }
    const services = Object.entries(subgraphs).map(([name, { sdl }]) => ({
      name,
      typeDefs: parse(link + sdl),
      url: '',
    }));
    const { supergraphSdl, errors } = composeServices(services);
    if (supergraphSdl === undefined) throw new Error(String(errors));
    this.compiler = createLocalCompiler(Supergraph.build(supergraphSdl), config);
  }

  /** Answers as the subgraph does. */
  readonly call: CallSubgraph = async (service, body) => {
    const { query, variables } = JSON.parse(body) as MadeCall;
    this.calls.push({ service, query, variables });
    const schema = this.#schemas.get(service);
    if (!schema) throw new Error(`No subgraph ${service}.`);
    const result = await graphql({ schema, source: query, variableValues: variables });
    return JSON.stringify(result);
  };

  async compile(query: string): Promise<CompiledOperation> {
    const document = parse(query);
    const errors = validate(this.compiler.schema, document);
    if (errors.length > 0) throw new Error(errors.map(String).join('; '));
    return this.compiler.compile(document);
  }

  async run(query: string, options: Partial<RunOptions> = {}): Promise<Answer> {
    this.calls.length = 0;
    const operation = await this.compile(query);
    return operation.run({ call: this.call, ...options });
  }
}

/** An answer as a client reads it. */
export function read({ data, errors }: Answer): { data: unknown; errors: readonly unknown[] } {
  return { data: JSON.parse(data) as unknown, errors };
}
