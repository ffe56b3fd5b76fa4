import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  privateEnvironment,
  serviceEnvironments,
  serviceProgram,
  serviceToken,
  silentLog,
  startInfrastructure,
} from '@chorus/dev/stack';
import { freePort } from '../harness/ports.ts';
import { type Place, type Program, startProgram } from '../harness/processes.ts';

const root = path.join(import.meta.dirname, '../../..');
const COLLECT = ['--expose-gc', '--import', path.join(root, 'bench/src/harness/collect.ts')];
/** Connections to Postgres: of each service, and of the loop that only inserts. */
export const DATABASE_POOL = 16;
const READY_LIMIT_MS = 60_000;

/** Postgres and Redis of the benchmark's own, and what is to be started on them. */
export interface World {
  redisUrl: string;
  chatDatabase: string;
  /** @param place on the one processor of what is measured, to be compared per CPU-second; or where there is room */
  startChorus(place: Place): Promise<Chorus>;
  /** @param file what starts it, in its folder */
  startPeer(file: string, settings: Record<string, string>): Promise<Server>;
  stop(): Promise<void>;
}

/** Started, and answering. */
export interface Server {
  port: number;
  /** What is measured of it. */
  programs: Program[];
  stop(): Promise<void>;
}

/** The router and chat, which are measured, and users for the names, which is as well. */
export interface Chorus extends Server {
  /** Headers of a service account; `chorus-act-as` says for whom it acts. */
  headers: Record<string, string>;
}

/** Everything measured runs alike, with garbage on demand; of our own one trace in a hundred is recorded. */
export async function startWorld(log: (line: string) => void): Promise<World> {
  log('starting Postgres and Redis');
  const dir = mkdtempSync(path.join(tmpdir(), 'chorus-bench-'));
  const infrastructure = await startInfrastructure({ dir, env: privateEnvironment(), log: silentLog, durable: true });
  const running = new Set<Server>();

  const start = async (programs: Program[], port: number, health: string[]): Promise<Server> => {
    const server: Server = {
      port,
      programs,
      async stop() {
        running.delete(server);
        for (const program of programs) await program.stop();
      },
    };
    running.add(server);
    for (const url of health) await ready(url, programs);
    return server;
  };

  return {
    redisUrl: infrastructure.redisUrl,
    chatDatabase: infrastructure.databases.chat,

    async startChorus(place) {
      const port = await freePort();
      const env = await serviceEnvironments(infrastructure, port, { env: privateEnvironment() });
      const issuer = env.router['TOKEN_ISSUER'] ?? '';
      const program = (name: 'users' | 'chat' | 'router') =>
        startProgram(
          {
            args: [...COLLECT, ...serviceProgram(name)],
            env: {
              ...definedIn(env[name]),
              LOG_LEVEL: 'warn',
              OTEL_TRACES_SAMPLER_ARG: '0.01',
              MAX_LIVE_CONNECTIONS: '20000',
              VIEWER_CONNECTIONS: '20000',
              VIEWER_OPERATIONS: '20000',
              DATABASE_POOL: String(DATABASE_POOL),
            },
          },
          { processor: place },
        );
      const users = program('users');
      const chat = program('chat');
      const urlOf = (name: 'users' | 'chat') => `http://127.0.0.1:${env[name]['PORT'] ?? ''}/health/ready`;
      await ready(urlOf('users'), [users]);
      await ready(urlOf('chat'), [chat]);
      const router = program('router');
      const server = await start([router, chat, users], port, [`http://127.0.0.1:${port}/health/ready`]);
      const token = await serviceToken(infrastructure.secrets.signingKeyFile, issuer);
      return { ...server, headers: { authorization: `Bearer ${token}` } };
    },

    async startPeer(file, settings) {
      const port = await freePort();
      const program = startProgram(
        {
          args: [...COLLECT, file],
          cwd: path.dirname(file),
          env: {
            PORT: String(port),
            REDIS_URL: infrastructure.redisUrl,
            DATABASE_URL: infrastructure.databases.chat,
            DATABASE_POOL: String(DATABASE_POOL),
            ...settings,
          },
        },
        { processor: 'measured' },
      );
      return start([program], port, [`http://127.0.0.1:${port}/`]);
    },

    async stop() {
      await Promise.all(Array.from(running, (server) => server.stop()));
      await infrastructure.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

const definedIn = (env: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));

/** @throws Error with what was printed, when it does not answer within a minute */
async function ready(url: string, programs: Program[]): Promise<void> {
  const deadline = Date.now() + READY_LIMIT_MS;
  for (;;) {
    const ok = await fetch(url, { signal: AbortSignal.timeout(2000) }).then(
      (response) => response.ok,
      () => false,
    );
    if (ok) return;
    if (Date.now() > deadline)
      throw new Error(`${url} does not answer:\n${programs.map((p) => p.printed()).join('\n')}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
