import { setTimeout as delay } from 'node:timers/promises';
import { accountHandlers, startEraser } from '@chorus/kit/accounts';
import { startConsumers, startRelay } from '@chorus/kit/events';
import { purgeIdempotencyKeys } from '@chorus/kit/idempotency';
import { type Caller, createLimits } from '@chorus/kit/limits';
import type { Loader } from '@chorus/kit/loaders';
import { createLoop } from '@chorus/kit/loop';
import { createRedis } from '@chorus/kit/redis';
import { createSubgraphSchema, startSubgraphServer, type SubgraphServer } from '@chorus/kit/server';
import { sql } from '@chorus/kit/sql';
import { createViewerTokens } from '@chorus/kit/viewer';
import type { Logger } from '@chorus/kit/logger';
import { LIMITS, SERVICE_LIMIT } from '@chorus/schema/limits';
import type { Config } from './config.ts';
import { openDatabase } from './database.ts';
import { eraseAccount } from './media/erase.ts';
import { mediaEvents } from './media/media.events.ts';
import { mediaByRef } from './media/media.loaders.ts';
import type { MediaRow } from './media/media.model.ts';
import { limitImaging } from './processing/image.ts';
import { createJobs } from './processing/jobs.ts';
import { startWorker } from './processing/worker.ts';
import { resolvers } from './resolvers.ts';
import { createServing } from './serving/serving.ts';
import { openStore } from './store/store.ts';
import { createSlots } from './upload/slots.ts';
import { createUploadService, type UploadService } from './upload/upload.service.ts';

/** What resolvers work with, made for each operation. */
export interface Context extends Caller {
  mediaByRef: Loader<string, MediaRow | null>;
  uploads: UploadService;
}

/** Uploads held in memory at once, and those that wait for their turn. */
const UPLOADS = { running: 8, waiting: 64 };
/** Connections of the relay, the consumer of events and the eraser. */
const BACKGROUND_POOL = 3;
const HOUR_MS = 3_600_000;
/** What jobs under way get to end by themselves at a stop. */
const GRACE_MS = 1500;

/** Starts media. Without Redis or the object store it serves what it can: neither counts for readiness. */
export async function startMedia(
  config: Config,
  logger: Logger,
  { onStatement }: { onStatement?: (statement: string) => void } = {},
): Promise<SubgraphServer> {
  const db = openDatabase({ url: config.DATABASE_URL, size: config.DATABASE_POOL }, onStatement);
  // Apart from what clients wait for, and from what is counted of it.
  const background = openDatabase({ url: config.DATABASE_URL, size: BACKGROUND_POOL });
  const redis = createRedis(config.REDIS_URL, { logger });
  const blockingRedis = createRedis(config.REDIS_URL, { logger, blocking: true });
  const store = openStore(config, logger);
  limitImaging();
  const worker = startWorker({
    jobs: createJobs(db),
    store,
    concurrency: config.PROCESSING_CONCURRENCY,
    logger,
  });
  const handlers = { ...mediaEvents, ...accountHandlers };
  const consumers = startConsumers({ db: background, redis: blockingRedis, logger, handlers });
  const relay = startRelay({ source: 'media', db: background, redis, logger });
  const eraser = startEraser({ source: 'media', db: background, relay, logger, erase: eraseAccount });
  const housekeeping = createLoop({
    name: 'purge of idempotency keys',
    logger,
    idleMs: HOUR_MS,
    turn: async () => ((await purgeIdempotencyKeys(db)) > 0 ? 'again' : 'idle'),
  });
  const uploads = createUploadService({
    db,
    store,
    limits: createLimits({ redis, logger, rules: LIMITS.media, service: SERVICE_LIMIT }),
    slots: createSlots(UPLOADS),
    maxBytes: config.UPLOAD_MAX_BYTES,
    attachmentKey: config.ATTACHMENT_KEY,
    logger,
    uploaded: () => worker.wake(),
  });

  const release = async () => {
    const ended = Promise.all([consumers.stop(), relay.stop(), eraser.stop(), housekeeping.stop(), worker.stop()]);
    await Promise.race([ended, delay(GRACE_MS, undefined, { ref: false })]);
    await store.stop(); // a job that hangs on the store fails now, and is tried again after the next start
    await ended;
    redis.disconnect();
    await Promise.all([db.$disconnect(), background.$disconnect()]);
  };
  try {
    const server = await startSubgraphServer<Context>({
      name: 'media',
      host: config.HOST,
      port: config.PORT,
      schema: createSubgraphSchema('media', resolvers),
      viewerTokens: createViewerTokens(config.VIEWER_KEY),
      logger,
      context: (viewer, exchange) => ({
        viewer,
        exchange,
        mediaByRef: mediaByRef(db, config.ATTACHMENT_KEY, viewer),
        uploads,
      }),
      ready: () => db.$queryRaw(sql`select 1`),
      // The parser takes a file that just reaches its limit for one that exceeds it.
      uploads: { maxFileSize: config.UPLOAD_MAX_BYTES + 1, maxFiles: 1 },
      route: createServing({ db, store, logger }),
    });
    return {
      ...server,
      async stop() {
        await server.stop();
        await release();
      },
    };
  } catch (error) {
    await release();
    throw error;
  }
}
