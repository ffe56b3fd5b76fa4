import { startConsumers, startFollower, startRelay } from '@chorus/kit/events';
import { type Caller, createLimits, type Limits } from '@chorus/kit/limits';
import { createLiveBus, type LogPosition } from '@chorus/kit/live';
import type { Logger } from '@chorus/kit/logger';
import { createRedis } from '@chorus/kit/redis';
import { createSubgraphSchema, type Exchange, startSubgraphServer, type SubgraphServer } from '@chorus/kit/server';
import { sql, type SqlClient } from '@chorus/kit/sql';
import { createTokenSigner } from '@chorus/kit/tokens';
import { createViewerTokens, isShared, type Viewer, withoutViewer } from '@chorus/kit/viewer';
import { GRANT, type GrantClaims } from '@chorus/schema/claims';
import { LIMITS, SERVICE_LIMIT } from '@chorus/schema/limits';
import { createAccessTokens, jwksRoute } from './account/access-tokens.ts';
import { type AccountService, createAccountService } from './account/account.service.ts';
import { type ClosingService, createClosingService } from './account/closing.service.ts';
import { type CredentialService, createCredentialService } from './account/credential.service.ts';
import { createPasswords } from './account/password.ts';
import { openKeyring } from './account/signing-key.ts';
import { createBlockCache, loadParted } from './block/block.cache.ts';
import { type BlockService, createBlockService } from './block/block.service.ts';
import { createCodes } from './code/codes.ts';
import type { Config } from './config.ts';
import { openDatabase } from './database.ts';
import { withConfirmations } from './erasure/erasure.consumer.ts';
import { startErasures } from './erasure/erasure.loop.ts';
import { createFollowLoaders, type FollowLoaders } from './follow/follow.loaders.ts';
import { createFollowService, type FollowService } from './follow/follow.service.ts';
import { createFollowRequestService, type FollowRequestService } from './follow/request.service.ts';
import { startMail } from './mail/mail.ts';
import { createMuteService, type MuteService } from './mute/mute.service.ts';
import { notificationBatch } from './notification/notification.consumer.ts';
import { createNotificationLoaders, type NotificationLoaders } from './notification/notification.loaders.ts';
import { streamNotifications } from './notification/notification.log.ts';
import type { NotificationEventModel } from './notification/notification.model.ts';
import { createNotificationService, type NotificationService } from './notification/notification.service.ts';
import { startTrimming } from './notification/retention.ts';
import { createRelationLoaders, type RelationLoaders } from './relation/relation.loaders.ts';
import { createResetService, type ResetService } from './reset/reset.service.ts';
import { createIdentityService, type IdentityService } from './identity/identity.service.ts';
import { createAttempts, startOAuthPurge } from './oauth/attempt.ts';
import { oauthRoutes } from './oauth/oauth.routes.ts';
import { createOAuthService, type OAuthService } from './oauth/oauth.service.ts';
import { createProviders } from './oauth/providers.ts';
import { createReturnTo } from './oauth/return-to.ts';
import { resolvers } from './resolvers.ts';
import { createRefreshCookie, type RefreshCookie } from './session/refresh-cookie.ts';
import { createSessionService, type SessionService, startSessionPurge } from './session/session.service.ts';
import { createSearchLoaders, type SearchLoaders } from './search/search.loaders.ts';
import { createStepUpService, type StepUpService } from './step-up/step-up.service.ts';
import { createSuggestionLoaders, type SuggestionLoaders } from './suggestion/suggestion.loaders.ts';
import { createProfileCache, loadProfiles } from './user/user.cache.ts';
import { createUserLoaders, type UserCaches, type UserLoaders } from './user/user.loaders.ts';
import { createUserService, type UserService } from './user/user.service.ts';
import { createVerificationService, type VerificationService } from './verification/verification.service.ts';
import { VERIFY_PAGE, verifyRoute } from './verification/verify-page.ts';
import { UNDO_PAGE, undoRoute } from './undo/undo-page.ts';
import { createUndoService, startUndoPurge, type UndoService } from './undo/undo.service.ts';

/** How far back a starting process hears what changed: longer than any of ours is away without being replaced. */
const MISSED_MS = 600_000;
/** Connections of the relay, the consumers, the postman, and what trims and purges. */
const BACKGROUND_POOL = 4;

export interface Loaders {
  users: UserLoaders;
  follows: FollowLoaders;
  relations: RelationLoaders;
  search: SearchLoaders;
  suggestions: SuggestionLoaders;
  notifications: NotificationLoaders;
}

