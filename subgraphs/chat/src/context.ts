import { randomUUID } from 'node:crypto';
import { startConsumers, startRelay } from '@chorus/kit/events';
import { startEraser } from '@chorus/kit/accounts';
import { startIdempotencyPurge } from '@chorus/kit/idempotency';
import { createLiveBus, type LiveStream, LogHubs } from '@chorus/kit/live';
import { type Caller, createLimits } from '@chorus/kit/limits';
import type { Logger } from '@chorus/kit/logger';
import { createRedis } from '@chorus/kit/redis';
import { createSubgraphSchema, type Exchange, startSubgraphServer, type SubgraphServer } from '@chorus/kit/server';
import { sql, type SqlClient } from '@chorus/kit/sql';
import { createTokenSigner } from '@chorus/kit/tokens';
import { createViewerTokens, type Viewer } from '@chorus/kit/viewer';
import { GRANT, type GrantClaims } from '@chorus/schema/claims';
import { LIMITS, SERVICE_LIMIT } from '@chorus/schema/limits';
import { createEraser } from './account/erase.ts';
import type { Config } from './config.ts';
import { openDatabase } from './database.ts';
import { createDirectService, type DirectService } from './direct/direct.service.ts';
import { createInvitationLoaders, type InvitationLoaders } from './invitation/invitation.loaders.ts';
import { createInvitationService, type InvitationService } from './invitation/invitation.service.ts';
import type { RoomEventModel } from './live/live.model.ts';
import { roomsOf } from './inbox/inbox.rooms.ts';
import { type InboxEventModel, type InboxReader, streamInbox } from './inbox/inbox.stream.ts';
import { startTrimming } from './live/retention.ts';
import { createRoomLog, type LogEntry, type RoomLogPage } from './live/room-log.ts';
import { type RoomSubscription, streamRoom } from './live/room-stream.ts';
import { createMemberLoaders, type MemberLoaders } from './member/member.loaders.ts';
import { createMemberService, type MemberService } from './member/member.service.ts';
import { createModerationService, type ModerationService } from './member/moderation.service.ts';
import { createDeleteService, type DeleteService } from './message/delete.service.ts';
import { createEditService, type EditService } from './message/edit.service.ts';
import { createMessageLoaders, type MessageLoaders } from './message/message.loaders.ts';
import { createMessageService, type MessageService } from './message/message.service.ts';
import { postHandlers } from './post/post.consumer.ts';
import { createRights } from './post/rights.ts';
import { createReactionLoaders, type ReactionLoaders } from './reaction/reaction.loaders.ts';
import { createReactionService, type ReactionService } from './reaction/reaction.service.ts';
import { createPresenceService, type PresenceService, presenceTimes } from './presence/presence.service.ts';
import { createPresenceStore } from './presence/presence.store.ts';
import { type PresenceChange, watchPresence } from './presence/presence.stream.ts';
import { createReadStateLoaders, type ReadStateLoaders } from './read-state/read-state.loaders.ts';
import { createReadStateService, type ReadStateService } from './read-state/read-state.service.ts';
import { resolvers } from './resolvers.ts';
import { createRoomLoaders, type RoomLoaders } from './room/room.loaders.ts';
import { createRoomService, type RoomService } from './room/room.service.ts';
import { createSearchService, type SearchService } from './search/search.service.ts';
import { isMember } from './typing/typing.policy.ts';
import { createTypingService, type TypingService, type TypingSignal } from './typing/typing.service.ts';
import { watchTyping } from './typing/typing.stream.ts';

/** What resolvers work with. */
export interface Context extends Caller {
  /** What this operation, or this event of a subscription, has read. */
  loaders: Loaders;
  services: Services;
  /** Signs that this viewer may see a medium; what media takes for its `ref`. */
  grant: (claims: GrantClaims) => Promise<string>;
  /** Makes the loaders new after a mutation's write, so that its answer shows what it did. */
  forget(): void;
}

interface Loaders {
  rooms: RoomLoaders;
  invitations: InvitationLoaders;
  members: MemberLoaders;
  messages: MessageLoaders;
  reactions: ReactionLoaders;
  readState: ReadStateLoaders;
}

interface Services {
  rooms: RoomService;
  members: MemberService;
  moderation: ModerationService;
  invitations: InvitationService;
  direct: DirectService;
  messages: MessageService;
  edits: EditService;
  deletes: DeleteService;
  reactions: ReactionService;
  readState: ReadStateService;
  search: SearchService;
  streamInbox(reader: InboxReader): AsyncIterableIterator<InboxEventModel, void>;
  streamRoom(subscription: RoomSubscription): LiveStream<RoomEventModel>;
  presence: PresenceService;
  watchPresence(watch: { viewerId: string; userIds: string[] }): AsyncIterableIterator<PresenceChange, void>;
  typing: TypingService;
  /** Null when the viewer is not a member of the room. */
  watchTyping(reader: { roomId: string; viewerId: string }): Promise<AsyncIterableIterator<TypingSignal, void> | null>;
}

const BACKGROUND_POOL = 5;

