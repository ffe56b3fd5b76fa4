import { generateKeyPairSync } from 'node:crypto';
import { createLogger } from '@chorus/kit/logger';
import { createRedis } from '@chorus/kit/redis';
import {
  createStatementCounter,
  createSubgraphClient,
  createTestDatabase,
  settle,
  testKeys,
  testRedisUrl,
  viewerOf,
} from '@chorus/kit/testing';
import { anonymous, createViewerTokens, type Viewer } from '@chorus/kit/viewer';
import { openDatabase } from '../src/database.ts';
import type { Config } from '../src/config.ts';
import { startUsers } from '../src/context.ts';

export const issuer = 'http://chorus.test';
export const password = 'correct horse battery';

export const newSigningKey = (bits = 2048): string =>
  generateKeyPairSync('rsa', { modulusLength: bits }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

/** A service account that acts as nobody. */
export const importer: Viewer = { ...anonymous, service: 'importer', address: '127.0.0.1' };

let strangers = 0;
/** Somebody who is not signed in, from an address that nobody else has: limits hold in tests, too. */
export const stranger = (): Viewer => ({
  ...anonymous,
  address: `2001:db8:${process.pid.toString(16).slice(-4)}:${(++strangers).toString(16)}::1`,
});

/** Users as a service, with a database of its own. */
export async function startFixture({
  redisUrl = testRedisUrl(),
  logLevel = 'error',
  smtpUrl,
  settings = {},
}: { redisUrl?: string; logLevel?: string; smtpUrl?: string; settings?: Partial<Config> } = {}) {
  const database = await createTestDatabase('users');
  const logger = createLogger({ service: 'users', level: logLevel });
  const counter = createStatementCounter();
  const config: Config = {
    NODE_ENV: 'test',
    HOST: '127.0.0.1',
    PORT: 0,
    LOG_LEVEL: 'error',
    DATABASE_URL: database.url,
    DATABASE_POOL: 10,
    REDIS_URL: redisUrl,
    VIEWER_KEY: testKeys.viewer,
    ATTACHMENT_KEY: testKeys.attachment,
    SIGNING_KEY: newSigningKey(),
    TOKEN_ISSUER: issuer,
    HASHING_CONCURRENCY: 2,
    SESSION_IDLE_DAYS: 30,
    SESSION_MAX_DAYS: 180,
    SMTP_URL: smtpUrl,
    MAIL_FROM: 'Chorus <no-reply@chorus.test>',
    HEAD_CHECK_MS: 600_000,
    EVENT_RETENTION_MS: 7 * 24 * 3600 * 1000,
    EVENT_RETENTION_COUNT: 2000,
    OAUTH_GOOGLE_ISSUER: 'https://accounts.google.com',
    OAUTH_GITHUB_URL: 'https://github.com',
    OAUTH_GITHUB_API_URL: 'https://api.github.com',
    OAUTH_TIMEOUT: 5000,
    OAUTH_RETURN_TO: [],
    OAUTH_MOCK: false,
    ...settings,
    ERASURE_DAYS: 7,
  };
  const server = await startUsers(config, logger, { onStatement: counter.note });
  const db = openDatabase({ url: database.url, size: 4 });
  const redis = createRedis(config.REDIS_URL, { logger });
  const client = createSubgraphClient(server.url);

  /** Asks and returns the data; errors fail the test. */
  const ask = async <Data>(viewer: Viewer, document: string, variables: Record<string, unknown> = {}) => {
    const { data, errors } = await client.ask<Data>(viewer, document, variables);
    if (errors !== undefined || data == null) throw new Error(`unexpected errors: ${JSON.stringify(errors)}`);
    return data;
  };

  const letters = async (to: string): Promise<MailedLetter[]> => {
    const response = await fetch(new URL('/auth/mail', server.url), { headers: { accept: 'application/json' } });
    return ((await response.json()) as { letters: MailedLetter[] }).letters.filter((letter) => letter.to === to);
  };

  return {
    config,
    db,
    redis,
    counter,
    url: server.url,
    ask,
    /** Asks and returns data and errors. */
    answer: (viewer: Viewer, document: string) => client.ask(viewer, document),
    /** What the router mints for users. */
    viewerToken: (viewer: Viewer) => createViewerTokens(config.VIEWER_KEY).mint(viewer),
    /** Asks and returns the one error. */
    async refusal(viewer: Viewer, document: string, variables: Record<string, unknown> = {}) {
      const { errors = [] } = await client.ask(viewer, document, variables);
      const [error, ...others] = errors;
      if (error === undefined || others.length > 0) throw new Error(`expected one error: ${JSON.stringify(errors)}`);
      const { code, field, reason } = error.extensions ?? {};
      return { code, field, message: error.message, ...(reason !== undefined && { reason }) };
    },
    /** The statements of what is asked again and again: profiles and blocks are cached by then. */
    async warm(run: () => Promise<unknown>): Promise<string[]> {
      let before = -1;
      return settle(async () => {
        const statements = await counter.during(run);
        const steady = statements.length === before;
        before = statements.length;
        return steady && statements;
      });
    },
    /** The letters to an address, latest first, as the mail page has them. */
    letters,
    /** The code in the latest letter to an address with one, other than `last`, once it is there. */
    code: (to: string, last?: string) =>
      settle(async () => {
        const [latest] = (await letters(to)).flatMap(({ subject }) => /^\d{6}\b/.exec(subject) ?? []);
        return latest !== last && latest;
      }),
    /** People without passwords, as viewers. */
    async people(...handles: string[]): Promise<(Viewer & { userId: string })[]> {
      const { provisionUsers } = await ask<{ provisionUsers: { users: { id: string }[] } }>(
        importer,
        'mutation ($input: [ProvisionUserInput!]!) { provisionUsers(input: $input) { users { id } } }',
        { input: handles.map((handle) => ({ handle, name: `Name of ${handle}` })) },
      );
      return provisionUsers.users.map(({ id }) => ({ ...viewerOf(id), userId: id }));
    },
    follow: (viewer: Viewer, userId: string) =>
      ask(viewer, 'mutation ($userId: ID!) { follow(userId: $userId) { user { id } } }', { userId }),
    unfollow: (viewer: Viewer, userId: string) =>
      ask(viewer, 'mutation ($userId: ID!) { unfollow(userId: $userId) { user { id } } }', { userId }),
    /** Blocks, unblocks, mutes … somebody. */
    relate: (viewer: Viewer, mutation: string, userId: string) =>
      ask(viewer, `mutation ($userId: ID!) { ${mutation}(userId: $userId) { user { id } } }`, { userId }),
    async stop() {
      redis.disconnect();
      await db.$disconnect();
      await server.stop();
      await database.drop();
    },
  };
}

interface MailedLetter {
  id: string;
  to: string;
  subject: string;
  text: string;
}

export type Fixture = Awaited<ReturnType<typeof startFixture>>;
