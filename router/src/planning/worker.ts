/**
 * The planner's thread. Here, and nowhere else, are @apollo/gateway, which loads, checks and swaps supergraphs, and
 * Apollo's query planner: planning can take seconds, and what it needs of memory has bounds of its own.
 */
import { parentPort } from 'node:worker_threads';
import { ApolloGateway } from '@apollo/gateway';
import type { QueryPlanner } from '@apollo/query-planner';
import { parse } from 'graphql';
import { apiSdl, planOperation, plannerConfig, TooManyPlans } from './plan.ts';
import type { Reply, Request } from './protocol.ts';

class GatewayThread {
  readonly #planners = new Map<number, QueryPlanner>();
  #warnings: string[] = [];
  #update: ((supergraphSdl: string) => void) | undefined;
  #gateway: ApolloGateway | undefined;

  async answer(request: Request): Promise<Reply> {
    try {
      if (request.kind === 'load') return await this.#load(request.generation, request.supergraphSdl);
      if (request.kind === 'plan') {
        const planner = this.#planners.get(request.generation);
        if (planner === undefined) throw new Error('This supergraph is not loaded.');
        return { kind: 'planned', plan: planOperation(planner, parse(request.document, { noLocation: true })) };
      }
      this.#planners.delete(request.generation);
      return { kind: 'forgotten' };
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      return { kind: 'failed', message, tooComplex: error instanceof TooManyPlans };
    }
  }

  /** A supergraph that the gateway refuses leaves the one before it as it was. */
  async #load(generation: number, supergraphSdl: string): Promise<Reply> {
    if (this.#gateway === undefined || this.#update === undefined) {
      const gateway = this.#create(supergraphSdl);
      await gateway.load();
      this.#gateway = gateway;
    } else {
      this.#update(supergraphSdl);
    }
    // The gateway's planner is the only one; it has no other door to it.
    const planner = this.#gateway.__testing().queryPlanner;
    if (planner === undefined) throw new Error('The gateway has no planner.');
    this.#planners.set(generation, planner);
    const subgraphs = Array.from(planner.supergraph.subgraphsMetadata(), ({ name, url }) => ({ name, url }));
    const warnings = this.#warnings.splice(0);
    return { kind: 'loaded', supergraph: { apiSdl: apiSdl(planner.supergraph), subgraphs }, warnings };
  }

  #create(supergraphSdl: string): ApolloGateway {
    const note = (message?: unknown): void => void this.#warnings.push(String(message));
    return new ApolloGateway({
      supergraphSdl: {
        initialize: async ({ update }) => {
          this.#update = update;
          return { supergraphSdl };
        },
      },
      validateSupergraph: true,
      queryPlannerConfig: plannerConfig,
      // Operations are not executed here.
      buildService: () => ({ process: () => Promise.reject(new Error('The gateway only plans.')) }),
      logger: { debug: () => undefined, info: () => undefined, warn: note, error: note },
    });
  }
}

const port = parentPort;
if (port === null) throw new Error('This module is a thread, started by planner.ts.');
const thread = new GatewayThread();
port.on('message', (request: Request) => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  void thread.answer(request).then((reply) => port.postMessage(reply));
});
