import { ConfigError, readConfig, refuseDevelopmentSecrets, secret, serviceEnvironment } from '@chorus/kit/config';
import { z } from 'zod';

/** `name=value,name=value` as a map. */
const pairs = (value: z.ZodType<string, string>) =>
  z
    .string()
    .transform((text) =>
      text.split(',').map((pair) => {
        const at = pair.indexOf('=');
        return [pair.slice(0, Math.max(at, 0)).trim(), pair.slice(at + 1).trim()] as [string, string];
      }),
    )
    .pipe(z.array(z.tuple([z.string().min(1, 'is a list of name=value, separated by commas'), value])))
    .transform((entries): Readonly<Record<string, string>> => Object.fromEntries(entries))
    .default({});
const list = z
  .string()
  .transform((text) => text.split(',').map((item) => item.trim()))
  .pipe(z.array(z.string().min(1)))
  .default([]);
const flag = z.enum(['true', 'false']).transform((text) => text === 'true');

export const environment = z.object({
  ...serviceEnvironment,
  /** The origin that clients see; default: where this process listens. */
  PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  SUPERGRAPH_PATH: z.string(),
  /** Over the addresses in the supergraph. */
  SUBGRAPH_URLS: pairs(z.url({ protocol: /^https?$/ })),
  /** Where subscriptions of a subgraph go; default: its address, by WebSocket. */
  SUBGRAPH_WS_URLS: pairs(z.url({ protocol: /^wss?$/ })),
  /** Milliseconds for one call to a subgraph. */
  SUBGRAPH_TIMEOUT: z.coerce.number().int().min(100).max(300_000).default(10_000),
  /** Keys of the viewer tokens, one for each subgraph that gets them. */
  VIEWER_KEYS: pairs(secret),
  /** The public keys of access tokens. Unset: no authentication, every viewer is anonymous. */
  JWKS_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** The `iss` that access tokens must have; required with JWKS_URL. */
  TOKEN_ISSUER: z.string().optional(),
  /** Headers of the client that go on to the subgraphs. */
  FORWARD_HEADERS: list,
  /** Addresses of proxies whose X-Forwarded-For is believed. */
  TRUSTED_PROXIES: list,
  /** Origins, besides our own, whose pages may call. */
  CORS_ORIGINS: list,
  /** `/prefix/=http://host:port,…`: paths that are answered by a service instead. */
  PROXY_ROUTES: pairs(z.url({ protocol: /^https?$/ })).refine(
    (routes) => Object.keys(routes).every((prefix) => /^\/.+\/$/.test(prefix)),
    'has prefixes that begin and end with a slash, and are more than one',
  ),
  /** Bytes of one uploaded file. */
  UPLOAD_MAX_BYTES: z.coerce
    .number()
    .int()
    .min(1)
    .default(10 * 1024 * 1024),
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
  if (config.NODE_ENV === 'production' && config.TRACE_STORE !== undefined) {
    throw new ConfigError(['TRACE_STORE shows every trace to everybody; leave it unset in production']);
  }
  refuseDevelopmentSecrets({ NODE_ENV: config.NODE_ENV, ...config.VIEWER_KEYS });
  return config;
}

/** @apollo/gateway sends usage data to its maker unless this variable says no; it looks when it is made. */
export function keepGatewayQuiet(): void {
  process.env['APOLLO_TELEMETRY_DISABLED'] = 'true';
}
