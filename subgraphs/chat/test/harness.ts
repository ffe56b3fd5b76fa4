import { createLogger } from '@chorus/kit/logger';
import { newId } from '@chorus/kit/ids';
import type { LogRetention } from '@chorus/kit/live';
import { createRedis } from '@chorus/kit/redis';
import {
  createStatementCounter,
  createSubgraphClient,
  createSubgraphSubscriptions,
  createTestDatabase,
  publishEvent,
  settle,
  testKeys,
  testRedisUrl,
  viewerOf,
} from '@chorus/kit/testing';
import type { Viewer } from '@chorus/kit/viewer';
import type { EventName, Events } from '@chorus/schema/events';
import { afterAll, beforeAll, expect } from 'vitest';
import { type Config, loadConfig } from '../src/config.ts';
import { startChat } from '../src/context.ts';
import { openDatabase } from '../src/database.ts';
import { trimLogs } from '../src/live/retention.ts';

const logger = createLogger({ service: 'chat-test', level: 'silent' });

type Someone = Viewer & { userId: string };

/** A new person. */
export const someone = (rest: Partial<Viewer> = {}): Someone => {
  const userId = newId('usr');
  return { ...viewerOf(userId, rest), userId };
};
/** A service account that acts for somebody: whom it names is a member at once, without being asked. */
export const asService = <Somebody extends Viewer>(somebody: Somebody): Somebody => ({
  ...somebody,
  service: 'importer',
});
/** A service account that acts for somebody new. */
export const importer = () => someone({ service: 'importer' });
/** A new key, clientId and so on. */
export const key = () => newId('key');

