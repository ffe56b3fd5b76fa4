import { settle } from '@chorus/kit/testing';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { endOf, type Events, EVENTS, subscribeTo, take } from './fixture/events.ts';
import { type Fixture, startFixture } from './fixture/router.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
});
afterEach(() => fixture.hangUp());
afterAll(() => fixture.stop());

describe('a socket', () => {
  test('carries queries and mutations as well', async () => {
    const { client } = fixture.connect({ authorization: `Bearer ${await fixture.token()}` });
    expect(await take(client.iterate({ query: '{ note(id: "n1") { author { name } } }' }) as Events)).toEqual({
      data: { note: { author: { name: 'Ada' } } },
    });
    const query = 'mutation ($text: String!) { addNote(text: $text) { text author { name } } }';
    expect(await take(client.iterate({ query, variables: { text: 'Live' } }) as Events)).toEqual({
      data: { addNote: { text: 'Live', author: { name: 'Ada' } } },
    });
  });

  test('is no way around the bound on what is under way', async () => {
    const router = await startFixture({ MAX_REQUESTS: '1' });
    try {
      const { client } = router.connect();
      const ask = (query: string) => take(client.iterate({ query }) as Events);
      const stuck = ask('{ stuck }');
      await settle(() => router.world.stuckAsked());
      expect(await ask('{ note(id: "n1") { id } }')).toMatchObject({
        errors: [{ extensions: { code: 'RATE_LIMITED', retryAfter: 1 } }],
      });
      expect((await router.ask('{ note(id: "n1") { id } }')).status).toBe(503);
      router.world.unstick.resolve();
      expect(await stuck).toEqual({ data: { stuck: 'late' } });
      expect(await ask('{ note(id: "n1") { id } }')).toEqual({ data: { note: { id: 'n1' } } });
    } finally {
      await router.stop();
    }
  });

  test('tells faults of an operation with the codes of HTTP, and lives on', async () => {
    const { client } = fixture.connect();
    const faulty: [string, string][] = [
      ['{ notes {', 'GRAPHQL_PARSE_FAILED'],
      ['{ nothing }', 'GRAPHQL_VALIDATION_FAILED'],
      [`{ notes { ${'id '.repeat(5000)} } }`, 'OPERATION_TOO_COMPLEX'],
      [
        `{ notes { ${Array.from({ length: 201 }, (_, index) => `a${index}: id`).join(' ')} } }`,
        'OPERATION_TOO_COMPLEX',
      ],
    ];
    for (const [query, code] of faulty) expect(await endOf(client.iterate({ query }) as Events), query).toBe(code);
    expect(await take(client.iterate({ query: '{ broken }' }) as Events)).toMatchObject({
      data: { broken: null },
      errors: [{ message: expect.not.stringContaining('secret') as string, extensions: { code: 'INTERNAL' } }],
    });
    expect(await take(client.iterate({ query: '{ note(id: "n1") { id } }' }) as Events)).toMatchObject({ data: {} });
  });

  test.each([
    ['a bad token', async () => 'Bearer nonsense'],
    ['an expired token', async () => `Bearer ${await fixture.token({ lifetime: -10 })}`],
    ['another scheme', async () => 'Basic YWRhOmFkYQ=='],
    ['no text at all', async () => 17],
  ])('with %s closes with 4403', async (_what, authorization) => {
    const { client, closed } = fixture.connect({ authorization: await authorization() });
    client
      .iterate({ query: EVENTS })
      .next()
      .catch(() => undefined);
    expect((await closed).code).toBe(4403);
  });

  test('closes with 4403 when its token expires, and its subscriptions end', async () => {
    const connection = fixture.connect({ authorization: `Bearer ${await fixture.token({ lifetime: 2 })}` });
    const events = await subscribeTo(fixture, connection, EVENTS);
    const end = events.next().catch((error: unknown) => error);
    expect((await connection.closed).code).toBe(4403);
    await end;
    await settle(() => fixture.world.subscribers() === 0);
  });

  test('of a token that outlives the longest timer stays open', async () => {
    const lifetime = 30 * 24 * 3600;
    const connection = fixture.connect({ authorization: `Bearer ${await fixture.token({ lifetime })}` });
    const events = await subscribeTo(fixture, connection, EVENTS);
    for (const number of [1, 2]) {
      fixture.world.publish(number);
      expect(await take(events)).toMatchObject({ data: { notes: { number, viewer: 'ada' } } });
    }
  });

  test('holds a hundred operations and no more', async () => {
    const connection = fixture.connect();
    const { client } = connection;
    const query = 'subscription { notes { number } }';
    const many = Array.from({ length: 100 }, () => client.iterate({ query }) as Events);
    await settle(() => fixture.world.subscribers() === 100);
    expect(await endOf(client.iterate({ query }) as Events)).toBe('RATE_LIMITED');
    await many[0]?.return?.();
    await settle(() => fixture.world.subscribers() === 99);
    await subscribeTo(fixture, connection, query);
  });

  test.each(['{', 'null', '17', '[]', '{"type":"shout"}', JSON.stringify('{"type":"ping"}')])(
    'closes with 4400 at %s, which is no message',
    async (text) => {
      const socket = new WebSocket(fixture.url.replace('http', 'ws'), 'graphql-transport-ws');
      const answers: string[] = [];
      socket.on('message', (answer: Buffer) => answers.push(String(answer)));
      socket.on('open', () => socket.send(text));
      const code = await new Promise((resolve) => socket.once('close', resolve));
      expect([code, answers]).toEqual([4400, []]);
    },
  );

  test('closes at a message beyond the limit', async () => {
    const { client, closed } = fixture.connect();
    client
      .iterate({ query: `{ notes { id } } #${'x'.repeat(1024 * 1024)}` })
      .next()
      .catch(() => undefined);
    expect((await closed).code).toBe(1009);
  });

  test('closes with 1012 when the router drains', async () => {
    const router = await startFixture();
    try {
      const { client, closed } = router.connect();
      const end = (client.iterate({ query: EVENTS }) as Events).next().catch((error: unknown) => error);
      await settle(() => router.world.subscribers() === 1);
      await router.stopRouter();
      expect((await closed).code).toBe(1012);
      await end;
      await settle(() => router.world.subscribers() === 0);
    } finally {
      await router.stop();
    }
  });
});
