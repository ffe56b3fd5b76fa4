import path from 'node:path';
import { mintServiceToken } from '../../subgraphs/users/src/account/access-tokens.ts';
import type { Environment } from './env.ts';
import { type Infrastructure, startInfrastructure } from './infrastructure.ts';
import {
  perService,
  perSubgraph,
  ROOT,
  SERVICES,
  serviceDir,
  type ServiceName,
  type Subgraph,
  SUBGRAPHS,
} from './layout.ts';
import type { Log } from './log.ts';
import { assertPortFree, freePort } from './ports.ts';
import { prepare } from './prepare.ts';
import { registryOf } from './processes.ts';
import { type Service, startService } from './supervisor.ts';
import { startTogether } from './together.ts';

export { privateEnvironment, readEnvironment } from './env.ts';
export { type Infrastructure, startInfrastructure } from './infrastructure.ts';
export { createLog, type Log, silentLog } from './log.ts';
export { Problem } from './problem.ts';

export interface StackOptions {
  /** Holds everything that lasts; one stack at a time. Several stacks in several folders can run at once. */
  dir: string;
  /** `readEnvironment()` for a developer, `privateEnvironment()` for a stack that shares nothing with them. */
  env: Environment;
  log: Log;
  /** Of the router; a free one when left out. */
  port?: number;
  /** Removes all data first. */
  fresh?: boolean;
  /** False gives up safety against a power cut for speed: tests only. */
  durable?: boolean;
  /** Arguments of Node that run a service, in place of the real one: for tests. */
  program?: (name: ServiceName) => readonly string[];
  /** Variables for one service only, over everything else: for tests. */
  overrides?: Partial<Record<ServiceName, Environment>>;
  /** Aborting it, also during start-up, ends everything; `startStack` then rejects. */
  signal?: AbortSignal;
}

export interface Stack {
  urls: {
    /** What clients use as base: GraphiQL is its page. */
    public: string;
    graphql: string;
    /** The same endpoint for graphql-ws. */
    websocket: string;
    /** Append a trace id. */
    traces: string;
    /** Where letters are shown; null when there is a mail server. */
    mail: string | null;
  };
  /** What each service was started with. */
  env: Record<ServiceName, Environment>;
  services: Record<ServiceName, Service>;
  infrastructure: Infrastructure;
  /** Bearer token, for a day, of the service account that imports data. */
  serviceToken: string;
  /** Whether the databases had never been migrated before this start. */
  isNew: boolean;
  /** Ends services, then Redis, the object store and Postgres; within 5 s whatever they do. */
  stop(): Promise<void>;
}

/**
 * Brings up the whole of Chorus: data stores, migrations, the subgraphs and the router, each a process of its own.
 * @throws Problem with a sentence for the developer; everything started until then has been stopped.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { dir, env, log, program = serviceProgram, signal = new AbortController().signal } = options;
  const port = options.port ?? (await freePort());
  await assertPortFree(port);
  const infrastructure = await startInfrastructure(options);
  try {
    await prepare({ env, log, signal });
    log.info('data stores are up, starting the services');
    const environments = await serviceEnvironments(infrastructure, port, options);
    const start = (name: ServiceName) => (either: AbortSignal) => {
      const { HOST, PORT } = environments[name];
      const env = { NODE_COMPILE_CACHE: path.join(dir, 'compile-cache'), ...environments[name] };
      const spec = { name, args: program(name), env, cwd: ROOT, registry: registryOf(dir) };
      return startService({ ...spec, url: `http://${HOST}:${PORT}` }, log, either);
    };
    const services = await startTogether(signal, perService(start));
    const publicUrl = environments.router['PUBLIC_URL'] ?? '';
    let stopped: Promise<void> | undefined;
    return {
      urls: {
        public: publicUrl,
        graphql: `${publicUrl}/graphql`,
        websocket: `${publicUrl.replace(/^http/, 'ws')}/graphql`,
        traces: `${publicUrl}/traces`,
        mail: environments.users['SMTP_URL'] ? null : `${publicUrl}/auth/mail`,
      },
      env: environments,
      services,
      infrastructure,
      serviceToken: await serviceToken(infrastructure.secrets.signingKeyFile, publicUrl),
      isNew: infrastructure.isNew,
      stop: () => (stopped ??= stopAll(services, infrastructure)),
    };
  } catch (error) {
    await infrastructure.stop(1000);
    throw error;
  }
}

/**
 * Bearer token, for a day, of the service account that loads demo and imported data.
 * @param issuer the public URL of the stack it is for
 */
export const serviceToken = (signingKeyFile: string, issuer: string): Promise<string> =>
  mintServiceToken({ SIGNING_KEY_FILE: signingKeyFile, TOKEN_ISSUER: issuer }, 'importer', 24 * 3600);

