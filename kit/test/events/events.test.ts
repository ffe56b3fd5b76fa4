import type { EventEnvelope } from '@chorus/schema/events';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { generationKey, streamKey } from '../../src/events/streams.ts';
import { sql } from '../../src/sql.ts';
import { traceId, withSpan } from '../../src/telemetry/index.ts';
import { settle } from '../../src/testing/index.ts';
import { recordSpans } from '../telemetry/fixtures/recorder.ts';
import { edges, type Fixture, startFixture } from './fixture.ts';

let events: Fixture;
beforeEach(async () => {
  events = await startFixture();
});
afterEach(() => events.stop());

const appliedEdges = async () => (await events.applied()).map(({ aggregate }) => aggregate);

describe('an event', () => {
  test('arrives as it was recorded, in order', async () => {
    const seen: EventEnvelope[] = [];
    events.relay();
    events.consume({ 'follow.changed': async (_, event) => void seen.push(event) });
    await events.change('ada:bob');
    await events.change('ada:bob', false);
    await settle(() => seen.length === 2);
    const payload = { followerId: 'ada:bob', followeeId: 'ada:bob', since: '2026-01-31T12:00:00.000Z' };
    expect(seen).toEqual([
      { name: 'follow.changed', aggregate: 'ada:bob', version: 1n, payload: { ...payload, active: true } },
      { name: 'follow.changed', aggregate: 'ada:bob', version: 2n, payload: { ...payload, active: false } },
    ]);
  });

  test('carries the trace of the change to its handler', async () => {
    using _recorder = recordSpans();
    let changedIn: string | undefined;
    let handledIn: string | undefined;
    await withSpan('mutation', {}, async () => {
      changedIn = traceId();
      await events.change('ada:bob');
    });
    events.relay();
    events.consume({ 'follow.changed': async () => void (handledIn = traceId()) });
    expect(await settle(() => handledIn)).toBe(changedIn);
  });

  test('of a transaction that is rolled back does not exist', async () => {
    const undone = events.producer.$transaction(async (tx) => {
      await events.change('ada:bob', true, tx);
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    events.relay();
    events.consume();
    await events.change('ada:eve');
    await events.projected(1);
    expect(await appliedEdges()).toEqual(['ada:eve']);
  });

  test('that this build does not know is passed over', async () => {
    const relay = events.relay();
    await events.producer.$executeRaw(
      sql`insert into outbox_event (name, aggregate, payload) values ('user.danced', 'ada', '{}')`,
    );
    await events.change('ada:bob');
    relay.wake();
    events.consume();
    await events.projected(1);
    expect(await appliedEdges()).toEqual(['ada:bob']);
  });
});

describe('the relay', () => {
  test('takes what commits late although it was recorded first', async () => {
    const recorded = Promise.withResolvers<void>();
    const mayCommit = Promise.withResolvers<void>();
    const late = events.producer.$transaction(async (tx) => {
      await events.change('late', true, tx);
      recorded.resolve();
      await mayCommit.promise;
    });
    await recorded.promise;
    await events.change('early');
    const relay = events.relay();
    events.consume();
    await events.projected(1);
    mayCommit.resolve();
    await late;
    relay.wake();
    await events.projected(2);
    expect(await events.applied()).toEqual([
      { aggregate: 'early', version: 2n },
      { aggregate: 'late', version: 1n },
    ]);
  });

  test('of two processes publishes each event once', async () => {
    const relays = [events.relay(), events.relay()];
    await Promise.all(
      edges(600).map(async (edge, index) => {
        await events.change(edge);
        relays[index % 2]?.wake();
      }),
    );
    await events.published();
    expect(await events.redis.xlen(streamKey('users'))).toBe(600);
  });

  test('keeps what it cannot hand over', async () => {
    await events.change('ada:bob');
    const cutOff = events.relay('redis://127.0.0.1:1');
    await cutOff.stop();
    expect(await events.redis.xlen(streamKey('users'))).toBe(0);
    events.relay();
    events.consume();
    await events.projected(1);
  });

  test('forgets what was published more than seven days ago, and nothing else', async () => {
    const first = events.relay();
    for (const edge of edges(3)) await events.change(edge);
    first.wake();
    await events.published();
    await first.stop();
    await events.producer.$executeRaw(
      sql`update outbox_event set published_at = now() - interval '8 days' where aggregate = 'edge 1'`,
    );
    events.relay();
    const left = () =>
      events.producer.$queryRaw<{ aggregate: string }[]>(sql`select aggregate from outbox_event order by id`);
    await settle(async () => (await left()).length < 3);
    expect(await left()).toEqual([{ aggregate: 'edge 0' }, { aggregate: 'edge 2' }]);
  });
});

describe('when Redis loses its data', () => {
  test('between relay and consumption, nothing is lost', async () => {
    const relay = events.relay();
    for (const edge of edges(3)) await events.change(edge);
    relay.wake();
    await events.published();
    await events.redis.flushdb();
    await events.change('edge 3');
    relay.wake();
    events.consume();
    await events.projected(4);
    expect(await appliedEdges()).toEqual(edges(4));
  });

  test('more than once, also while it is publishing, nothing is lost', async () => {
    const relays = [events.relay(), events.relay()];
    for (let round = 0; round < 10; round++) {
      await Promise.all(edges(60, round * 60).map((edge) => events.change(edge)));
      for (const relay of relays) relay.wake();
      await events.redis.flushdb();
    }
    events.consume();
    await events.projected(600);
    expect(new Set(await appliedEdges())).toEqual(new Set(edges(600)));
  });

  test('events that come again change nothing', async () => {
    const relay = events.relay();
    events.consume();
    await events.change('ada:bob');
    await events.change('ada:bob', false);
    relay.wake();
    await settle(async () => (await events.applied()).length === 2);
    await events.redis.flushdb();
    await events.change('ada:eve');
    relay.wake();
    await events.projected(2);
    const versions = (await events.applied())
      .filter(({ aggregate }) => aggregate === 'ada:bob')
      .map((row) => row.version);
    // At least once again; twice when the consumer was already waiting on the stream while it filled anew.
    expect(versions.slice(0, 4)).toEqual([1n, 2n, 1n, 2n]);
    expect(await events.consumer.$queryRaw(sql`select * from projection where aggregate = 'ada:bob'`)).toEqual([
      { aggregate: 'ada:bob', active: false, version: 2n },
    ]);
  });

  test('the stream has a new generation', async () => {
    const relay = events.relay();
    const generation = () => events.redis.get(generationKey('users'));
    const first = await settle(generation);
    await events.redis.flushdb();
    relay.wake();
    expect(await settle(generation)).not.toBe(first);
  });
});

describe('the consumer', () => {
  test('of two processes applies each event once', async () => {
    const relay = events.relay();
    events.consume();
    events.consume();
    for (let round = 0; round < 5; round++) {
      await Promise.all(edges(100, round * 100).map((edge) => events.change(edge)));
      relay.wake();
    }
    await events.projected(500);
    const applied = await appliedEdges();
    expect(applied).toHaveLength(500);
    expect(new Set(applied)).toEqual(new Set(edges(500)));
  });

  test('tries again when a handler fails, and applies each event once', async () => {
    let failures = 0;
    const relay = events.relay();
    for (const edge of edges(5)) await events.change(edge);
    relay.wake();
    events.consume({
      async 'follow.changed'(tx, event) {
        await events.project(tx, event);
        if (event.aggregate === 'edge 2' && failures++ < 2) throw new Error('not now');
      },
    });
    await events.projected(5);
    expect(failures).toBe(3);
    expect(await appliedEdges()).toEqual(edges(5));
  });

  test('drops what it read ahead of a stream that is lost meanwhile, and reads the new one', async () => {
    const relay = events.relay();
    await Promise.all(edges(450).map((edge) => events.change(edge)));
    relay.wake();
    await events.published();
    let lost = false;
    events.consume({
      async 'follow.changed'(tx, event) {
        await events.project(tx, event);
        if (event.version !== 200n || lost) return;
        lost = true;
        await events.redis.flushdb();
        relay.wake();
        await settle(() => events.redis.get(generationKey('users')));
      },
    });
    await events.projected(450);
    const applied = (await events.applied()).slice(200).map(({ version }) => version);
    expect(applied).toEqual(Array.from({ length: 450 }, (_, index) => BigInt(index + 1)));
  });

  test('goes on after a restart where it stopped', async () => {
    const relay = events.relay();
    const first = events.consume();
    for (const edge of edges(3)) await events.change(edge);
    relay.wake();
    await events.projected(3);
    await first.stop();
    for (const edge of edges(2, 3)) await events.change(edge);
    relay.wake();
    await events.published();
    events.consume();
    await events.projected(5);
    expect(await appliedEdges()).toEqual(edges(5));
  });
});
