import { ConfigError } from '@chorus/kit/config';
import type { Logger } from '@chorus/kit/logger';
import { createViewerTokens, type ViewerTokens } from '@chorus/kit/viewer';
import type { Config } from '../config.ts';
import { SubgraphClient } from './subgraph-client.ts';

/** A subgraph as the supergraph and the configuration together describe it. */
export interface Subgraph {
  name: string;
  /** Its instances; each can answer everything. */
  urls: readonly string[];
  /** Where its subscriptions go: instances, as above. */
  webSocketUrls: readonly string[];
  /** How many sockets to each of these. */
  webSockets: number;
  viewerTokens: ViewerTokens | null;
  /** Headers of the client that go on to it, lower case. */
  forwardHeaders: readonly string[];
  /** Names of the client's cookies that go on to it. */
  forwardCookies: readonly string[];
  /** Headers of its answers that go back to the client, lower case. */
  returnHeaders: readonly string[];
}

/** A subgraph and the client that calls it. */
export interface ReachableSubgraph {
  readonly subgraph: Subgraph;
  readonly client: SubgraphClient;
}

/** Clients of subgraphs, one for each name and address, shared by all supergraphs that have it. */
export interface SubgraphPool {
  /** @throws ConfigError when neither the supergraph nor the configuration has an address */
  take(name: string, url: string): ReachableSubgraph;
  /** Given back as often as taken, its connections close when the calls under way are answered. */
  giveBack(reachable: ReachableSubgraph): Promise<void>;
}

/** @param config says, over the supergraph, where a subgraph is and what it is told */
export function createSubgraphPool(config: Config, logger: Logger): SubgraphPool {
  const pool = new Map<string, ReachableSubgraph & { users: number }>();
  const keyOf = ({ name, urls }: Subgraph) => `${name} ${urls.join(' ')}`;
  const limits = {
    timeoutMs: config.SUBGRAPH_TIMEOUT,
    concurrent: config.SUBGRAPH_CONCURRENCY,
    waiting: config.SUBGRAPH_QUEUE,
    logger,
  };
  return {
    take(name, url) {
      const subgraph = describe(name, url, config);
      const key = keyOf(subgraph);
      const known = pool.get(key) ?? { subgraph, client: new SubgraphClient(subgraph, limits), users: 0 };
      known.users++;
      pool.set(key, known);
      return known;
    },
    async giveBack({ subgraph }) {
      const key = keyOf(subgraph);
      const known = pool.get(key);
      if (known === undefined || --known.users > 0) return;
      pool.delete(key);
      await known.client.stop();
    },
  };
}

function describe(name: string, supergraphUrl: string, config: Config): Subgraph {
  const urls = config.SUBGRAPH_URLS[name] ?? [supergraphUrl];
  const wrong = urls.find((url) => !/^https?:$/.test(URL.parse(url)?.protocol ?? ''));
  if (wrong !== undefined) throw new ConfigError([`SUBGRAPH_URLS: the supergraph has no http address of ${name}`]);
  const key = config.VIEWER_KEYS[name];
  return {
    name,
    urls,
    webSocketUrls: config.SUBGRAPH_WS_URLS[name] ?? urls.map((url) => url.replace(/^http/, 'ws')),
    webSockets: config.SUBGRAPH_SOCKETS,
    viewerTokens: key === undefined ? null : createViewerTokens(key),
    forwardHeaders: config.FORWARD_HEADERS,
    forwardCookies: config.FORWARD_COOKIES[name] ?? [],
    returnHeaders: config.RETURN_HEADERS[name] ?? [],
  };
}
