import { settle } from '@chorus/kit/testing';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { type Connection, endOf, type Events, EVENTS, subscribeTo, take } from './fixture/events.ts';
import { type Fixture, startFixture } from './fixture/router.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
});
afterEach(() => fixture.hangUp());
afterAll(() => fixture.stop());

const subscribe = (connection: Connection, query = EVENTS, variables = {}) =>
  subscribeTo(fixture, connection, query, variables);

describe('a subscription', () => {
  test('has each event completed by other subgraphs', async () => {
    const events = await subscribe(fixture.connect({ Authorization: `Bearer ${await fixture.token()}` }));
    fixture.world.publish(1);
    fixture.world.publish(2);
    expect(await take(events)).toEqual({
      data: { notes: { number: 1, viewer: 'ada', note: { text: 'First', author: { name: 'Ada' } } } },
    });
    expect(await take(events)).toEqual({
      data: { notes: { number: 2, viewer: 'ada', note: { text: 'Second', author: { name: 'Bob' } } } },
    });
  });

  test('is open to the anonymous, and takes the token under either spelling', async () => {
    for (const [params, viewer] of [
      [{}, null],
      [{ authorization: `Bearer ${await fixture.token({ sub: 'bob' })}` }, 'bob'],
    ] as const) {
      const events = await subscribe(fixture.connect(params), 'subscription { notes { viewer } }');
      fixture.world.publish(1);
      expect(await take(events)).toEqual({ data: { notes: { viewer } } });
      await events.return?.();
      await settle(() => fixture.world.subscribers() === 0);
    }
  });

  test('goes on with a null and a coded error while another subgraph is away', async () => {
    const events = await subscribe(fixture.connect());
    await fixture.stopSubgraph('notes');
    fixture.world.publish(1);
    expect(await take(events)).toMatchObject({
      data: { notes: { number: 1, note: null } },
      errors: [
        { path: ['notes', 'note', 'text'], extensions: { code: 'SUBGRAPH_UNAVAILABLE' } },
        { path: ['notes', 'note', 'author'], extensions: { code: 'SUBGRAPH_UNAVAILABLE' } },
      ],
    });
    await fixture.startSubgraph('notes');
    fixture.world.publish(2);
    expect(await take(events)).toMatchObject({ data: { notes: { note: { text: 'Second' } } } });
  });

  test('completes when the subgraph has no more events', async () => {
    const events = await subscribe(fixture.connect());
    fixture.world.complete();
    expect(await take(events)).toBe('complete');
  });

  test('ends with the code of a refusal by the subgraph', async () => {
    const { client } = fixture.connect();
    const events = client.iterate({ query: 'subscription { notes(from: -1) { number } }' }) as Events;
    expect(await take(events)).toEqual({
      errors: [{ message: 'Start again without it.', path: ['notes'], extensions: { code: 'CURSOR_INVALID' } }],
    });
    expect(await take(events)).toBe('complete');
  });

  test('too large for the socket that it would share is refused, and the others there go on', async () => {
    const connection = fixture.connect();
    const events = await subscribe(connection);
    const alias = 'a'.repeat(300_000);
    const large = connection.client.iterate({ query: `subscription { ${alias}: notes { number } }` }) as Events;
    expect(await endOf(large)).toBe('BAD_USER_INPUT');
    fixture.world.publish(1);
    expect(await take(events)).toMatchObject({ data: { notes: { number: 1 } } });
  });

  test('is chosen by name from a document with several', async () => {
    const query = 'subscription A { notes { number } } subscription B { notes { number viewer } }';
    const { client } = fixture.connect();
    const both = ['A', 'B'].map((operationName) => client.iterate({ query, operationName }) as Events);
    await settle(() => fixture.world.subscribers() === 2);
    fixture.world.publish(1);
    expect(await Promise.all(both.map(take))).toEqual([
      { data: { notes: { number: 1 } } },
      { data: { notes: { number: 1, viewer: null } } },
    ]);
  });

  test('waits with its event for those of others, where they are more than the subgraphs take at a time', async () => {
    const router = await startFixture({ SUBGRAPH_CONCURRENCY: '2', SUBGRAPH_QUEUE: '0', SHARE_QUERIES: 'false' });
    try {
      const { client } = router.connect();
      const all = Array.from({ length: 60 }, () => client.iterate({ query: EVENTS }) as Events);
      await settle(() => router.world.subscribers() === 60);
      router.world.publish(1);
      for (const result of await Promise.all(all.map(take))) {
        expect(result).toEqual({
          data: { notes: { number: 1, viewer: null, note: { text: 'First', author: { name: 'Ada' } } } },
        });
      }
    } finally {
      await router.stop();
    }
  });

  test('that the client ends, or whose client is gone, ends at the subgraph too', async () => {
    const connection = fixture.connect();
    const first = await subscribe(connection);
    const second = await subscribe(connection);
    await first.return?.();
    await settle(() => fixture.world.subscribers() === 1);
    fixture.world.publish(3);
    expect(await take(second)).toMatchObject({ data: { notes: { number: 3 } } });
    connection.client.terminate();
    await settle(() => fixture.world.subscribers() === 0);
  });

  test('ended before it stood leaves nothing behind', async () => {
    const { client } = fixture.connect();
    const stays = client.iterate({ query: EVENTS }) as Events;
    for (let count = 0; count < 20; count++) {
      const events = client.iterate({ query: EVENTS }) as Events;
      await events.return?.();
    }
    await settle(() => fixture.world.subscribers() === 1);
    fixture.world.publish(1);
    expect(await take(stays)).toMatchObject({ data: { notes: { number: 1 } } });
    expect(fixture.world.subscribers()).toBe(1);
  });
});

