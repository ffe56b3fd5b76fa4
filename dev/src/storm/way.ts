import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** One client's way to the routers: each connection leads to any of them, as behind a balancer. */
export interface Way {
  url: string;
  /** Breaks its connections. @returns how many there were */
  cut(): number;
  /** Lets no connection through until `open`. */
  shut(): void;
  open(): void;
  stop(): void;
}

/** @param target chooses the port on 127.0.0.1 to which a connection leads */
export async function startWay(target: () => number): Promise<Way> {
  const sockets = new Set<Socket>();
  let passable = true;
  const server = createServer((near) => {
    if (!passable) {
      near.destroy();
      return;
    }
    const far = connect(target(), '127.0.0.1');
    const end = () => {
      near.destroy();
      far.destroy();
      sockets.delete(near);
    };
    sockets.add(near);
    for (const socket of [near, far]) socket.on('error', end).on('close', end);
    near.pipe(far);
    far.pipe(near);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const cut = () => {
    const count = sockets.size;
    for (const socket of sockets) socket.destroy();
    return count;
  };
  return {
    url: `http://127.0.0.1:${port}/graphql`,
    cut,
    shut() {
      passable = false;
      cut();
    },
    open() {
      passable = true;
    },
    stop() {
      passable = false;
      cut();
      server.close();
    },
  };
}
