/** The router as a process of its own, over a supergraph that it has never seen. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { settle } from '@chorus/kit/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Fixture, startFixture } from './fixture/router.ts';

const MAIN = path.join(import.meta.dirname, '../src/main.ts');

let dir: string;
let fixture: Fixture;
beforeAll(async () => {
  dir = mkdtempSync(path.join(tmpdir(), 'chorus-router-process-'));
  fixture = await startFixture();
});
afterAll(async () => {
  await fixture.stop();
  rmSync(dir, { recursive: true, force: true });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

function start(env: Record<string, string>): {
  child: ChildProcess;
  output: () => string;
  exited: Promise<number | null>;
} {
  // Nothing of this process's environment: what is not named is not needed.
  const child = spawn(process.execPath, [MAIN], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return { child, output: () => output, exited: once(child, 'exit').then(([code]) => code as number | null) };
}

test('needs a supergraph, a host and a port; answers; ends at SIGTERM and lets go of its port', async () => {
  const SUPERGRAPH_PATH = path.join(dir, 'supergraph.graphql');
  writeFileSync(SUPERGRAPH_PATH, fixture.supergraphSdl);
  const port = await freePort();
  const router = start({ SUPERGRAPH_PATH, HOST: '127.0.0.1', PORT: String(port) });
  try {
    const url = `http://127.0.0.1:${port}`;
    await settle(() => fetch(`${url}/health`).then(({ ok }) => ok), { limitMs: 20_000, what: 'health' });
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ __typename notes { id } }' }),
    });
    // These subgraphs want viewer tokens, and this router was given no keys.
    expect(await response.json()).toMatchObject({ data: null, errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
  } finally {
    router.child.kill('SIGTERM');
  }
  expect(await router.exited).toBe(0);
  const probe = connect(port, '127.0.0.1');
  const [error] = (await once(probe, 'error')) as [NodeJS.ErrnoException];
  expect(error.code).toBe('ECONNREFUSED');
});

/** One after the other on one port, as often as that; each answers, ends at SIGTERM and leaves nothing behind. */
async function startAndStop(times: number): Promise<number> {
  const SUPERGRAPH_PATH = path.join(dir, 'again.graphql');
  writeFileSync(SUPERGRAPH_PATH, fixture.supergraphSdl);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  // Node's own: what was compiled once is not compiled each time.
  const env = { SUPERGRAPH_PATH, HOST: '127.0.0.1', PORT: String(port), LOG_LEVEL: 'warn', NODE_COMPILE_CACHE: dir };
  for (let round = 0; round < times; round++) {
    const router = start(env);
    // Whoever gets an answer at all gets it from a router with a schema.
    const status = await settle(() => fetch(`${url}/health`).then((response) => response.status), {
      limitMs: 20_000,
      what: `health in round ${round}: ${router.output()}`,
    });
    expect(status).toBe(200);
    const response = await fetch(`${url}/graphql?query={__typename}`, {
      headers: { 'apollo-require-preflight': '1', connection: 'close' },
    });
    expect(await response.json()).toEqual({ data: { __typename: 'Query' } });
    router.child.kill('SIGTERM');
    expect(await router.exited).toBe(0);
    expect(router.output()).toBe('');
    const [error] = (await once(connect(port, '127.0.0.1'), 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('ECONNREFUSED');
  }
  return times;
}

test('started and stopped ten times in a row, on two ports, it leaks neither', { timeout: 120_000 }, async () => {
  expect(await Promise.all([startAndStop(5), startAndStop(5)])).toEqual([5, 5]);
});
