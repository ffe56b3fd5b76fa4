// A chat room that stores what is said, as graphql-ws and graphql-redis-subscriptions serve it: an event tells which
// message, and each subscriber's operation reads it, and its author, from Postgres through loaders of its own.
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { makeExecutableSchema } from '@graphql-tools/schema';
import DataLoader from 'dataloader';
import { RedisPubSub } from 'graphql-redis-subscriptions';
import { useServer } from 'graphql-ws/use/ws';
import { Redis } from 'ioredis';
import pg from 'pg';
import { WebSocketServer } from 'ws';
import { typeDefs } from './schema.js';

const { PORT, REDIS_URL, CHANNEL, DATABASE_URL, DATABASE_POOL } = process.env;
const pubsub = new RedisPubSub({ publisher: new Redis(REDIS_URL), subscriber: new Redis(REDIS_URL) });
const db = new pg.Pool({ connectionString: DATABASE_URL, max: Number(DATABASE_POOL) });
await db.query(`
  drop schema if exists peer cascade; create schema peer;
  create table peer.person (id text primary key, name text not null);
  create table peer.message (
    id text primary key, seq int generated always as identity, text text not null,
    author_id text not null references peer.person
  );
  insert into peer.person values ('usr_1', 'Ada');`);

const loader = (name, text) =>
  new DataLoader(async (ids) => {
    const { rows } = await db.query({ name, text, values: [ids] });
    const byId = new Map(rows.map((row) => [row.id, row]));
    return ids.map((id) => byId.get(id) ?? null);
  });
const createLoaders = () => ({
  messages: loader('messages', 'select id, seq, text, author_id from peer.message where id = any($1)'),
  people: loader('people', 'select id, name from peer.person where id = any($1)'),
});

const schema = makeExecutableSchema({
  typeDefs,
  resolvers: {
    RoomEvent: { __resolveType: () => 'MessageCreated' },
    MessageCreated: { message: ({ id, loaders }) => loaders.messages.load(id).then((row) => ({ ...row, loaders })) },
    Message: { author: ({ author_id: id, loaders }) => loaders.people.load(id) },
    Subscription: {
      roomEvents: {
        subscribe: (_, { roomId }) => pubsub.asyncIterableIterator(`room:${roomId}`),
        // No loader outlives its event.
        resolve: (event) => ({ ...event, loaders: createLoaders() }),
      },
    },
  },
});

let sent = 0;
const send = async (text) => {
  const id = `msg_${process.pid}_${++sent}`;
  await db.query({
    name: 'send',
    text: "insert into peer.message (id, text, author_id) values ($1, $2, 'usr_1')",
    values: [id, text],
  });
  await pubsub.publish(CHANNEL, { id, cursor: `cursor of ${id} in the log of the room` });
};
const server = createServer((request, response) => {
  if (request.method === 'POST') {
    void json(request)
      .then(({ text }) => send(text))
      .then(() => response.end('{}'));
  } else response.end('ok');
});
useServer({ schema }, new WebSocketServer({ server, path: '/graphql' }));
server.listen(Number(PORT), '127.0.0.1');
