import { createLogger } from '@chorus/kit/logger';
import { newId } from '@chorus/kit/ids';
import { createRedis } from '@chorus/kit/redis';
import {
  createStatementCounter,
  createSubgraphClient,
  createTestDatabase,
  publishEvent,
  settle,
  testKeys,
  testRedisUrl,
  viewerOf,
} from '@chorus/kit/testing';
import { signToken } from '@chorus/kit/tokens';
import type { Viewer } from '@chorus/kit/viewer';
import { ATTACHMENT } from '@chorus/schema/claims';
import type { GraphQLFormattedError } from 'graphql';
import type { Config } from '../src/config.ts';
import { startPosts } from '../src/context.ts';
import { openDatabase } from '../src/database.ts';

/** A person as a viewer. */
export const person = (): Viewer & { userId: string } => {
  const userId = newId('usr');
  return { ...viewerOf(userId), userId };
};

/** An idempotency key nobody has used. */
export const newKey = (): string => newId('key');

export const configOf = (databaseUrl: string, redisUrl = testRedisUrl()): Config => ({
  NODE_ENV: 'test',
  HOST: '127.0.0.1',
  PORT: 0,
  LOG_LEVEL: 'error',
  DATABASE_URL: databaseUrl,
  DATABASE_POOL: 8,
  REDIS_URL: redisUrl,
  VIEWER_KEY: testKeys.viewer,
  ATTACHMENT_KEY: testKeys.attachment,
});

/** Posts as a service, with a database of its own. */
export async function startFixture() {
  const database = await createTestDatabase('posts');
  const logger = createLogger({ service: 'posts', level: 'error' });
  const counter = createStatementCounter();
  const config = configOf(database.url);
  const redis = createRedis(config.REDIS_URL, { logger });
  await redis.flushdb();
  const server = await startPosts(config, logger, { onStatement: counter.note });
  const db = openDatabase({ url: database.url, size: 2 });
  let version = 0n;
  const client = createSubgraphClient(server.url);

  const ask = async <Data>(viewer: Viewer, document: string, variables: Record<string, unknown> = {}) => {
    const { data, errors } = await client.ask<Data>(viewer, document, variables);
    if (errors !== undefined || data == null) throw new Error(`unexpected errors: ${JSON.stringify(errors)}`);
    return data;
  };

  return {
    db,
    redis,
    counter,
    url: server.url,
    /** Asks and returns the data; errors fail the test. */
    ask,
    /** Asks and returns the one error. */
    async refusal(viewer: Viewer, document: string, variables: Record<string, unknown> = {}) {
      const { errors = [] } = await client.ask(viewer, document, variables);
      const [error, ...others] = errors;
      if (error === undefined || others.length > 0) throw new Error(`expected one error: ${JSON.stringify(errors)}`);
      return error;
    },
    async post(author: Viewer, input: Record<string, unknown> = {}): Promise<string> {
      const { createPost } = await ask<{ createPost: { post: { id: string } } }>(author, CREATE_POST, {
        input: { text: 'A post', idempotencyKey: newKey(), ...input },
      });
      return createPost.post.id;
    },
    async comment(author: Viewer, postId: string, text = 'A comment'): Promise<string> {
      const { createComment } = await ask<{ createComment: { comment: { id: string } } }>(author, CREATE_COMMENT, {
        input: { postId, text, idempotencyKey: newKey() },
      });
      return createComment.comment.id;
    },
    /** Users' event that somebody follows somebody, or no longer does; resolves when posts has applied it. */
    async follows(follower: Viewer & { userId: string }, followee: Viewer & { userId: string }, active = true) {
      const edge = { followerId: follower.userId, followeeId: followee.userId };
      const aggregate = `${edge.followerId}:${edge.followeeId}`;
      const payload = { ...edge, active, since: new Date().toISOString() };
      await publishEvent(redis, { name: 'follow.changed', aggregate, version: ++version, payload });
      await settle(() => db.followEdge.findFirst({ where: { ...edge, active } }), { what: 'the edge' });
    },
    /** Users' event that somebody blocks somebody, or no longer does; resolves when posts has applied it. */
    async blocks(blocker: Viewer & { userId: string }, blocked: Viewer & { userId: string }, active = true) {
      const payload = { blockerId: blocker.userId, blockedId: blocked.userId, active };
      const aggregate = `block:${blocker.userId}:${blocked.userId}`;
      await publishEvent(redis, { name: 'block.changed', aggregate, version: ++version, payload });
      await settle(() => db.blockEdge.findFirst({ where: payload }), { what: 'the block' });
    },
    /** Users' event that an account is private now, or no longer is; resolves when posts has applied it. */
    async privacy({ userId }: Viewer & { userId: string }, isPrivate = true) {
      const aggregate = `privacy:${userId}`;
      await publishEvent(redis, {
        name: 'privacy.changed',
        aggregate,
        version: ++version,
        payload: { userId, isPrivate },
      });
      await settle(() => db.privateAuthor.findFirst({ where: { authorId: userId, active: isPrivate } }), {
        what: 'the privacy',
      });
    },
    /** Likewise of a mute. */
    async mutes(muter: Viewer & { userId: string }, muted: Viewer & { userId: string }, active = true) {
      const payload = { muterId: muter.userId, mutedId: muted.userId, active };
      const aggregate = `mute:${muter.userId}:${muted.userId}`;
      await publishEvent(redis, { name: 'mute.changed', aggregate, version: ++version, payload });
      await settle(() => db.muteEdge.findFirst({ where: payload }), { what: 'the mute' });
    },
    async stop() {
      await server.stop();
      redis.disconnect();
      await db.$disconnect();
      await database.drop();
    },
  };
}

export type Fixture = Awaited<ReturnType<typeof startFixture>>;

export const CREATE_POST = /* GraphQL */ `
  mutation ($input: CreatePostInput!) {
    createPost(input: $input) {
      post {
        id
        nodeId
        text
        createdAt
        author {
          id
        }
        attachments {
          ref
        }
      }
    }
  }
`;

export const CREATE_COMMENT = /* GraphQL */ `
  mutation ($input: CreateCommentInput!) {
    createComment(input: $input) {
      comment {
        id
        nodeId
        text
        createdAt
        author {
          id
        }
        post {
          id
          commentCount
        }
      }
    }
  }
`;

/** What a client needs to know of an error. */
export const codeOf = (error: GraphQLFormattedError): unknown => error.extensions?.['code'];

/** An attachment token as media signs it. */
export const attachment = (owner: string, id = newId('med'), key = testKeys.attachment, lifetimeSeconds = 60) =>
  signToken(key, ATTACHMENT.typ, { id, owner, kind: 'image', size: 1000 }, lifetimeSeconds);
