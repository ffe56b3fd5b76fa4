import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A way to a server, over which a test has the say. */
export interface Way {
  /** The target's, by this way. */
  url: string;
  /** Breaks the connections there are; new ones are as good as ever. @returns how many there were */
  cut(): number;
  /** The connections there are bring nothing on any more; new ones do. */
  swallow(): void;
  /** Breaks the connections there are and those to come, until `open`: cut, or swallowing everything without a word. */
  shut(how?: 'cut' | 'swallow'): void;
  /** What was swallowed stays so. */
  open(): void;
  /** Keeps back what the server answers until the function returned is called. */
  holdAnswers(): () => void;
  stop(): void;
}

/** @param target a URL, or what names one for each connection, as a balancer does; of the first the way has its path */
export async function startWay(target: string | (() => string)): Promise<Way> {
  const next = typeof target === 'string' ? () => target : target;
  const open = new Map<Socket, Socket>();
  let broken: 'cut' | 'swallow' | null = null;
  const server = createServer((near) => {
    if (broken === 'cut') {
      near.destroy();
      return;
    }
    const { hostname, port } = new URL(next());
    const far = connect(Number(port), hostname);
    open.set(near, far);
    near.on('close', () => open.delete(near));
    for (const [end, other] of [
      [near, far],
      [far, near],
    ] as const) {
      end.on('error', () => other.destroy()).on('close', () => other.destroy());
      if (broken === null) end.pipe(other);
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(next());
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as { port: number }).port);
  const cut = () => {
    const count = open.size;
    for (const near of open.keys()) near.destroy();
    return count;
  };
  const swallow = () => open.forEach((_, near) => near.pause().unpipe());
  return {
    url: url.href,
    cut,
    swallow,
    shut(how = 'cut') {
      broken = how;
      if (how === 'cut') cut();
      else swallow();
    },
    open() {
      broken = null;
      cut();
    },
    holdAnswers() {
      const held = [...open];
      for (const [near, far] of held) far.unpipe(near);
      return () => {
        for (const [near, far] of held) far.pipe(near);
      };
    },
    stop() {
      broken = 'cut';
      cut();
      server.close();
    },
  };
}
