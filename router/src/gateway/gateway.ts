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
  url: string;
  webSocketUrl: string;
  viewerTokens: ViewerTokens | null;
  /** Headers of the client that go on to it, lower case. */
  forwardHeaders: readonly string[];
}

/** The supergraph, loaded and checked, and how to reach its subgraphs. */
export interface LoadedGateway {
  gateway: ApolloGateway;
  supergraph: Supergraph;
  subgraphs: ReadonlyMap<string, Subgraph>;
  clients: ReadonlyMap<string, SubgraphClient>;
}

/** @throws ConfigError when there is no supergraph where the configuration says */
export async function loadGateway(config: Config, logger: Logger): Promise<LoadedGateway> {
  const { supergraphSdl, supergraph } = await readSupergraph(config.SUPERGRAPH_PATH);
  const subgraphs = new Map(
    [...supergraph.subgraphsMetadata()].map((subgraph): [string, Subgraph] => [
      subgraph.name,
      describe(subgraph.name, subgraph.url, config),
    ]),
  );
  const clients = new Map(
    Array.from(subgraphs, ([name, subgraph]) => [name, new SubgraphClient(subgraph, config.SUBGRAPH_TIMEOUT)]),
  );
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
  const url = config.SUBGRAPH_URLS[name] ?? supergraphUrl;
  const key = config.VIEWER_KEYS[name];
  return {
    name,
    url,
    webSocketUrl: config.SUBGRAPH_WS_URLS[name] ?? url.replace(/^http/, 'ws'),
    viewerTokens: key === undefined ? null : createViewerTokens(key),
    forwardHeaders: config.FORWARD_HEADERS,
  };
}