const createLoaders = (db: SqlClient, viewer: Viewer): Loaders => ({
  rooms: createRoomLoaders(db, viewer),
  invitations: createInvitationLoaders(db, viewer),
  members: createMemberLoaders(db),
  messages: createMessageLoaders(db, viewer),
  reactions: createReactionLoaders(db, viewer),
  readState: createReadStateLoaders(db, viewer),
});

/**
 * Starts the service: the server, what trims its tables, the relay of its events, and the consumer of the social graph
 * and of posts. Redis is a wake-up and a road for events: while it is away, subscriptions find what is new by their head
 * check, and everything else goes on.
 * @param options.onStatement hears every statement of operations and subscriptions (not those of background work)
 */
export async function startChat(
  config: Config,
  logger: Logger,
  { onStatement }: { onStatement?: (statement: string) => void } = {},
): Promise<SubgraphServer> {
  const retention = { ms: config.EVENT_RETENTION_MS, count: config.EVENT_RETENTION_COUNT };
  const db = openDatabase({ url: config.DATABASE_URL, size: config.DATABASE_POOL }, onStatement);
  const background = openDatabase({ url: config.DATABASE_URL, size: BACKGROUND_POOL });
  const publisher = createRedis(config.REDIS_URL, { logger });
  const subscriber = createRedis(config.REDIS_URL, { logger, blocking: true });
  const live = createLiveBus({ publisher, subscriber, logger });
  const relay = startRelay({ source: 'chat', db: background, redis: publisher, logger });
  const rights = createRights(live);
  const consumers = startConsumers({
    db: background,
    redis: createRedis(config.REDIS_URL, { logger, blocking: true }),
    logger,
    handlers: { ...rights.handlers, ...postHandlers },
    onCommitted: () => rights.committed(),
  });
  const store = createPresenceStore({ redis: publisher, processId: randomUUID(), logger });
  const presence = createPresenceService({ store, live, times: presenceTimes(config.PRESENCE_TTL_MS) });
  const trimming = startTrimming({ db: background, retention, logger });
  const purge = startIdempotencyPurge({ db: background, logger });

  const stopBackground = async () => {
    await presence.stop();
    live.stop();
    await Promise.all([relay.stop(), consumers.stop(), eraser.stop(), trimming.stop(), purge.stop()]);
    publisher.disconnect();
    subscriber.disconnect();
    await Promise.all([db.$disconnect(), background.$disconnect()]);
  };

  const half = Math.ceil(config.DATABASE_POOL / 2);
  const log = createRoomLog(db, retention, half);
  const hubs = new LogHubs<LogEntry, RoomLogPage, RoomEventModel>();
  const limits = createLimits({ redis: publisher, logger, rules: LIMITS.chat, service: SERVICE_LIMIT });
  const direct = createDirectService({ db, live, relay, limits });
  const follow = (subscription: RoomSubscription) =>
    streamRoom({ log, hubs, live, logger, headCheckMs: config.HEAD_CHECK_MS }, subscription);
  const services: Services = {
    rooms: createRoomService({ db, live, limits, attachmentKey: config.ATTACHMENT_KEY }),
    members: createMemberService({ db, live, limits }),
    moderation: createModerationService({ db, live, limits }),
    invitations: createInvitationService({ db, live, limits }),
    direct,
    messages: createMessageService({
      db,
      live,
      limits,
      direct,
      attachmentKey: config.ATTACHMENT_KEY,
      connections: half,
    }),
    edits: createEditService({ db, live, limits }),
    deletes: createDeleteService({ db, live, limits }),
    reactions: createReactionService({ db, live, limits }),
    readState: createReadStateService({ db }),
    search: createSearchService({ db, limits }),
    streamRoom: follow,
    streamInbox: (reader) =>
      streamInbox(
        { live, checkMs: config.HEAD_CHECK_MS, streamRoom: follow, roomsOf: (userId) => roomsOf(db, userId) },
        reader,
      ),
    presence,
    watchPresence: (watch) => watchPresence({ db, store, live, checkMs: config.PRESENCE_TTL_MS / 4 }, watch),
    typing: createTypingService({ db, live, limits }),
    watchTyping: async (reader) =>
      (await isMember(db, reader.roomId, reader.viewerId))
        ? watchTyping({ db, live, ttlMs: config.TYPING_TTL_MS, checkMs: config.HEAD_CHECK_MS }, reader)
        : null,
  };
  const eraser = startEraser({
    source: 'chat',
    db: background,
    relay,
    logger,
    erase: createEraser(live),
  });

  const grant: Context['grant'] = createTokenSigner(config.ATTACHMENT_KEY, GRANT);
  const createContext = (viewer: Viewer, exchange: Exchange): Context => ({
    viewer,
    exchange,
    services,
    grant,
    loaders: createLoaders(db, viewer),
    // By `this`: Apollo Server hands a copy of the context to the resolvers.
    forget() {
      this.loaders = createLoaders(db, viewer);
    },
  });

  try {
    const server = await startSubgraphServer({
      name: 'chat',
      host: config.HOST,
      port: config.PORT,
      schema: createSubgraphSchema('chat', resolvers),
      viewerTokens: createViewerTokens(config.VIEWER_KEY),
      logger,
      context: createContext,
      subscriptions: true,
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
