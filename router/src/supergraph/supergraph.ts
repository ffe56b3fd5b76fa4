import { readFile } from 'node:fs/promises';
import { ConfigError } from '@chorus/kit/config';
import type { Logger } from '@chorus/kit/logger';
import type { GraphQLSchema } from 'graphql';
import type { Config } from '../config.ts';
import { createSubgraphPool } from '../gateway/gateway.ts';
import type { Documents } from '../operation/documents.ts';
import { createPlanner } from '../planning/planner.ts';
import { watchFile } from './file.ts';
import { createGeneration, type Generation, warm } from './generation.ts';

/** The supergraph that is served. It changes with its file, between two requests. */
export interface Supergraph {
  /** What a new request is answered with, from its first step to its last. */
  current(): Generation;
  /** The generation with this schema, also when it is not the current one any more. */
  of(schema: GraphQLSchema): Generation;
  stop(): Promise<void>;
}

/** What is prepared for a new supergraph before it serves. */
const WARM = { operations: 300, ms: 10_000 };
/** How long the subscriptions of a supergraph that is no longer served go on, and for how many of such. */
const RETIRED_MS = 10 * 60_000;
const MAX_RETIRED = 3;
/** A request may have read the old generation and not begun. */
const GRACE_MS = 2_000;
const CHECK_MS = 500;

/**
 * Loads the supergraph and takes up every change of its file. A new one is read and checked while the old one serves, and
 * the operations last used are prepared for it; then it serves what comes, and what is under way ends on the old one. One
 * that is broken is refused, and the log says what is wrong.
 * @throws ConfigError when there is none where the configuration says
 */
export async function startSupergraph(
  config: Config,
  options: { documentsOf: (schema: GraphQLSchema) => Documents; logger: Logger },
): Promise<Supergraph> {
  const { documentsOf, logger } = options;
  const planner = createPlanner({ limitMs: config.PLAN_TIMEOUT, logger });
  const pool = createSubgraphPool(config, logger);
  const settings = {
    costs: { maximum: config.MAX_COST, listSize: config.LIST_SIZE },
    shareQueries: config.SHARE_QUERIES,
    timeoutMs: config.REQUEST_TIMEOUT,
    eventsAtOnce: config.SUBGRAPH_CONCURRENCY,
  };
  const bySchema = new WeakMap<GraphQLSchema, Generation>();
  const retired = new Set<{ generation: Generation; since: number }>();

  const create = async (supergraphSdl: string): Promise<Generation> => {
    const generation = await createGeneration({ supergraphSdl, planner, pool, documentsOf, settings });
    bySchema.set(generation.schema, generation);
    return generation;
  };
  const retire = (generation: Generation): void => {
    retired.add({ generation, since: performance.now() });
    // Their clients subscribe again, and get the supergraph of now.
    for (const { generation } of [...retired].slice(0, -MAX_RETIRED)) generation.execution.stop();
  };
  const clear = async (): Promise<void> => {
    for (const entry of retired) {
      const { generation, since } = entry;
      const age = performance.now() - since;
      if (age > RETIRED_MS) generation.execution.stop();
      if (age < GRACE_MS || generation.execution.active() > 0) continue;
      retired.delete(entry);
      await generation.dispose();
    }
  };

  let current: Generation;
  let text: string;
  try {
    text = await readFile(config.SUPERGRAPH_PATH, 'utf8');
    current = await create(text);
  } catch (error) {
    await planner.stop();
    if (error instanceof ConfigError) throw error;
    throw new ConfigError([`SUPERGRAPH_PATH: ${error instanceof Error ? error.message : String(error)}`]);
  }

  let served = text;
  const swap = async (supergraphSdl: string): Promise<void> => {
    if (supergraphSdl === served) return; // a broken one was taken back
    const began = performance.now();
    let next: Generation;
    try {
      next = await create(supergraphSdl);
    } catch (err) {
      if (!stopped) logger.error({ err }, 'the new supergraph is refused; the one in use serves on');
      return;
    }
    const operations = await warm(next, current, WARM, logger);
    const previous = current;
    current = next;
    served = supergraphSdl;
    retire(previous);
    const ms = Math.round(performance.now() - began);
    logger.info({ subgraphs: [...next.subgraphs.keys()], operations, ms }, 'a new supergraph is served');
  };
  let stopped = false;
  const file = watchFile({
    path: config.SUPERGRAPH_PATH,
    current: text,
    intervalMs: config.SUPERGRAPH_POLL_INTERVAL,
    onChange: swap,
    logger,
  });
  const cleaner = setInterval(() => {
    clear().catch((err: unknown) => logger.error({ err }, 'a supergraph that is no longer served could not be left'));
  }, CHECK_MS);

  return {
    current: () => current,
    of: (schema) => bySchema.get(schema) ?? current,
    async stop() {
      stopped = true;
      clearInterval(cleaner);
      // A supergraph that is being loaded is given up.
      await Promise.all([planner.stop(), file.stop()]);
      const all = [current, ...Array.from(retired, ({ generation }) => generation)];
      await Promise.all(all.map((generation) => generation.dispose()));
    },
  };
}