interface Services {
  accounts: AccountService;
  credentials: CredentialService;
  verifications: VerificationService;
  undos: UndoService;
  resets: ResetService;
  stepUps: StepUpService;
  closing: ClosingService;
  sessions: SessionService;
  refreshCookie: RefreshCookie;
  identities: IdentityService;
  oauth: OAuthService;
  users: UserService;
  follows: FollowService;
  followRequests: FollowRequestService;
  blocks: BlockService;
  mutes: MuteService;
  notifications: NotificationService;
  streamNotifications(subscription: {
    userId: string;
    after: LogPosition | null;
  }): AsyncIterableIterator<NotificationEventModel, void>;
  /** For what resolvers limit themselves. */
  limits: Limits<'relate' | 'searchUsers' | 'updateProfile' | 'refreshSession'>;
  /** Lets this viewer see a medium for some minutes. */
  grant: (claims: GrantClaims) => Promise<string>;
}

/** Made for each operation. */
export interface Context extends Services, Caller {
  exchange: Exchange;
  /** What was read in this operation since its last write. */
  loaders: Loaders;
  /** To be called after each write: what the loaders remember may be stale. */
  written(): void;
}

function createContext(
  viewer: Viewer,
  exchange: Exchange,
  { db, caches, services }: { db: SqlClient; caches: UserCaches; services: Services },
): Context {
  const createLoaders = (): Loaders => {
    // Whom a shared answer names, everybody who gets it may see named.
    if (isShared(viewer)) return withoutViewer<Loaders>({ users: createUserLoaders(db, caches, null) });
    return {
      users: createUserLoaders(db, caches, viewer.userId),
      follows: createFollowLoaders(db, viewer.userId),
      relations: createRelationLoaders(db, viewer.userId),
      search: createSearchLoaders(db, viewer.userId),
      suggestions: createSuggestionLoaders(db),
      notifications: createNotificationLoaders(db, viewer.userId),
    };
  };
  return {
    ...services,
    viewer,
    exchange,
    loaders: createLoaders(),
    written() {
      this.loaders = createLoaders();
    },
  };
}

/**
 * Starts the users subgraph.
 * @param options.onStatement is told each SQL statement of the operations
 * @throws ConfigError for an unusable signing key
 */
