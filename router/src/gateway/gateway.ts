import { readFile } from 'node:fs/promises';
import { ApolloGateway } from '@apollo/gateway';
import { Supergraph } from '@apollo/federation-internals';
import { ConfigError } from '@chorus/kit/config';
import type { Logger } from '@chorus/kit/logger';
import { createViewerTokens, type ViewerTokens } from '@chorus/kit/viewer';
import { type Config, keepGatewayQuiet } from '../config.ts';
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

/** The supergraph, loaded and checked, and how to reach its subgraphs. */
export interface LoadedGateway {
  gateway: ApolloGateway;
  supergraph: Supergraph;
  subgraphs: ReadonlyMap<string, Subgraph>;
  clients: ReadonlyMap<string, SubgraphClient>;
}

/** @throws ConfigError when there is no supergraph where the configuration says, or no address of a subgraph */
export async function loadGateway(config: Config, logger: Logger): Promise<LoadedGateway> {
  const { supergraphSdl, supergraph } = await readSupergraph(config.SUPERGRAPH_PATH);
  const subgraphs = new Map(
    [...supergraph.subgraphsMetadata()].map((subgraph): [string, Subgraph] => [
      subgraph.name,
      describe(subgraph.name, subgraph.url, config),
    ]),
  );
  const limits = {
    timeoutMs: config.SUBGRAPH_TIMEOUT,
    concurrent: config.SUBGRAPH_CONCURRENCY,
    waiting: config.SUBGRAPH_QUEUE,
    logger,
  };
  const clients = new Map(Array.from(subgraphs, ([name, subgraph]) => [name, new SubgraphClient(subgraph, limits)]));
  keepGatewayQuiet();
  const gateway = new ApolloGateway({ supergraphSdl, logger });
  await gateway.load();
  return { gateway, supergraph, subgraphs, clients };
}

async function readSupergraph(file: string): Promise<{ supergraphSdl: string; supergraph: Supergraph }> {
  try {
    const supergraphSdl = await readFile(file, 'utf8');
    return { supergraphSdl, supergraph: Supergraph.build(supergraphSdl) };
  } catch (error) {
    throw new ConfigError([`SUPERGRAPH_PATH: ${error instanceof Error ? error.message : String(error)}`]);
  }
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
