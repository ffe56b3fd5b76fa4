// The limit: what comes is made a frame once, and that frame is written to each socket.
import { createServer } from 'node:http';
import { Redis } from 'ioredis';
import { Sender, WebSocketServer } from 'ws';

const { PORT, REDIS_URL, CHANNEL } = process.env;
const server = createServer((_, response) => response.end('ok'));
const sockets = new WebSocketServer({ server, path: '/graphql', perMessageDeflate: false });
const open = new Set();
sockets.on('connection', (webSocket, { socket }) => {
  open.add(socket);
  webSocket.on('close', () => open.delete(socket));
});
const sent = new Redis(REDIS_URL);
await sent.subscribe(CHANNEL);
sent.on('message', (_, text) => {
  const data = `{"id":"1","type":"next","payload":{"data":{"roomEvents":${text}}}}`;
  const frame = Buffer.concat(
    Sender.frame(Buffer.from(data), { fin: true, opcode: 1, mask: false, readOnly: true, rsv1: false }),
  );
  for (const socket of open) socket.write(frame);
});
server.listen(Number(PORT), '127.0.0.1');
