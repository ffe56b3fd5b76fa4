import { createServer, connect, type Socket } from 'node:net';

/** A way to a server that can be cut: then its connections break and no new ones are made, until it is mended. */
export async function startProxy(target: string) {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  let whole = true;
  const server = createServer((near) => {
    if (!whole) {
      near.destroy();
      return;
    }
    const far = connect(Number(port), hostname);
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket);
      socket.pipe(other);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const url = new URL(target);
  url.port = typeof address === 'object' && address !== null ? String(address.port) : '';
  /** Breaks the connections there are; new ones can be made at once. */
  const interrupt = () => sockets.forEach((socket) => socket.destroy());
  return {
    url: url.href,
    interrupt,
    cut() {
      whole = false;
      interrupt();
    },
    mend() {
      whole = true;
    },
    stop() {
      interrupt();
      server.close();
    },
  };
}
