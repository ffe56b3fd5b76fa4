import type { Logger } from '@chorus/kit/logger';
import { buildSchema, GraphQLError, type GraphQLSchema } from 'graphql';
import { createExecution, type Execution, type ExecutionSettings } from '../execution/execute.ts';
import type { ReachableSubgraph, SubgraphPool } from '../gateway/gateway.ts';
import type { Documents } from '../operation/documents.ts';
import type { Planner } from '../planning/planner.ts';

/** Everything that is made of one supergraph. Another supergraph is another generation, and nothing else changes. */
export interface Generation {
  /** What clients see, with @defer. */
  readonly schema: GraphQLSchema;
  readonly documents: Documents;
  readonly execution: Execution;
  readonly subgraphs: ReadonlyMap<string, ReachableSubgraph>;
  /** Lets go of what it holds; nothing may be under way. */
  dispose(): Promise<void>;
}

/** @throws Error saying what is wrong with the supergraph */
export async function createGeneration(options: {
  supergraphSdl: string;
  planner: Planner;
  pool: SubgraphPool;
  documentsOf: (schema: GraphQLSchema) => Documents;
  settings: ExecutionSettings;
}): Promise<Generation> {
  const { supergraphSdl, planner, pool, documentsOf, settings } = options;
  const planned = await planner.load(supergraphSdl);
  const subgraphs = new Map<string, ReachableSubgraph>();
  const giveBack = async () => {
    planned.forget();
    await Promise.all(Array.from(subgraphs.values(), (reachable) => pool.giveBack(reachable)));
  };
  try {
    for (const { name, url } of planned.subgraphs) subgraphs.set(name, pool.take(name, url));
    const schema = readSchema(planned.apiSdl);
    const execution = createExecution(
      {
        schema,
        supergraphSchema: readSchema(supergraphSdl),
        plan: (document) => planned.plan(document),
        subgraphs,
      },
      settings,
    );
    return {
      schema,
      documents: documentsOf(schema),
      execution,
      subgraphs,
      async dispose() {
        execution.stop();
        await giveBack();
      },
    };
  } catch (error) {
    await giveBack();
    throw error;
  }
}

/** What the planner's thread has checked; places in its text are of no use. */
const readSchema = (sdl: string): GraphQLSchema =>
  buildSchema(sdl, { noLocation: true, assumeValid: true, assumeValidSDL: true });

/**
 * Prepares for a new generation what was last asked of the old: at the moment of the change nobody has to wait for plans.
 * @param limits at most so many operations, and milliseconds
 * @returns how many were prepared; operations that the new supergraph does not know are left out
 */
export async function warm(
  next: Pick<Generation, 'documents' | 'execution'>,
  previous: Pick<Generation, 'execution'>,
  limits: { operations: number; ms: number },
  logger: Logger,
): Promise<number> {
  const end = performance.now() + limits.ms;
  let prepared = 0;
  for (const { text, operationName } of previous.execution.recent(limits.operations)) {
    if (performance.now() > end) break;
    try {
      const found = next.documents.find({ query: text, operationName, extensions: undefined });
      if (!('document' in found)) continue;
      await next.execution.prepare(found.document, operationName);
      prepared++;
    } catch (err) {
      if (!(err instanceof GraphQLError)) logger.debug({ err }, 'an operation could not be prepared');
    }
  }
  return prepared;
}