/** 3 s for the services to drain, and what is left of 4 s for the stores to write to disk. */
async function stopAll(services: Record<ServiceName, Service>, infrastructure: Infrastructure): Promise<void> {
  const started = Date.now();
  await Promise.all(SERVICES.map((name) => services[name].stop(3000)));
  await infrastructure.stop(Math.max(1000, 4000 - (Date.now() - started)));
}

/**
 * What Node is started with for a service, here and in dev/docker/Dockerfile. The young generation of V8's heap may grow to
 * 2 × 16 MB: left alone Node 24 lets it grow to 2 × 64, which a process that held 5,000 idle subscriptions kept, and
 * requests were answered no faster (docs/live.md).
 */
export const serviceProgram = (name: ServiceName): string[] => [
  '--max-semi-space-size=16',
  '--import',
  path.join(ROOT, 'kit/src/telemetry/register.ts'),
  path.join(serviceDir(name), 'src/main.ts'),
];

/** How much a client may still ask for, which subgraphs tell it through the router. */
const LIMITS = 'ratelimit|ratelimit-policy|retry-after';

/** What the services are told, over what the developer's environment says. `.env.example` explains the names. */
export async function serviceEnvironments(
  { databases, redisUrl, s3, secrets }: Pick<Infrastructure, 'databases' | 'redisUrl' | 's3' | 'secrets'>,
  port: number,
  { env, overrides = {} }: Pick<StackOptions, 'env' | 'overrides'>,
): Promise<Record<ServiceName, Environment>> {
  const ports = perService(() => port);
  for (const name of SUBGRAPHS) ports[name] = await freePort();
  const at = (name: ServiceName, scheme = 'http') => `${scheme}://127.0.0.1:${ports[name]}`;
  const publicUrl = env['PUBLIC_URL'] || `http://localhost:${port}`;
  const list = (entries: string[][]) => entries.map((entry) => entry.join('=')).join(',');

  const common = (name: ServiceName): Environment => ({
    ...env,
    NODE_ENV: env['NODE_ENV'] || 'development',
    HOST: '127.0.0.1',
    PORT: String(ports[name]),
    LOG_LEVEL: env['LOG_LEVEL'] || 'info',
    PUBLIC_URL: publicUrl,
    TOKEN_ISSUER: publicUrl,
    REDIS_URL: redisUrl,
    OTEL_SERVICE_NAME: name,
    // Without a collector of the developer's, the router keeps the traces.
    OTEL_EXPORTER_OTLP_ENDPOINT: env['OTEL_EXPORTER_OTLP_ENDPOINT'] || at('router'),
  });
  /** What one subgraph alone is told. */
  const own: Partial<Record<Subgraph, Environment>> = {
    users: {
      SIGNING_KEY_FILE: secrets.signingKeyFile,
      SIGNING_KEY: undefined,
      OAUTH_MOCK: env['OAUTH_MOCK'] || 'true',
    },
    media: {
      S3_ENDPOINT: s3.endpoint,
      S3_ACCESS_KEY: s3.accessKey,
      S3_SECRET_KEY: s3.secretKey,
      S3_BUCKET: s3.bucket,
      S3_REGION: s3.region,
    },
  };

  return {
    ...perSubgraph((name) => ({
      ...common(name),
      DATABASE_URL: databases[name],
      ATTACHMENT_KEY: secrets.attachment,
      VIEWER_KEY: secrets.viewer[name],
      ...own[name],
      ...overrides[name],
    })),
    router: {
      ...common('router'),
      SUPERGRAPH_PATH: path.join(ROOT, 'schema/supergraph.graphql'),
      SUBGRAPH_URLS: list(SUBGRAPHS.map((name) => [name, `${at(name)}/graphql`])),
      SUBGRAPH_WS_URLS: list(SUBGRAPHS.map((name) => [name, `${at(name, 'ws')}/graphql`])),
      VIEWER_KEYS: list(SUBGRAPHS.map((name) => [name, secrets.viewer[name]])),
      JWKS_URL: `${at('users')}/.well-known/jwks.json`,
      PROXY_ROUTES: list([
        ['/auth/', at('users')],
        ['/.well-known/', at('users')],
        ['/media/', at('media')],
      ]),
      FORWARD_COOKIES: 'users=chorus_refresh|chorus_oauth',
      RETURN_HEADERS: list(SUBGRAPHS.map((name) => [name, name === 'users' ? `set-cookie|${LIMITS}` : LIMITS])),
      TRACE_STORE: '500',
      GRAPHIQL: 'true',
      ...overrides.router,
    },
  };
}
