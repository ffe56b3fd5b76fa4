// A chat room as Socket.IO with its Redis adapter serves it: the text as it comes, to everybody in the room.
import { createServer } from 'node:http';
import { createAdapter } from '@socket.io/redis-adapter';
import { Redis } from 'ioredis';
import { Server } from 'socket.io';

const { PORT, REDIS_URL, CHANNEL } = process.env;
const server = createServer((_, response) => response.end('ok'));
const io = new Server(server, {
  adapter: createAdapter(new Redis(REDIS_URL), new Redis(REDIS_URL)),
  perMessageDeflate: false,
});
io.on('connection', (socket) => void socket.join('room'));
// Somebody sends: it goes out through the adapter, as of whichever process the sender is connected to.
const sent = new Redis(REDIS_URL);
await sent.subscribe(CHANNEL);
sent.on('message', (_, text) => io.to('room').emit('event', JSON.parse(text)));
server.listen(Number(PORT), '127.0.0.1');
