import type { QueryPlan } from '@apollo/query-planner';
import { fault } from '@chorus/kit/errors';
import type { Logger } from '@chorus/kit/logger';
import { type DocumentNode, print } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { LoadedSupergraph, Reply, Request } from './protocol.ts';
import { PlannerThread, ThreadLost } from './thread.ts';

/** A supergraph that was loaded and checked, and can be planned for. */
export interface PlannedSupergraph extends LoadedSupergraph {
  /**
   * @throws GraphQLError OPERATION_TOO_COMPLEX when planning takes too long or too much memory, which is remembered for
   *   a while; RATE_LIMITED when too many wait for the planner
   */
  plan(document: DocumentNode): Promise<QueryPlan>;
  /** Nothing is planned for it any more. */
  forget(): void;
}

export interface Planner {
  /** @throws Error saying what is wrong with the supergraph; those loaded before it stay */
  load(supergraphSdl: string): Promise<PlannedSupergraph>;
  stop(): Promise<void>;
}

interface Job {
  readonly request: Request;
  readonly limitMs: number;
  resolve(reply: Reply): void;
  reject(error: unknown): void;
}

/** For reading and checking a supergraph, and for the start of the thread before it. */
const LOAD_LIMIT_MS = 60_000;
/** Plans that wait; at the usual 10 ms each, two seconds' worth. */
const MAX_WAITING = 200;
/** How long it is remembered that an operation cannot be planned, and of how many. */
const REFUSED = { max: 1000, ttl: 5 * 60_000 };

/**
 * Plans in a thread of its own, one operation after the other, so that no plan holds up a request. An operation whose
 * plan takes more than `limitMs` milliseconds is refused; the thread it ran in is ended and another started.
 */
export function createPlanner(options: { limitMs: number; logger: Logger }): Planner {
  const { limitMs, logger } = options;
  /** The supergraphs that are planned for: a new thread is told of them all. */
  const live = new Map<number, string>();
  const refused = new LRUCache<string, true>(REFUSED);
  const waiting: Job[] = [];
  let thread: PlannerThread | undefined;
  let generations = 0;
  let busy = false;
  let stopped = false;

  const ready = async (): Promise<PlannerThread> => {
    if (thread !== undefined && !thread.ended) return thread;
    if (stopped) throw new Error('The planner is stopped.');
    const fresh = new PlannerThread();
    thread = fresh;
    try {
      for (const [generation, supergraphSdl] of live) {
        const reply = await fresh.ask({ kind: 'load', generation, supergraphSdl }, LOAD_LIMIT_MS);
        if (reply.kind === 'failed') throw new Error(reply.message);
      }
    } catch (cause) {
      await fresh.stop();
      // Not a ThreadLost: the operation that waits for the thread is not to blame.
      throw new Error('the planner could not be started', { cause });
    }
    return fresh;
  };

  const work = async (): Promise<void> => {
    if (busy) return;
    busy = true;
    for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) {
      try {
        job.resolve(await (await ready()).ask(job.request, job.limitMs));
      } catch (error) {
        job.reject(error);
      }
      // The next to come should not wait for the start of a thread.
      if (thread?.ended === true && !stopped && waiting.length === 0) {
        await ready().catch((err: unknown) => logger.error({ err }, 'the planner could not be started again'));
      }
    }
    busy = false;
  };

  const ask = async (request: Request, limitMs: number): Promise<Reply> => {
    if (stopped) throw new Error('The planner is stopped.');
    const reply = new Promise<Reply>((resolve, reject) => waiting.push({ request, limitMs, resolve, reject }));
    void work();
    return reply;
  };

  const plan = async (generation: number, document: string): Promise<QueryPlan> => {
    const key = `${generation} ${document}`;
    if (refused.has(key)) throw tooComplex();
    if (waiting.length >= MAX_WAITING) {
      throw fault('RATE_LIMITED', 'Too many new operations at once. Try again in a moment.', { retryAfter: 1 });
    }
    try {
      const reply = await ask({ kind: 'plan', generation, document }, limitMs);
      if (reply.kind === 'planned') return reply.plan;
      if (reply.kind !== 'failed') throw new Error(`a plan was answered with ${reply.kind}`);
      if (!reply.tooComplex) throw new Error(reply.message);
    } catch (error) {
      if (stopped || !(error instanceof ThreadLost)) throw error;
      // Its head only: what it holds may be personal.
      const operation = document.slice(0, document.search(/[({@]/));
      logger.warn({ err: error, operation }, 'an operation could not be planned in time');
    }
    refused.set(key, true);
    throw tooComplex();
  };

  return {
    async load(supergraphSdl) {
      const generation = ++generations;
      const reply = await ask({ kind: 'load', generation, supergraphSdl }, LOAD_LIMIT_MS);
      if (reply.kind === 'failed') throw new Error(reply.message);
      if (reply.kind !== 'loaded') throw new Error(`a supergraph was answered with ${reply.kind}`);
      for (const warning of reply.warnings) logger.warn(warning);
      live.set(generation, supergraphSdl);
      return {
        ...reply.supergraph,
        plan: (document) => plan(generation, print(document)),
        forget() {
          live.delete(generation);
          ask({ kind: 'forget', generation }, LOAD_LIMIT_MS).catch((err: unknown) => {
            if (!stopped) logger.warn({ err }, 'the planner did not forget a supergraph');
          });
        },
      };
    },
    async stop() {
      stopped = true;
      for (const job of waiting.splice(0)) job.reject(new Error('The planner is stopped.'));
      await thread?.stop();
    },
  };
}

const tooComplex = () =>
  fault(
    'OPERATION_TOO_COMPLEX',
    'There are too many ways to answer this operation. Ask for less, or in several operations.',
  );
