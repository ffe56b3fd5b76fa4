import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { testRedisUrl } from '../src/testing/index.ts';

/** A way to Redis that can be broken: cut, so that nobody gets through, or swallowing everything without a word. */
export async function startWay() {
  const target = new URL(testRedisUrl());
  const open = new Map<Socket, Socket>();
  let broken: 'cut' | 'swallow' | null = null;
  const server = createServer((near) => {
    if (broken === 'cut') {
      near.destroy();
      return;
    }
    const far = connect(Number(target.port), target.hostname);
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
  const url = new URL(target.href);
  url.port = String((server.address() as { port: number }).port);
  const cut = () => open.forEach((_, near) => near.destroy());
  const swallow = () => open.forEach((_, near) => near.pause().unpipe());
  return {
    url: url.href,
    /** Breaks the connections there are; new ones are as good as ever. */
    cut,
    /** The connections there are bring nothing on any more; new ones do. */
    swallow,
    /** Breaks the connections there are and those to come, until it is mended. */
    break(how: 'cut' | 'swallow') {
      broken = how;
      if (how === 'cut') cut();
      else swallow();
    },
    /** What was swallowed stays so. */
    mend() {
      broken = null;
      cut();
    },
    /** Keeps the answers of Redis back until the function returned is called. */
    holdAnswers() {
      const held = [...open];
      for (const [near, far] of held) far.unpipe(near);
      return () => {
        for (const [near, far] of held) far.pipe(near);
      };
    },
    stop() {
      cut();
      server.close();
    },
  };
}

export type Way = Awaited<ReturnType<typeof startWay>>;