test('an event that is none ends the subscription, at the subgraph too', async () => {
  const fake = await fixture.startFakeLive(null);
  const router = await startFixture({ SUBGRAPH_WS_URLS: `live=${fake.url}` });
  try {
    const events = router.connect().client.iterate({ query: 'subscription { notes { number } }' }) as Events;
    expect(await endOf(events)).toBe('INTERNAL');
    expect(await settle(() => fake.completed() === 1, { what: 'the end at the subgraph' })).toBe(true);
  } finally {
    await router.stop();
    fake.stop();
  }
});

describe('a lost upstream', () => {
  test('ends the subscription with SUBGRAPH_UNAVAILABLE; the socket goes on and so does a new subscription', async () => {
    const connection = fixture.connect();
    // Asked first: graphql-ws's iterator never tells of an end that came before its first `next`.
    const end = endOf(await subscribe(connection));
    await fixture.stopSubgraph('live');
    expect(await end).toBe('SUBGRAPH_UNAVAILABLE');

    const refused = connection.client.iterate({ query: EVENTS }) as Events;
    expect(await endOf(refused)).toBe('SUBGRAPH_UNAVAILABLE');

    await fixture.startSubgraph('live');
    const again = await subscribe(connection);
    fixture.world.publish(2);
    expect(await take(again)).toMatchObject({ data: { notes: { number: 2 } } });
  });

  describe('is never repaired in silence', () => {
    let router: Fixture;
    let fake: Awaited<ReturnType<Fixture['startFakeLive']>>;
    beforeAll(async () => {
      fake = await fixture.startFakeLive();
      router = await startFixture({ SUBGRAPH_WS_URLS: `live=${fake.url}` });
    });
    afterAll(async () => {
      await router.stop();
      fake.stop();
    });

    test.each([1000, 1001, 1011, 1012, 4400])('closed with %i', async (code) => {
      const before = fake.subscribed();
      const events = router.connect().client.iterate({ query: 'subscription { notes { number } }' }) as Events;
      expect(await take(events)).toEqual({ data: { notes: { number: 1 } } });
      fake.close(code);
      expect(await endOf(events)).toBe('SUBGRAPH_UNAVAILABLE');
      expect(fake.subscribed()).toBe(before + 1);
    });
  });

  test('is an error also when the subgraph cannot be reached at all', async () => {
    const router = await startFixture({ SUBGRAPH_WS_URLS: 'live=ws://127.0.0.1:1/graphql' });
    try {
      const events = router.connect().client.iterate({ query: EVENTS }) as Events;
      expect(await endOf(events)).toBe('SUBGRAPH_UNAVAILABLE');
    } finally {
      await router.stop();
    }
  });
});

test('a client that does not read ends with SLOW_CONSUMER, the others of its subgraph go on', async () => {
  const quick = await subscribe(fixture.connect(), 'subscription { notes { number } }');
  const socket = new WebSocket(fixture.url.replace(/^http/, 'ws'), 'graphql-transport-ws');
  const messages: { type: string; payload?: { extensions: { code: string } }[] }[] = [];
  socket.on('message', (data: Buffer) => messages.push(JSON.parse(data.toString()) as (typeof messages)[number]));
  await new Promise((resolve) => socket.once('open', resolve));
  socket.send('{"type":"connection_init"}');
  await settle(() => messages.length === 1);
  const filler = 'x'.repeat(50_000);
  fixture.world.notes.push({ id: 'n9', text: filler, authorId: 'ada' });
  socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: EVENTS } }));
  await settle(() => fixture.world.subscribers() === 2);
  socket.pause();
  let received = 0;
  const reading = (async () => {
    for await (const _ of quick) if (++received === 3000) return;
  })();
  for (let count = 0; count < 3000; count++) {
    fixture.world.publish(9);
    // The quick one keeps pace.
    if (count % 100 === 0) await settle(() => received >= count - 100);
  }
  await reading;
  await settle(() => fixture.world.subscribers() === 0, { what: 'the end of the slow one at the subgraph' });
  socket.resume();
  await settle(() => messages.some(({ type }) => type === 'error'));
  expect(messages.find(({ type }) => type === 'error')?.payload?.[0]?.extensions.code).toBe('SLOW_CONSUMER');
  socket.terminate();
});
