import { accountHandlers, startEraser } from '@chorus/kit/accounts';
import { startConsumers, startRelay } from '@chorus/kit/events';
import { startIdempotencyPurge } from '@chorus/kit/idempotency';
import { type Caller, createLimits } from '@chorus/kit/limits';
import type { Logger } from '@chorus/kit/logger';
import { createRedis } from '@chorus/kit/redis';
import { createSubgraphSchema, type Exchange, startSubgraphServer, type SubgraphServer } from '@chorus/kit/server';
import { sql, type SqlClient } from '@chorus/kit/sql';
import { createTokenSigner } from '@chorus/kit/tokens';
import { createViewerTokens, type Viewer } from '@chorus/kit/viewer';
import { GRANT, type GrantClaims } from '@chorus/schema/claims';
import { LIMITS, SERVICE_LIMIT } from '@chorus/schema/limits';
import { eraseAccount } from './account/erase.ts';
import { type AuthorLoaders, createAuthorLoaders } from './author/author.loaders.ts';
import { privacyHandlers } from './author/privacy.consumer.ts';
import { blockHandlers } from './block/block.consumer.ts';
import { type CommentLoaders, createCommentLoaders } from './comment/comment.loaders.ts';
import { type CommentService, createCommentService } from './comment/comment.service.ts';
import type { Config } from './config.ts';
import { openDatabase } from './database.ts';
import { followHandlers } from './follow/follow.consumer.ts';
import { createLikeLoaders, type LikeLoaders } from './like/like.loaders.ts';
import { createLikeService, type LikeService } from './like/like.service.ts';
import { createPostLoaders, type PostLoaders } from './post/post.loaders.ts';
import { createPostService, type PostService } from './post/post.service.ts';
import { resolvers } from './resolvers.ts';
import { createTimelineLoaders, type TimelineLoaders } from './timeline/timeline.loaders.ts';

/** What resolvers work with. */
export interface Context extends Caller {
  /** What this operation reads, each thing once. */
  loaders: Loaders;
  /** Forgets what was read before a write: several mutations in one operation each answer with what they did. */
  forget(): void;
  services: { posts: PostService; likes: LikeService; comments: CommentService };
  /** Signs a grant, for media. */
  grant: (claims: GrantClaims) => Promise<string>;
}

interface Loaders {
  posts: PostLoaders;
  comments: CommentLoaders;
  likes: LikeLoaders;
  authors: AuthorLoaders;
  timeline: TimelineLoaders;
}

const BACKGROUND_POOL = 3;

const createLoaders = (db: SqlClient, viewer: Viewer): Loaders => ({
  posts: createPostLoaders(db, viewer),
  comments: createCommentLoaders(db, viewer),
  likes: createLikeLoaders(db, viewer),
  authors: createAuthorLoaders(db, viewer),
  timeline: createTimelineLoaders(db, viewer),
});

/**
 * Starts the service: the server, the relay of its events, and the consumer of the social graph. Redis is a wake-up and
 * a road for events: while it is away, everything else goes on.
 * @param options.onStatement hears every statement of the operations (not those of background work)
 */
export async function startPosts(
  config: Config,
  logger: Logger,
  { onStatement }: { onStatement?: (statement: string) => void } = {},
): Promise<SubgraphServer> {
  const db = openDatabase({ url: config.DATABASE_URL, size: config.DATABASE_POOL }, onStatement);
  // Apart from what clients wait for: a long batch of events takes no connection from them.
  const background = openDatabase({ url: config.DATABASE_URL, size: BACKGROUND_POOL });
  const redis = createRedis(config.REDIS_URL, { logger });
  const blockingRedis = createRedis(config.REDIS_URL, { logger, blocking: true });
  const relay = startRelay({ source: 'posts', db: background, redis, logger });
  const handlers = { ...accountHandlers, ...followHandlers, ...blockHandlers, ...privacyHandlers };
  const consumers = startConsumers({ db: background, redis: blockingRedis, logger, handlers });
  const purge = startIdempotencyPurge({ db: background, logger });
  const eraser = startEraser({ source: 'posts', db: background, relay, logger, erase: eraseAccount });

  const stopBackground = async () => {
    await Promise.all([relay.stop(), consumers.stop(), purge.stop(), eraser.stop()]);
    redis.disconnect();
    await Promise.all([db.$disconnect(), background.$disconnect()]);
  };

  const limits = createLimits({ redis, logger, rules: LIMITS.posts, service: SERVICE_LIMIT });
  const services = {
    posts: createPostService({ db, relay, limits, attachmentKey: config.ATTACHMENT_KEY }),
    likes: createLikeService({ db, relay, limits }),
    comments: createCommentService({ db, relay, limits }),
  };
  const grant: Context['grant'] = createTokenSigner(config.ATTACHMENT_KEY, GRANT);

  const createContext = (viewer: Viewer, exchange: Exchange): Context => ({
    viewer,
    exchange,
    services,
    grant,
    loaders: createLoaders(db, viewer),
    // `this`, because resolvers get a copy of what is made here.
    forget() {
      this.loaders = createLoaders(db, viewer);
    },
  });

  try {
    const server = await startSubgraphServer({
      name: 'posts',
      host: config.HOST,
      port: config.PORT,
      schema: createSubgraphSchema('posts', resolvers),
      viewerTokens: createViewerTokens(config.VIEWER_KEY),
      logger,
      context: createContext,
      ready: () => db.$queryRaw(sql`select 1`),
    });
    return {
      ...server,
      async stop() {
        await server.stop();
        await stopBackground();
      },
    };
  } catch (error) {
    await stopBackground();
    throw error;
  }
}
