import { startConsumers, startRelay } from '@chorus/kit/events';
import { createLiveBus } from '@chorus/kit/live';
import { createRedis } from '@chorus/kit/redis';
import { sql, type SqlClient } from '@chorus/kit/sql';
import { openDatabase as openPosts } from '../../../subgraphs/posts/src/database.ts';
import { openDatabase as openUsers } from '../../../subgraphs/users/src/database.ts';
import { notificationBatch } from '../../../subgraphs/users/src/notification/notification.consumer.ts';
import { type Findings, table } from '../harness/report.ts';
import { median, medianRatio, rounded } from '../harness/statistics.ts';
import { type Happened, happened } from './happened.ts';
import type { World } from './world.ts';

const EVENTS = 100_000;
const ROUNDS = { full: 7, quick: 3 };
/** As many rows in one statement as the consumer takes events. */
const BATCH = 5000;

/**
 * How long notifications of 100,000 queued events take, from Redis to what recipients can ask for, beside a bare upsert of
 * the same rows: from memory, as many in a statement, by the same key and index, and nothing else.
 */
export async function benchNotifications(
  world: World,
  { quick, log }: { quick: boolean; log: (line: string) => void },
): Promise<Findings> {
  const db = openUsers({ url: world.databases.users, size: 4 });
  try {
    const events = happened(EVENTS);
    log(`notifications: queueing ${EVENTS} events`);
    await db.$executeRaw(sql`create table bare_actor (like notification_actor including all)`);
    await queue(world, events);
    const rounds = quick ? ROUNDS.quick : ROUNDS.full;
    const seconds = { drain: [] as number[], upsert: [] as number[] };
    for (let round = 1; round <= rounds; round++) {
      log(`notifications: round ${round} of ${rounds}`);
      seconds.upsert.push(await upsert(db, events));
      seconds.drain.push(await drain(world, db, events.length));
    }
    return describe(seconds, await faultsOf(db, events));
  } finally {
    await db.$disconnect();
  }
}

/** Into the outbox of posts, and by its relay to Redis, as ever. */
async function queue({ databases, redisUrl, logger }: World, events: readonly Happened[]): Promise<void> {
  const posts = openPosts({ url: databases.posts, size: 2 });
  const redis = createRedis(redisUrl, { logger });
  try {
    for (let from = 0; from < events.length; from += BATCH) {
      const some = events.slice(from, from + BATCH);
      await posts.$executeRaw(sql`
        insert into outbox_event (name, aggregate, payload)
        select name, aggregate, payload::jsonb from unnest(
          ${some.map(({ name }) => name)}::text[], ${some.map(({ aggregate }) => aggregate)}::text[],
          ${some.map(({ payload }) => JSON.stringify(payload))}::text[]) as event (name, aggregate, payload)`);
    }
    const relay = startRelay({ source: 'posts', db: posts, redis, logger });
    while ((await posts.outboxEvent.count({ where: { publishedAt: null } })) > 0) await pause(200);
    await relay.stop();
  } finally {
    redis.disconnect();
    await posts.$disconnect();
  }
}

/** Seconds from the start of the consumer to the commit of the last event. */
async function drain({ redisUrl, logger }: World, db: ReturnType<typeof openUsers>, count: number): Promise<number> {
  await db.$executeRaw(
    sql`truncate notification_head, notification, notification_actor, notification_event, event_position`,
  );
  await settle(db);
  const publisher = createRedis(redisUrl, { logger });
  const subscriber = createRedis(redisUrl, { logger, blocking: true });
  const redis = createRedis(redisUrl, { logger, blocking: true });
  await Promise.all([publisher.ping(), redis.ping()]);
  const live = createLiveBus({ publisher, subscriber, logger });
  const batch = notificationBatch(live);
  const done = Promise.withResolvers<void>();
  let applied = 0;
  const began = performance.now();
  const consumers = startConsumers({
    db,
    redis,
    logger,
    batch: {
      ...batch,
      prepare(events) {
        const apply = batch.prepare(events);
        return async (tx) => {
          const committed = await apply(tx);
          return () => {
            committed?.();
            applied += events.length;
            if (applied === count) done.resolve();
          };
        };
      },
    },
  });
  await done.promise;
  const seconds = (performance.now() - began) / 1000;
  await consumers.stop();
  live.stop();
  for (const connection of [publisher, subscriber]) connection.disconnect();
  return seconds;
}

