import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { anonymous } from '@chorus/kit/viewer';
import { settle } from '@chorus/kit/testing';
import { createClient } from 'graphql-ws';
import { createLogger } from '@chorus/kit/logger';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { SubgraphClient } from '../src/gateway/subgraph-client.ts';
import { createHttpServer } from '../src/http/server.ts';
import { type Fixture, startFixture } from './fixture/router.ts';
import { type Plain, startPlain } from './fixture/plain.ts';

/** What TIMEOUT says when the operation, and not one service, took too long. */
const OVER = {
  message: expect.stringContaining('The operation took longer') as string,
  extensions: { code: 'TIMEOUT' },
};

describe('REQUEST_TIMEOUT', () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await startFixture({ REQUEST_TIMEOUT: '400', SUBGRAPH_TIMEOUT: '20000' });
  });
  afterAll(() => fixture.stop());

  test('ends the calls of an operation; what there is is the answer, with 200', async () => {
    const { status, data, errors } = await fixture.ask('{ stuck me { userId } }');
    expect([status, data]).toEqual([200, { stuck: null, me: { userId: null } }]);
    expect(errors).toMatchObject([{ ...OVER, path: ['stuck'] }]);
  });
});

describe('an operation of several calls', () => {
  let plain: Plain;
  beforeAll(async () => {
    plain = await startPlain({ REQUEST_TIMEOUT: '300', SUBGRAPH_TIMEOUT: '20000' });
  });
  afterAll(() => plain.stop());
  afterEach(() => plain.answersWith({ data: {} }));

  test('is cut off at the service too', async () => {
    const closed = Promise.withResolvers<void>();
    plain.answers((_request, response) => void response.once('close', () => closed.resolve()));
    const answer = JSON.parse((await plain.ask('{ greeting }')).text) as unknown;
    expect(answer).toMatchObject({ data: { greeting: null }, errors: [OVER] });
    await closed.promise;
  });

  test('begins none after its time', async () => {
    plain.answers(() => expect.unreachable());
    const subgraph = { name: 'late', urls: [plain.serviceUrl], webSocketUrls: [], webSockets: 1, viewerTokens: null };
    const passed = { forwardHeaders: [], forwardCookies: [], returnHeaders: [] };
    const logger = createLogger({ service: 'test', level: 'silent' });
    const client = new SubgraphClient(
      { ...subgraph, ...passed },
      { timeoutMs: 1000, concurrent: 1, waiting: 1, logger },
    );
    const { signal } = new AbortController();
    const context = { viewer: anonymous, headers: new Map(), signal, logger, calls: 0, deadline: performance.now() };
    const call = client.call('{}', { mutation: true, requested: 0, unique: 0 }, context, []);
    await expect(call).rejects.toMatchObject(OVER);
    await client.stop();
  });

  test('over a WebSocket has the same time', async () => {
    plain.answers(() => undefined);
    const client = createClient({ url: plain.url.replace(/^http/, 'ws'), retryAttempts: 0 });
    const { value } = await client.iterate({ query: '{ greeting }' }).next();
    expect(value).toMatchObject({ data: { greeting: null }, errors: [OVER] });
    client.terminate();
  });
});

describe('a client that takes its time', () => {
  test('has it within bounds that are set', async () => {
    const server = createHttpServer({
      routes: () => expect.unreachable(),
      corsOrigins: [],
      forwardHeaders: [],
      returnHeaders: [],
      maxSockets: 7,
      logger: createLogger({ service: 'test', level: 'silent' }),
    });
    const { headersTimeout, requestTimeout, keepAliveTimeout, maxConnections } = server;
    expect({ headersTimeout, requestTimeout, keepAliveTimeout, maxConnections }).toEqual({
      headersTimeout: 15_000,
      requestTimeout: 300_000,
      keepAliveTimeout: 65_000,
      maxConnections: 7,
    });
  });

  test('is told so, and its connection closed, when its body does not come in', async () => {
    const plain = await startPlain({ BODY_TIMEOUT: '300' });
    try {
      plain.answersWith({ data: { greeting: 'hi' } });
      const body = '{"query":"{ greeting }"}';
      const head = `POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n`;
      for (const accept of ['application/json', 'text/event-stream']) {
        const socket = connect(plain.port, '127.0.0.1');
        socket.write(`${head}accept: ${accept}\r\n\r\n${body.slice(0, 5)}`);
        const answer = await text(socket);
        expect(answer).toMatch(/^HTTP\/1\.1 408 .*connection: close/is);
        expect(answer).toContain('"code":"TIMEOUT"');
      }
      const inTime = connect(plain.port, '127.0.0.1');
      inTime.write(`${head}connection: close\r\n\r\n${body.slice(0, 5)}`);
      await once(inTime, 'connect');
      inTime.write(body.slice(5));
      expect(await text(inTime)).toMatch(/^HTTP\/1\.1 200 .*"greeting":"hi"/s);
    } finally {
      await plain.stop();
    }
  });

  test('headers that are too large are 431', async () => {
    const plain = await startPlain();
    try {
      const socket = connect(plain.port, '127.0.0.1');
      socket.write(`POST /graphql HTTP/1.1\r\nhost: x\r\nx-large: ${'x'.repeat(17 * 1024)}\r\n\r\n`);
      expect(await text(socket)).toMatch(/^HTTP\/1\.1 431 /);
    } finally {
      await plain.stop();
    }
  });

  test('connections beyond the bound are closed at once, and taken again when there is room', async () => {
    const plain = await startPlain({ MAX_SOCKETS: '2' });
    try {
      plain.answersWith({ data: { greeting: 'hi' } });
      const held = [connect(plain.port, '127.0.0.1'), connect(plain.port, '127.0.0.1')];
      await settle(() => held.every((socket) => socket.readyState === 'open'));
      const ask = () =>
        plain.ask('{ greeting }', { connection: 'close' }).then(
          ({ status }) => status,
          () => 'closed',
        );
      expect(await settle(async () => (await ask()) === 'closed', { what: 'a refusal' })).toBe(true);
      held.forEach((socket) => socket.destroy());
      expect(await settle(async () => (await ask()) === 200, { what: 'room' })).toBe(true);
    } finally {
      await plain.stop();
    }
  });
});