export async function startUsers(
  config: Config,
  logger: Logger,
  { onStatement }: { onStatement?: (statement: string) => void } = {},
): Promise<SubgraphServer> {
  const keyring = await openKeyring(config, { logger });
  const db = openDatabase({ url: config.DATABASE_URL, size: config.DATABASE_POOL }, onStatement);
  // Apart from what clients wait for, and from what is counted of it.
  const background = openDatabase({ url: config.DATABASE_URL, size: BACKGROUND_POOL });
  const redis = createRedis(config.REDIS_URL, { logger });
  const relay = startRelay({ source: 'users', db: background, redis, logger });
  const committed = () => relay.wake();
  const caches = {
    profiles: createProfileCache({ db, redis, logger }),
    blocks: createBlockCache({ db, redis, logger }),
  };
  // Should this process, or Redis, have been away when another made the change.
  const follower = startFollower({
    redis: createRedis(config.REDIS_URL, { logger, blocking: true }),
    logger,
    names: ['profile.changed', 'account.changed', 'block.changed'],
    sinceMs: MISSED_MS,
    onEvents(events) {
      const people = events.flatMap(({ payload }) => ('userId' in payload ? [payload.userId] : []));
      const pairs = events.flatMap(({ payload }) =>
        'userId' in payload ? [] : [payload.blockerId, payload.blockedId],
      );
      if (people.length > 0) void caches.profiles.refresh([...new Set(people)], loadProfiles(background));
      if (pairs.length > 0) void caches.blocks.refresh([...new Set(pairs)], loadParted(background));
    },
  });
  const mail = startMail({ db: background, config, logger });
  const written = () => mail.wake();
  const erasures = startErasures({
    db: background,
    logger,
    committed,
    erased: (userId) => caches.profiles.refresh([userId], loadProfiles(background)),
  });
  const purges = [startSessionPurge, startOAuthPurge, startUndoPurge].map((start) => start({ db: background, logger }));
  const subscriber = createRedis(config.REDIS_URL, { logger, blocking: true });
  const live = createLiveBus({ publisher: redis, subscriber, logger });
  const consumers = startConsumers({
    db: background,
    redis: createRedis(config.REDIS_URL, { logger, blocking: true }),
    logger,
    batch: withConfirmations(notificationBatch(live)),
  });
  const retention = { ms: config.EVENT_RETENTION_MS, count: config.EVENT_RETENTION_COUNT };
  const trimming = startTrimming({ db: background, retention, logger });
  const sessions = createSessionService({
    db,
    tokens: createAccessTokens(keyring, config.TOKEN_ISSUER),
    profiles: caches.profiles,
    lifetimes: { idleDays: config.SESSION_IDLE_DAYS, maxDays: config.SESSION_MAX_DAYS },
    logger,
    live,
    committed,
  });
  const limits = createLimits({ redis, logger, rules: LIMITS.users, service: SERVICE_LIMIT });
  const passwords = createPasswords({ concurrency: config.HASHING_CONCURRENCY });
  const codes = createCodes(config.VIEWER_KEY);
  const linkTo = (page: string) => (token: string) => `${new URL(page, config.TOKEN_ISSUER).href}?token=${token}`;
  const verifications = createVerificationService({ db, codes, link: linkTo(VERIFY_PAGE), written });
  const undos = createUndoService({ db, codes, link: linkTo(UNDO_PAGE), live, committed, written });
  const refreshCookie = createRefreshCookie(config.TOKEN_ISSUER);
  const { providers, mock } = createProviders(config, logger);
  const identities = createIdentityService({
    db,
    limits,
    sessions,
    providers: new Set(providers.map(({ name }) => name)),
    written,
  });
  const oauth = createOAuthService({
    db,
    limits,
    providers,
    attempts: createAttempts(db),
    identities,
    returnTo: createReturnTo({ publicUrl: config.TOKEN_ISSUER, allowed: config.OAUTH_RETURN_TO }),
    logger,
  });
  const services: Services = {
    limits,
    sessions,
    verifications,
    undos,
    credentials: createCredentialService({ db, limits, passwords, codes, undos, live, committed, written }),
    resets: createResetService({ db, limits, passwords, codes, committed, written }),
    stepUps: createStepUpService({ db, limits, passwords, codes, written }),
    refreshCookie,
    identities,
    oauth,
    accounts: createAccountService({ db, limits, passwords, sessions, verifications, written }),
    closing: createClosingService({
      db,
      limits,
      profiles: caches.profiles,
      erasureDays: config.ERASURE_DAYS,
      committed,
    }),
    users: createUserService({ db, profiles: caches.profiles, attachmentKey: config.ATTACHMENT_KEY, committed }),
    follows: createFollowService({ db, limits, committed }),
    followRequests: createFollowRequestService({ db, committed }),
    blocks: createBlockService({ db, blocks: caches.blocks, committed }),
    mutes: createMuteService({ db, committed }),
    notifications: createNotificationService({ db, live }),
    streamNotifications: (subscription) =>
      streamNotifications({ db, live, retention, headCheckMs: config.HEAD_CHECK_MS }, subscription),
    grant: createTokenSigner(config.ATTACHMENT_KEY, GRANT),
  };
  const dispose = async () => {
    keyring.stop();
    live.stop();
    await Promise.all(
      [relay, follower, mail, consumers, erasures, trimming, passwords, ...purges].map((running) => running.stop()),
    );
    caches.profiles.stop();
    caches.blocks.stop();
    redis.disconnect();
    subscriber.disconnect();
    await Promise.all([db.$disconnect(), background.$disconnect()]);
  };

  const routes = [
    jwksRoute(keyring),
    verifyRoute(verifications, logger),
    undoRoute(undos, logger),
    ...mail.routes,
    oauthRoutes({ oauth, refreshCookie, mock, publicUrl: config.TOKEN_ISSUER, logger }),
  ];
  try {
    const server = await startSubgraphServer({
      name: 'users',
      host: config.HOST,
      port: config.PORT,
      schema: createSubgraphSchema('users', resolvers),
      viewerTokens: createViewerTokens(config.VIEWER_KEY),
      logger,
      context: (viewer, exchange) => createContext(viewer, exchange, { db, caches, services }),
      subscriptions: true,
      ready: () => db.$queryRaw(sql`select 1`),
      route: (...request) => routes.some((route) => route(...request)),
    });
    return {
      ...server,
      async stop() {
        await server.stop();
        await dispose();
      },
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}