/** The service on a database of its own for one test file, with what tests ask it. */
export function useChat(overrides: Record<string, string> = {}) {
  const statements = createStatementCounter();
  const stops: (() => Promise<unknown> | void)[] = [];
  let database: { url: string; drop(): Promise<void> };
  let client: ReturnType<typeof createSubgraphClient>;
  let url: string;
  let db: ReturnType<typeof openDatabase>;

  const start = async (more: Record<string, string> = {}, log = logger) => {
    const config: Config = loadConfig({
      NODE_ENV: 'test',
      PORT: '0',
      DATABASE_URL: database.url,
      REDIS_URL: testRedisUrl(),
      VIEWER_KEY: testKeys.viewer,
      ATTACHMENT_KEY: testKeys.attachment,
      ...overrides,
      ...more,
    });
    const server = await startChat(config, log, { onStatement: statements.note });
    let stopped: Promise<void> | undefined;
    const stop = () => (stopped ??= server.stop());
    stops.unshift(stop);
    return { url: server.url, stop };
  };

  beforeAll(async () => {
    database = await createTestDatabase('chat');
    db = openDatabase({ url: database.url, size: 2 });
    ({ url } = await start());
    client = createSubgraphClient(url);
  });
  afterAll(async () => {
    for (const stop of stops) await stop();
    await db.$disconnect();
    await database.drop();
  });

  /** Asks and expects no error. */
  const ask = async <Data>(viewer: Viewer, document: string, variables: Record<string, unknown> = {}) => {
    const { data, errors } = await client.ask<Data>(viewer, document, variables);
    expect(errors).toBeUndefined();
    return data as Data;
  };
  /** Asks and expects one coded error: `CODE`, or `CODE field`. */
  const refusal = async (viewer: Viewer, document: string, variables: Record<string, unknown> = {}) => {
    const { errors } = await client.ask(viewer, document, variables);
    expect(errors).toHaveLength(1);
    const { code, field } = errors?.[0]?.extensions ?? {};
    return [code, field].filter((part) => typeof part === 'string').join(' ');
  };

  const redis = () => {
    // Blocking: without the time limit of commands, which a loaded machine would meet.
    const connection = createRedis(testRedisUrl(), { logger, blocking: true });
    stops.push(() => connection.disconnect());
    return connection;
  };
  let publisher: ReturnType<typeof redis> | undefined;
  let version = 0n;
  const publish = <Name extends EventName>(name: Name, aggregate: string, payload: Events[Name], at = ++version) =>
    publishEvent((publisher ??= redis()), { name, aggregate, version: at, payload });
  /** Publishes an event and waits for a row of the projection that says so; `at` is the event's version, else the next. */
  const hears = async (published: Promise<void>, table: string, row: Record<string, unknown>) => {
    await published;
    const columns = Object.keys(row).map((column, index) => `${column} = $${index + 1}`);
    const query = `select 1 from ${table} where ${columns.join(' and ')}`;
    await settle(async () => (await db.$queryRawUnsafe<object[]>(query, ...Object.values(row))).length > 0, {
      what: `a row of ${table}`,
    });
  };

  return {
    statements,
    publish,
    ask,
    refusal,
    /** One more process on the same database, with its own configuration and, perhaps, log. */
    start,
    url: () => url,
    /** The database itself. */
    db: () => db,
    redis,
    /** Users' event that somebody follows somebody, or no longer does; resolves when chat has applied it. */
    follows({ userId: followerId }: Someone, { userId: followeeId }: Someone, active = true) {
      const payload = { followerId, followeeId, active, since: new Date().toISOString() };
      const published = publish('follow.changed', `${followerId}:${followeeId}`, payload);
      return hears(published, 'follow_edge', { follower_id: followerId, followee_id: followeeId, active });
    },
    /** Likewise of a block. */
    blocks({ userId: blockerId }: Someone, { userId: blockedId }: Someone, active = true) {
      const published = publish('block.changed', `block:${blockerId}:${blockedId}`, { blockerId, blockedId, active });
      return hears(published, 'block_edge', { blocker_id: blockerId, blocked_id: blockedId, active });
    },
    /** Likewise of whether an account is private. */
    privacy({ userId }: Someone, isPrivate = true) {
      const published = publish('privacy.changed', `privacy:${userId}`, { userId, isPrivate });
      return hears(published, 'private_account', { user_id: userId, active: isPrivate });
    },
    /** Likewise of the state of an account; with an erasure's id it is erased, and this resolves when nothing is left. */
    async account({ userId }: Someone, state: Events['account.changed']['state'], erasureId?: string) {
      const payload = {
        userId,
        state,
        changedAt: new Date().toISOString(),
        ...(erasureId !== undefined && { erasureId }),
      };
      const published = publish('account.changed', `account:${userId}`, payload);
      if (erasureId === undefined) return hears(published, 'account_state', { account_id: userId, state });
      return hears(published, 'outbox_event', { name: 'chat.account.erased', aggregate: erasureId });
    },
    /** Posts' event that somebody wrote a post; resolves with its id when chat knows of it. */
    async post({ userId: authorId }: Someone, visibility: 'PUBLIC' | 'FOLLOWERS' = 'PUBLIC'): Promise<string> {
      const postId = newId('pst');
      const payload = { postId, authorId, visibility, mediaIds: [], createdAt: new Date().toISOString() };
      await hears(publish('post.created', postId, payload), 'post', { id: postId, visibility });
      return postId;
    },
    /** Rows straight from the database. */
    rows: <Row extends object>(text: string, values: unknown[] = []) => db.$queryRawUnsafe<Row[]>(text, ...values),
    /** Trims the rooms' logs once. */
    trim: (retention: LogRetention) => trimLogs(db, retention),
    subscriptions: (of = url) => {
      const subscriptions = createSubgraphSubscriptions(of);
      stops.unshift(subscriptions.close);
      return subscriptions;
    },

    /** As a service account makes one: everybody is a member at once. */
    async createRoom(owner: Viewer, members: { userId: string }[] = [], name = 'A room'): Promise<Room> {
      const input = { name, memberIds: members.map(({ userId }) => userId), idempotencyKey: key() };
      const data = await ask<{ createRoom: { room: Room } }>(asService(owner), CREATE, { input });
      return data.createRoom.room;
    },
    async send(author: Viewer, roomId: string, text: string, rest: Record<string, unknown> = {}): Promise<Message> {
      const input = { roomId, text, clientId: key(), ...rest };
      const data = await ask<{ sendMessage: { message: Message } }>(author, SEND, { input });
      return data.sendMessage.message;
    },
  };
}

export interface Room {
  id: string;
  eventCursor: string;
  memberCount: number;
}
export interface Message {
  id: string;
  seq: number;
  text: string;
}

export const CREATE = `mutation ($input: CreateRoomInput!) {
  createRoom(input: $input) { room { id name memberCount eventCursor createdAt createdBy { id } } }
}`;
export const SEND = `mutation ($input: SendMessageInput!) {
  sendMessage(input: $input) { message { id seq text clientId createdAt author { id } room { id } } }
}`;
export const INVITE = `mutation ($roomId: ID!, $userIds: [ID!]!) {
  inviteToRoom(roomId: $roomId, userIds: $userIds) { room { id memberCount members(first: 100) { edges { node { id } role } } } }
}`;
export const LEAVE = `mutation ($roomId: ID!) { leaveRoom(roomId: $roomId) { roomId } }`;
/** What owners and admins do to others, by the name of the mutation. */
export const ACT = (name: string) =>
  `mutation ($roomId: ID!, $userId: ID!) { ${name}(roomId: $roomId, userId: $userId) { room { id } } }`;
export const ROLE = `mutation ($roomId: ID!, $userId: ID!, $role: RoomRole!) {
  changeRoomRole(roomId: $roomId, userId: $userId, role: $role) { room { id } }
}`;
export const JOIN =
  'mutation ($roomId: ID!) { joinRoom(roomId: $roomId) { room { id viewerRole memberCount eventCursor } } }';