/** Seconds of the bare upsert. */
async function upsert(db: ReturnType<typeof openUsers>, events: readonly Happened[]): Promise<number> {
  await db.$executeRaw(sql`truncate bare_actor`);
  await settle(db);
  const began = performance.now();
  for (let from = 0; from < events.length; from += BATCH) {
    // A statement may not touch a row twice.
    const rows = [...new Map(events.slice(from, from + BATCH).map((event) => [event.key, event])).values()];
    const column = <Key extends keyof Happened['row']>(key: Key) => rows.map(({ row }) => row[key]);
    await db.$executeRaw(sql`
      insert into bare_actor as known (actor_id, recipient_id, type, target_id, notification_id, comment_id, seq, version, at)
      select * from unnest(
        ${column('actorId')}::text[], ${column('recipientId')}::text[], ${column('type')}::text[],
        ${column('targetId')}::text[], ${column('notificationId')}::text[], ${column('commentId')}::text[],
        ${column('seq')}::int[], ${column('seq')}::bigint[], ${column('at')}::timestamptz[])
      on conflict (actor_id, recipient_id, type, target_id) do update set notification_id = excluded.notification_id,
        comment_id = excluded.comment_id, seq = excluded.seq, version = excluded.version, at = excluded.at
      where known.version < excluded.version`);
  }
  return (performance.now() - began) / 1000;
}

/** Neither side pays for what the other left to write. */
async function settle(db: SqlClient): Promise<void> {
  await db.$executeRaw(sql`checkpoint`).catch(() => 'not ours to ask for: the same for both');
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Whether the notifications are what happened: nobody twice, nobody who took it back, and the right counts. */
async function faultsOf(db: SqlClient, events: readonly Happened[]): Promise<string[]> {
  const last = new Map(events.map((event) => [event.key, event]));
  const expected = [...last.values()].filter(({ row }) => row.notificationId !== null).length;
  const [found] = await db.$queryRaw<{ actors: number; counted: number; logged: number; heads: number }[]>(sql`
    select (select count(*)::int from notification_actor where notification_id is not null) as actors,
      (select sum(actor_count)::int from notification) as counted,
      (select count(*)::int from notification_event) as logged,
      (select sum(last_seq)::int from notification_head) as heads`);
  const faults: string[] = [];
  if (found?.actors !== expected) faults.push(`notifications: ${found?.actors} actors instead of ${expected}`);
  if (found?.counted !== expected) faults.push(`notifications: counts add up to ${found?.counted}, not ${expected}`);
  if (found?.logged !== found?.heads) faults.push('notifications: a log has gaps');
  return faults;
}

function describe({ drain, upsert }: { drain: number[]; upsert: number[] }, faults: string[]): Findings {
  const rate = (seconds: readonly number[]) => seconds.map((each) => EVENTS / each);
  const figure = (seconds: readonly number[]) => rounded(median(rate(seconds)) ?? 0);
  return {
    lines: [
      '',
      `notifications of ${EVENTS} queued events (likes, some taken back, and comments; few posts get most of them)`,
      '',
      ...table([
        ['', 'events/s'],
        ['drained from Redis into notifications', String(figure(drain))],
        ['a bare batched upsert of the same rows', String(figure(upsert))],
      ]),
      '',
    ],
    ratios: { notify_vs_upsert: medianRatio(rate(drain), rate(upsert)) },
    absolute: { notify_per_second: figure(drain), upsert_per_second: figure(upsert) },
    faults,
  };
}
