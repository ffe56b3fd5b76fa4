import path from 'node:path';
import { Redis } from 'ioredis';
import pg from 'pg';
import { privateEnvironment } from '../env.ts';
import { startInfrastructure } from '../infrastructure.ts';
import { ROOT, serviceDir, type ServiceName } from '../layout.ts';
import { type Log, silentLog } from '../log.ts';
import { freePort } from '../ports.ts';
import { registryOf } from '../processes.ts';
import { type RedisServer, startRedis } from '../redis.ts';
import { serviceEnvironments, serviceToken } from '../stack.ts';
import { type Service, startService } from '../supervisor.ts';

/** What the storm asks of chat: little is kept, and quiet streams look often. */
const CHAT = { EVENT_RETENTION_COUNT: '50', HEAD_CHECK_MS: '2000', LOG_LEVEL: 'debug' };

/** How often chat's streams recovered events, by the way they took. */
export type Recoveries = Record<'replay' | 'gap' | 'headCheck' | 'reset', number>;

/** The part of Chorus that live chat needs: users, two chats and two routers, Postgres and Redis, all real. */
export interface System {
  serviceToken: string;
  chats: readonly Service[];
  routers: readonly Service[];
  /** Ports of the routers. */
  ports: readonly number[];
  redis: {
    /** Ends it, with all its connections, and starts it again on its data after something else. */
    restart(meanwhile: () => Promise<unknown>): Promise<void>;
    /** Lets it answer nobody for so long; connections stay. */
    pause(ms: number): Promise<void>;
    /** Refuses meanwhile whatever anybody publishes; connections and subscriptions stay. */
    mute(meanwhile: () => Promise<unknown>): Promise<void>;
    client(): Redis;
  };
  /** Ends all connections to chat's database. @returns how many there were */
  endDatabaseConnections(): Promise<number>;
  recoveries: Recoveries;
  /** For each chat, how many events it executed once for people who share a router's socket. */
  shared: readonly { events: number }[];
  stop(): Promise<void>;
}

/** @param dir a folder of its own */
export async function startSystem(dir: string): Promise<System> {
  const env = privateEnvironment();
  const registry = registryOf(dir);
  const port = await freePort();
  const redisOptions = {
    dir: path.join(dir, 'storm-redis'),
    registry: path.join(dir, 'storm-processes'),
    env,
    password: 'storm',
    durable: false,
    port: await freePort(),
  };
  let redis: RedisServer = await startRedis(redisOptions);
  const infrastructure = await startInfrastructure({
    dir,
    env: { ...env, REDIS_URL: redis.url },
    log: silentLog,
    durable: false,
  });
  const environments = await serviceEnvironments(infrastructure, port, { env: { ...env, LOG_LEVEL: 'warn' } });
  const recoveries: Recoveries = { replay: 0, gap: 0, headCheck: 0, reset: 0 };
  const chatPorts = [await freePort(), await freePort()];
  const shared = chatPorts.map(() => ({ events: 0 }));
  /** Of the chat with that number: what it tells at level debug. */
  const logOf = (chat: number): Log => ({
    ...silentLog,
    line(_, text) {
      const way = /"recovery":"(\w+)"/.exec(text)?.[1];
      if (way !== undefined && Object.hasOwn(recoveries, way)) recoveries[way as keyof Recoveries]++;
      const [, operations, sockets] = /"tail":\{"operations":(\d+),"sockets":(\d+)\}/.exec(text) ?? [];
      const sharing = shared[chat];
      if (sharing !== undefined && Number(operations) > Number(sockets)) sharing.events++;
    },
  });

  const start = async (
    name: ServiceName,
    more: Record<string, string | undefined>,
    log = silentLog,
  ): Promise<Service> => {
    const own = { ...environments[name], ...more };
    return startService(
      {
        name,
        // Without telemetry: whoever measures is not measured.
        args: [path.join(serviceDir(name), 'src/main.ts')],
        env: own,
        cwd: ROOT,
        registry,
        url: `http://127.0.0.1:${own['PORT']}`,
      },
      log,
    );
  };

  const ports = [port, await freePort()];
  /** The router's list of addresses, with both chats in it. */
  const withChats = (list: string | undefined, scheme: string) => {
    const chats = chatPorts.map((chat) => `${scheme}://127.0.0.1:${chat}/graphql`).join('|');
    return list?.replace(/chat=[^,]*/, `chat=${chats}`);
  };
  const router = {
    SUBGRAPH_URLS: withChats(environments.router['SUBGRAPH_URLS'], 'http'),
    SUBGRAPH_WS_URLS: withChats(environments.router['SUBGRAPH_WS_URLS'], 'ws'),
    TRACE_STORE: undefined,
    GRAPHIQL: 'false',
    COMPRESSION: 'false',
  };
  const services: Service[] = [];
  const connectRedis = () => new Redis(redis.url, { retryStrategy: () => null }).on('error', () => undefined);
  const stop = async () => {
    await Promise.all(services.map((service) => service.stop(2000)));
    await redis.stop(2000);
    await infrastructure.stop(2000);
  };
  try {
    const started = async (all: Promise<Service>[]) => {
      const list = await Promise.all(all);
      services.push(...list);
      return list;
    };
    await started([start('users', {})]);
    const chats = await started(
      chatPorts.map((chat, nth) => start('chat', { ...CHAT, PORT: String(chat) }, logOf(nth))),
    );
    const routers = await started(ports.map((own) => start('router', { ...router, PORT: String(own) })));
    return {
      serviceToken: await serviceToken(infrastructure.secrets.signingKeyFile, environments.router['PUBLIC_URL'] ?? ''),
      chats,
      routers,
      ports,
      redis: {
        async restart(meanwhile) {
          await redis.stop(2000);
          await meanwhile();
          redis = await startRedis(redisOptions);
        },
        async pause(ms) {
          redis.signal('SIGSTOP');
          await sleep(ms);
          redis.signal('SIGCONT');
        },
        async mute(meanwhile) {
          const client = connectRedis();
          try {
            await client.acl('SETUSER', 'default', '-publish');
            await meanwhile();
          } finally {
            await client.acl('SETUSER', 'default', '+publish').finally(() => client.disconnect());
          }
        },
        client: connectRedis,
      },
      async endDatabaseConnections() {
        const client = new pg.Client({ connectionString: infrastructure.postgresAdminUrl });
        await client.connect();
        try {
          const { rowCount } = await client.query(
            `select pg_terminate_backend(pid) from pg_stat_activity where datname = 'chat' and pid <> pg_backend_pid()`,
          );
          return rowCount ?? 0;
        } finally {
          await client.end();
        }
      },
      recoveries,
      shared,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
