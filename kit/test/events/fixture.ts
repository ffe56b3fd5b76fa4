import type { EventEnvelope } from '@chorus/schema/events';
import {
  type BatchHandler,
  type Handlers,
  project as projectRow,
  record,
  startConsumers,
  startRelay,
} from '../../src/events/index.ts';
import { createRedis } from '../../src/redis.ts';
import { sql, type SqlClient } from '../../src/sql.ts';
import { createLogger } from '../../src/telemetry/logger.ts';
import { createTestDatabase, settle, testRedisUrl } from '../../src/testing/index.ts';
import { openTestDatabase } from '../database.ts';

const logger = createLogger({ service: 'test', level: 'silent' });

export interface Applied {
  aggregate: string;
  version: bigint;
}

/** A producer and a consumer with a database each, and Redis between them. Everything started is stopped by `stop`. */
export async function startFixture() {
  const databases = [await createTestDatabase('posts'), await createTestDatabase('posts')] as const;
  const [producer, consumer] = [openTestDatabase(databases[0].url), openTestDatabase(databases[1].url)];
  const redis = createRedis(testRedisUrl(), { logger });
  await redis.flushdb();
  await consumer.$executeRaw(
    sql`create table projection (aggregate text primary key, active boolean, version bigint not null)`,
  );
  await consumer.$executeRaw(sql`create table applied (aggregate text, version bigint)`);
  const running: { stop(): Promise<void> }[] = [];

  /** Projects as a subgraph does, and notes each application in the same transaction. */
  const project = async (tx: SqlClient, event: EventEnvelope<'follow.changed'>) => {
    await tx.$executeRaw(sql`insert into applied values (${event.aggregate}, ${event.version})`);
    const { aggregate, version, payload } = event;
    await projectRow(tx, { table: 'projection', key: { aggregate }, facts: { active: payload.active }, version });
  };

  return {
    producer,
    consumer,
    redis,
    project,
    /** An edge of the follow graph changes, in the transaction given or one of its own. */
    change: (edge: string, active = true, tx: SqlClient = producer) =>
      record(tx, 'follow.changed', edge, {
        followerId: edge,
        followeeId: edge,
        active,
        since: '2026-01-31T12:00:00.000Z',
      }),
    relay(url = testRedisUrl()) {
      const connection = createRedis(url, { logger });
      const relay = startRelay({ source: 'users', db: producer, redis: connection, logger });
      const started = {
        wake: () => relay.wake(),
        async stop() {
          await relay.stop();
          connection.disconnect();
        },
      };
      running.push(started);
      return started;
    },
    consume(handlers: Handlers<SqlClient> = { 'follow.changed': project }) {
      const connection = createRedis(testRedisUrl(), { logger, blocking: true });
      const started = startConsumers({ db: consumer, redis: connection, logger, handlers });
      running.push(started);
      return started;
    },
    /** A consumer of edges in batches. */
    consumeInBatches(prepare: BatchHandler<SqlClient, 'follow.changed'>['prepare']) {
      const connection = createRedis(testRedisUrl(), { logger, blocking: true });
      const batch: BatchHandler<SqlClient, 'follow.changed'> = { names: ['follow.changed'], prepare };
      const started = startConsumers({ db: consumer, redis: connection, logger, batch });
      running.push(started);
      return started;
    },
    /** What handlers did and committed, in their order. */
    applied: () => consumer.$queryRaw<Applied[]>(sql`select aggregate, version from applied order by ctid`),
    /** Resolves when the projection has so many edges. */
    projected: (edges: number) =>
      settle(
        async () => {
          const [row] = await consumer.$queryRaw<{ count: bigint }[]>(sql`select count(*) from projection`);
          return Number(row?.count) === edges;
        },
        { what: `a projection of ${edges} edges` },
      ),
    /** Resolves when nothing waits in the outbox. */
    published: () =>
      settle(
        async () => {
          const [row] = await producer.$queryRaw<{ count: bigint }[]>(
            sql`select count(*) from outbox_event where published_at is null`,
          );
          return row?.count === 0n;
        },
        { what: 'an empty outbox' },
      ),
    async stop() {
      await Promise.all(running.map((part) => part.stop()));
      redis.disconnect();
      await Promise.all([producer.close(), consumer.close()]);
      await Promise.all(databases.map((database) => database.drop()));
    },
  };
}

export type Fixture = Awaited<ReturnType<typeof startFixture>>;

/** Names of so many edges. */
export const edges = (count: number, from = 0): string[] =>
  Array.from({ length: count }, (_, index) => `edge ${from + index}`);
