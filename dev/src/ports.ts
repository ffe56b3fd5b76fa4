import { createServer } from 'node:net';
import { errorCode, Problem } from './problem.ts';

/** Below the range from which systems pick ports for outgoing connections, so nobody takes one between choice and use. */
const FIRST = 20_000;
const LAST = 31_999;
const handedOut = new Set<number>();

/** @returns a free port on loopback that this process has not handed out before. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const port = FIRST + Math.floor(Math.random() * (LAST - FIRST));
    if (handedOut.has(port) || (await listenError(port)) !== undefined) continue;
    handedOut.add(port);
    return port;
  }
  throw new Problem('No free port was found on 127.0.0.1.', 'Stop programs that listen on many ports.');
}

/** @throws Problem that names the port when something else listens on it. */
export async function assertPortFree(port: number): Promise<void> {
  const code = await listenError(port);
  if (code === undefined) return;
  if (code === 'EACCES') {
    throw new Problem(`Port ${port} needs more rights than yours.`, `Choose another: npm start -- --port 4001`);
  }
  throw new Problem(
    `Port ${port} is already taken by another program.`,
    `Stop that program, or choose another port: npm start -- --port ${port < 65_535 ? port + 1 : 4000}`,
  );
}

function listenError(port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) => resolve(errorCode(error) ?? 'UNKNOWN'));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(undefined)));
  });
}
