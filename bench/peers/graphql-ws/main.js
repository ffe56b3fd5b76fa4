// A chat room as graphql-ws and graphql-redis-subscriptions serve it when all that is asked for comes with the event: each
// subscriber's operation is executed for each event, and reads nothing.
import { createServer } from 'node:http';
import { makeExecutableSchema } from '@graphql-tools/schema';
import { RedisPubSub } from 'graphql-redis-subscriptions';
import { useServer } from 'graphql-ws/use/ws';
import { Redis } from 'ioredis';
import { WebSocketServer } from 'ws';
import { typeDefs } from './schema.js';

const { PORT, REDIS_URL } = process.env;
const pubsub = new RedisPubSub({ publisher: new Redis(REDIS_URL), subscriber: new Redis(REDIS_URL) });

const schema = makeExecutableSchema({
  typeDefs,
  resolvers: {
    RoomEvent: { __resolveType: ({ __typename }) => __typename },
    Subscription: {
      roomEvents: {
        subscribe: (_, { roomId }) => pubsub.asyncIterableIterator(`room:${roomId}`),
        resolve: (event) => event,
      },
    },
  },
});

const server = createServer((_, response) => response.end('ok'));
useServer({ schema }, new WebSocketServer({ server, path: '/graphql' }));
server.listen(Number(PORT), '127.0.0.1');
