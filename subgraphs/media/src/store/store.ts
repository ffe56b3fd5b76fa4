import http from 'node:http';
import https from 'node:https';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { createLoop } from '@chorus/kit/loop';
import { type BucketItem, Client, S3Error } from 'minio';
import type { Logger } from '@chorus/kit/logger';
import type { Config } from '../config.ts';

/** A call ends when nothing moves for this long, or in any case after the other. */
const IDLE_MS = 10_000;
const DEADLINE_MS = 60_000;
const SOCKETS = 64;
const CHECK_MS = 60_000;

/** The bucket. Every call is bounded in time and rejects with whatever went wrong; nothing is retried here. */
export interface Store {
  put(key: string, body: Buffer, contentType: string): Promise<void>;
  /** Destroying the stream ends the request. */
  read(key: string): Promise<Readable>;
  readAll(key: string): Promise<Buffer>;
  /** All keys with this prefix; meant for prefixes of a handful. */
  list(prefix: string): Promise<string[]>;
  /** Succeeds for keys that are not there. */
  remove(keys: readonly string[]): Promise<void>;
  stop(): Promise<void>;
}

type StoreConfig = Pick<Config, 'S3_ENDPOINT' | 'S3_ACCESS_KEY' | 'S3_SECRET_KEY' | 'S3_BUCKET' | 'S3_REGION'>;

/** Opens the store and, in the background and for as long as it takes, sees to it that the bucket exists. */
export function openStore(config: StoreConfig, logger: Logger): Store {
  const endpoint = new URL(config.S3_ENDPOINT);
  const secure = endpoint.protocol === 'https:';
  const agent = new (secure ? https : http).Agent({ keepAlive: true, maxSockets: SOCKETS });
  const bucket = config.S3_BUCKET;
  const client = new Client({
    endPoint: endpoint.hostname,
    ...(endpoint.port !== '' && { port: Number(endpoint.port) }),
    useSSL: secure,
    accessKey: config.S3_ACCESS_KEY,
    secretKey: config.S3_SECRET_KEY,
    region: config.S3_REGION,
    transport: boundedTransport(secure ? https : http, agent),
    // Its retries write to the console and know no deadline; callers decide.
    retryOptions: { disableRetry: true },
  });

  const ensureBucket = async () => {
    const exists = await client.bucketExists(bucket).catch((error: unknown) => {
      // Keys that may only touch objects cannot ask; then the bucket is somebody else's duty.
      if (error instanceof S3Error && error.code === 'AccessDenied') return true;
      throw error;
    });
    if (exists) return;
    await client.makeBucket(bucket, config.S3_REGION);
    logger.info({ bucket }, 'made the bucket');
  };
  const check = createLoop({
    name: 'object store',
    logger,
    idleMs: CHECK_MS,
    async turn() {
      await ensureBucket();
      return 'idle';
    },
  });

  return {
    async put(key, body, contentType) {
      await client.putObject(bucket, key, body, body.length, { 'Content-Type': contentType });
    },
    read: (key) => client.getObject(bucket, key),
    readAll: async (key) => buffer(await client.getObject(bucket, key)),
    async list(prefix) {
      const keys: string[] = [];
      for await (const item of client.listObjectsV2(bucket, prefix, true)) keys.push((item as BucketItem).name ?? '');
      return keys;
    },
    async remove(keys) {
      for (const key of keys) await client.removeObject(bucket, key);
    },
    async stop() {
      agent.destroy(); // ends calls under way, so that a store that hangs does not hold up the stop
      await check.stop();
    },
  };
}

/** minio has no time limits of its own. */
function boundedTransport(base: typeof http | typeof https, agent: http.Agent): Pick<typeof http, 'request'> {
  const request = (options: http.RequestOptions, onResponse: (response: http.IncomingMessage) => void) => {
    const signal = AbortSignal.timeout(DEADLINE_MS);
    const outgoing = base.request({ ...options, agent, signal, timeout: IDLE_MS }, onResponse);
    return outgoing.on('timeout', () => outgoing.destroy(new Error(`the object store was silent for ${IDLE_MS} ms`)));
  };
  return { request: request as typeof http.request };
}
