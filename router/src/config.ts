import { isIP } from 'node:net';
import { ConfigError, readConfig, refuseDevelopmentSecrets, secret, serviceEnvironment } from '@chorus/kit/config';
import { VIEWER_HEADER } from '@chorus/kit/viewer';
import { z } from 'zod';

const httpUrl = z.url({ protocol: /^https?$/, error: 'is no http:// or https:// URL' });
const webSocketUrl = z.url({ protocol: /^wss?$/, error: 'is no ws:// or wss:// URL' });
const origin = httpUrl.refine((text) => URL.parse(text)?.origin === text, 'is no origin like https://example.com');
const address = z.string().refine((text) => isIP(text) !== 0, 'is no IP address');
const subgraph = z.string().min(1, 'is a list of name=value, separated by commas');
const prefix = z.string().regex(/^\/.+\/$/, 'begins and ends with a slash, and has something between them');

/** What the router itself says to a subgraph, or what concerns one connection only. */
const notForwarded = new Set([
  VIEWER_HEADER,
  'accept',
  'accept-encoding',
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'expect',
  'host',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);
const header = z
  .string()
  .regex(/^[\w!#$%&'*+.^`|~-]+$/, 'is no name of a header')
  .toLowerCase()
  .refine((name) => !notForwarded.has(name), 'is a header that the router sets itself');
/** What is said to the client about the whole answer, or about who may read it, is the router's to say. */
const returnedHeader = header.refine(
  (name) => !/^(?:access-control-|cache-control$|vary$)/.test(name),
  'is a header that the router sets itself',
);
const cookie = z.string().regex(/^[\w!#$%&'*+.^`~-]+$/, 'is no name of a cookie');

/** `a,b,c` */
const list = (item: z.ZodType<string, string>) =>
  z
    .string()
    .default('')
    .transform((text) => entriesOf(text))
    .pipe(z.array(item));

/** `name=value,name=value`, as a map without a prototype: a subgraph may be called `constructor`. */
const pairs = <Value>(name: z.ZodType<string, string>, value: z.ZodType<Value, string>) =>
  z
    .string()
    .default('')
    .transform((text) => entriesOf(text).map(splitPair))
    .pipe(z.array(z.tuple([name, value])))
    .transform(toMap);

const entriesOf = (text: string): string[] => (text === '' ? [] : text.split(',').map((entry) => entry.trim()));
const splitPair = (pair: string): [string, string] => {
  const at = pair.indexOf('=');
  return [pair.slice(0, Math.max(at, 0)).trim(), pair.slice(at + 1).trim()];
};
const toMap = <Value>(entries: [string, Value][]): Readonly<Record<string, Value>> =>
  Object.setPrototypeOf(Object.fromEntries(entries), null) as Record<string, Value>;

/** `a|b|c`, as a value of a map. */
const several = (item: z.ZodType<string, string>) =>
  z
    .string()
    .transform((text) => text.split('|').map((entry) => entry.trim()))
    .pipe(z.array(item));

/** A whole number from `min` on. */
const count = (min: number, preset: number) => z.coerce.number().int().min(min).default(preset);

const flag = z.enum(['true', 'false']).transform((text) => text === 'true');

export const environment = z.object({
  ...serviceEnvironment,
  SUPERGRAPH_PATH: z.string(),
  /** Milliseconds between two looks at that file. */
  SUPERGRAPH_POLL_INTERVAL: z.coerce.number().int().min(50).max(3_600_000).default(1000),
  /** Milliseconds for the plan of one operation. */
  PLAN_TIMEOUT: z.coerce.number().int().min(10).max(60_000).default(10_000),
  /** Over the addresses in the supergraph; several of one subgraph are its instances. */
  SUBGRAPH_URLS: pairs(subgraph, several(httpUrl)),
  /** Where subscriptions of a subgraph go; default: its addresses, by WebSocket. */
  SUBGRAPH_WS_URLS: pairs(subgraph, several(webSocketUrl)),
  /** Sockets to each of these, which all subscriptions share. */
  SUBGRAPH_SOCKETS: z.coerce.number().int().min(1).max(64).default(2),
  /** Milliseconds for one call to a subgraph, with all its tries. */
  SUBGRAPH_TIMEOUT: z.coerce.number().int().min(100).max(300_000).default(10_000),
  /** Calls under way to one subgraph at most. */
  SUBGRAPH_CONCURRENCY: z.coerce.number().int().min(1).max(10_000).default(256),
  /** Calls that wait for one of those to end, at most. */
  SUBGRAPH_QUEUE: z.coerce.number().int().min(0).max(100_000).default(1024),
  /** Keys of the viewer tokens, one for each subgraph that gets them. */
  VIEWER_KEYS: pairs(subgraph, secret),
  /** The public keys of access tokens. Unset: no authentication, every viewer is anonymous. */
  JWKS_URL: httpUrl.optional(),
  /** The `iss` that access tokens must have; required with JWKS_URL. */
  TOKEN_ISSUER: z.string().optional(),
  /** Where sessions that were ended are told, for routers with JWKS_URL. Unset: each lives as long as its token. */
  REDIS_URL: z.url({ protocol: /^rediss?$/, error: 'is no redis:// or rediss:// URL' }).optional(),
  /** Headers of the client that go on to the subgraphs. */
  FORWARD_HEADERS: list(header),
  /** Cookies of the client that go on to a subgraph. */
  FORWARD_COOKIES: pairs(subgraph, several(cookie)),
  /** Headers of a subgraph's answers that go back to the client. */
  RETURN_HEADERS: pairs(subgraph, several(returnedHeader)),
  /** Addresses of proxies whose X-Forwarded-For is believed. */
  TRUSTED_PROXIES: list(address),
  /** Origins, besides our own, whose pages may call. */
  CORS_ORIGINS: list(origin),
  /** `/prefix/=http://host:port,…`: paths that are answered by a service instead. */
  PROXY_ROUTES: pairs(prefix, origin),
  /** Bytes of a body that goes to such a service. */
  PROXY_MAX_BYTES: z.coerce
    .number()
    .int()
    .min(1)
    .default(16 * 1024 * 1024),
  /** Bytes of one uploaded file. */
  UPLOAD_MAX_BYTES: count(1, 10 * 1024 * 1024),
  /** Milliseconds for the calls of one operation, or of one event of a subscription, together. */
  REQUEST_TIMEOUT: z.coerce.number().int().min(100).max(300_000).default(30_000),
  /** Milliseconds that a client may take to send a body; with files, what comes before them. */
  BODY_TIMEOUT: z.coerce.number().int().min(100).max(300_000).default(15_000),
  /** Connections of clients that one process accepts. */
  MAX_SOCKETS: count(1, 20_000),
  /** Whether answers are compressed for clients that take it. */
  COMPRESSION: flag.default(true),
  /** Bytes of a request's JSON, and of a WebSocket message. */
  MAX_BODY_BYTES: count(1024, 1024 * 1024),
  /** A persisted query manifest: only its operations run. Unset: all that are valid. */
  SAFELIST_PATH: z.string().optional(),
  /** Limits of one document and of the operations in it. */
  MAX_TOKENS: count(100, 5000),
  MAX_DEPTH: count(1, 20),
  MAX_ALIASES: count(0, 200),
  MAX_ROOT_FIELDS: count(1, 100),
  MAX_FIELDS: count(1, 10_000),
  /** The most that an operation may cost. Unset: a bound of ours where the supergraph says what things cost, else none. */
  MAX_COST: z.coerce.number().int().min(1).optional(),
  /** Elements assumed of a list of which @listSize says nothing. */
  LIST_SIZE: count(0, 10),
  /** Requests under way at one time; more are refused with 503. */
  MAX_REQUESTS: count(1, 1000),
  /** Whether equal queries under way at the same time, of which subgraphs are told the same, are executed once. */
  SHARE_QUERIES: flag.default(true),
  /** WebSockets and event streams that one process holds; more are refused with 503. */
  MAX_LIVE_CONNECTIONS: count(1, 10_000),
  /** How many of them one viewer may hold, in one process; the anonymous by address. */
  VIEWER_CONNECTIONS: count(1, 100),
  /** Operations that one viewer may have under way on them. */
  VIEWER_OPERATIONS: count(1, 1000),
  /** How many traces to keep, readable by everybody at /traces; unset: none. For development. */
  TRACE_STORE: z.coerce.number().int().min(1).max(10_000).optional(),
  /** Whether / is GraphiQL; default: not in production. */
  GRAPHIQL: flag.optional(),
  /** Whether clients may introspect the schema; default: not in production. */
  INTROSPECTION: flag.optional(),
});

export type Config = z.output<typeof environment>;

/** @throws ConfigError listing every fault */
export function loadConfig(env?: Record<string, string | undefined>): Config {
  const config = readConfig(environment, env);
  if (config.JWKS_URL !== undefined && config.TOKEN_ISSUER === undefined) {
    throw new ConfigError(['TOKEN_ISSUER is required with JWKS_URL']);
  }
  if (config.FORWARD_HEADERS.includes('cookie') && Object.keys(config.FORWARD_COOKIES).length > 0) {
    throw new ConfigError([
      'FORWARD_COOKIES names what FORWARD_HEADERS sends to every subgraph: leave out `cookie` there',
    ]);
  }
  if (config.NODE_ENV === 'production' && config.TRACE_STORE !== undefined) {
    throw new ConfigError(['TRACE_STORE shows every trace to everybody; leave it unset in production']);
  }
  const secrets = Object.entries(config.VIEWER_KEYS).map(([name, key]) => [`The key of ${name} in VIEWER_KEYS`, key]);
  refuseDevelopmentSecrets({ ...Object.fromEntries(secrets), NODE_ENV: config.NODE_ENV });
  return config;
}

/** Where each cookie of FORWARD_COOKIES may go by PROXY_ROUTES: to the subgraphs that it is for. */
export function cookieOrigins({ FORWARD_COOKIES, SUBGRAPH_URLS }: Config): ReadonlyMap<string, ReadonlySet<string>> {
  const origins = new Map<string, Set<string>>();
  for (const [subgraph, cookies] of Object.entries(FORWARD_COOKIES)) {
    for (const cookie of cookies) {
      const known = origins.get(cookie) ?? new Set();
      origins.set(cookie, known);
      for (const url of SUBGRAPH_URLS[subgraph] ?? []) known.add(new URL(url).origin);
    }
  }
  return origins;
}
