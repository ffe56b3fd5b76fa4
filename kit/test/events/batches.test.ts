import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { streamKey } from '../../src/events/streams.ts';
import { sql } from '../../src/sql.ts';
import { settle } from '../../src/testing/index.ts';
import { edges, type Fixture, startFixture } from './fixture.ts';

let events: Fixture;
beforeEach(async () => {
  events = await startFixture();
});
afterEach(() => events.stop());

describe('a batch handler', () => {
  test('gets what was read together, in order and only its names, in the transaction of the position', async () => {
    await Promise.all(edges(300).map((edge) => events.change(edge)));
    await events.producer.$executeRaw(
      sql`insert into outbox_event (name, aggregate, payload) values ('privacy.changed', 'ada', '{}')`,
    );
    // Only now: what it publishes meanwhile is in the order of the commits.
    events.relay();
    await events.published();
    const batches: bigint[][] = [];
    let attempts = 0;
    const consumer = events.consumeInBatches((batch) => async (tx) => {
      for (const event of batch) await events.project(tx, event);
      if (attempts++ === 0) throw new Error('not now');
      batches.push(batch.map(({ version }) => version));
    });
    await events.projected(300);
    await consumer.stop();
    // The first attempt was undone with all that it had done.
    expect(await events.applied()).toHaveLength(300);
    expect(batches.length).toBeLessThanOrEqual(2);
    expect(batches.flat()).toEqual(Array.from({ length: 300 }, (_, index) => BigInt(index + 1)));
    events.consumeInBatches(() => async () => {
      throw new Error('these were applied');
    });
    await settle(async () => {
      const rows = await events.consumer.$queryRaw<{ entry: string }[]>(sql`select entry from event_position`);
      const [last] = await events.redis.xrevrange(streamKey('users'), '+', '-', 'COUNT', 1);
      return rows[0]?.entry === last?.[0];
    });
  });

  test('hears of the commit when others can see it, and not of what was undone', async () => {
    let attempts = 0;
    const seen: (number | undefined)[] = [];
    const relay = events.relay();
    events.consumeInBatches((batch) => async (tx) => {
      for (const event of batch) await events.project(tx, event);
      const attempt = ++attempts;
      if (attempt === 1) throw new Error('not now');
      return () => {
        seen.push(attempt);
        void events.applied().then((rows) => seen.push(rows.length));
      };
    });
    await events.change('ada:bob');
    relay.wake();
    await settle(() => seen.length === 2);
    expect(seen).toEqual([2, 1]);
  });

  test('is prepared for what follows while it applies what came before, and prepares again what failed', async () => {
    const relay = events.relay();
    // Two batches and a rest.
    await events.producer.$executeRaw(sql`
      insert into outbox_event (name, aggregate, payload)
      select 'follow.changed', n::text, '{}' from generate_series(1, 10001) as n`);
    relay.wake();
    await events.published();
    const prepared: number[] = [];
    const applied: number[] = [];
    let failures = 0;
    events.consumeInBatches((batch) => {
      const first = Number(batch[0]?.version);
      if (first === 5001 && failures++ === 0) throw new Error('not now');
      prepared.push(first);
      return async () => {
        // The first is over when the one after it failed, the second when the one after it is ready.
        if (first === 1) await settle(() => failures > 0);
        if (first === 5001) await settle(() => prepared.includes(10_001));
        applied.push(batch.length);
      };
    });
    await settle(() => applied.length === 3);
    expect(prepared).toEqual([1, 5001, 10_001]);
    expect(applied).toEqual([5000, 5000, 1]);
  });
});
