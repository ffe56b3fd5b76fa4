/** A subgraph to measure: `node server.ts kit|stock PORT VIEWER_KEY`. */
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { createLogger } from '@chorus/kit/logger';
import { startSubgraphServer } from '@chorus/kit/server';
import { instrumentResolvers } from '@chorus/kit/telemetry';
import { createViewerTokens } from '@chorus/kit/viewer';
import { parse } from 'graphql';
import { createContext, resolvers, sdl } from './world.ts';

const [kind, port, viewerKey = ''] = process.argv.slice(2);
const schema = buildSubgraphSchema([{ typeDefs: parse(sdl), resolvers }]);

if (kind === 'stock') {
  const server = new ApolloServer({ schema });
  await startStandaloneServer(server, {
    listen: { host: '127.0.0.1', port: Number(port) },
    context: async () => createContext(),
  });
} else {
  await startSubgraphServer({
    name: 'posts',
    host: '127.0.0.1',
    port: Number(port),
    schema: instrumentResolvers(schema),
    viewerTokens: createViewerTokens(viewerKey),
    logger: createLogger({ service: 'posts', level: 'warn' }),
    context: () => createContext(),
    ready: async () => undefined,
  });
}
