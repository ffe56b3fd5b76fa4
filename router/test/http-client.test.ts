import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { AnswerTooLong } from '../src/gateway/http-body.ts';
import { ConnectionError, headerLine, HttpClient } from '../src/gateway/http-client.ts';

/** What the server says to each request in turn; null ends the connection. */
type Script = readonly (readonly (string | null)[])[];

const servers: Server[] = [];
const clients: HttpClient[] = [];
const open = new Set<Socket>();
afterEach(async () => {
  for (const socket of open) socket.destroy();
  await Promise.all(clients.splice(0).map((client) => client.stop()));
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
});

/** A server that says exactly these bytes, one write a turn of the event loop. */
async function serve(script: Script) {
  const requests: string[] = [];
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk) => {
      requests.push(chunk.toString('latin1'));
      void say(socket, script[requests.length - 1] ?? []);
    });
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { port, requests, sockets };
}

async function say(socket: Socket, pieces: readonly (string | null)[]): Promise<void> {
  for (const piece of pieces) {
    if (piece === null) socket.end();
    else await new Promise((resolve) => socket.write(piece, 'latin1', () => setImmediate(resolve)));
  }
}

function clientOf(port: number, options: { connections?: number; maxAnswerBytes?: number } = {}): HttpClient {
  const url = new URL(`http://127.0.0.1:${port}/graphql?a=b`);
  const client = new HttpClient(url, { connections: 2, maxAnswerBytes: 1000, ...options });
  clients.push(client);
  return client;
}

const ok = 'HTTP/1.1 200 OK\r\n';
const hello = `${ok}content-length: 5\r\n\r\nhello`;
const bytewise = (text: string): string[] => Array.from(text);

/** A server that is stopped, and whose system takes no more connections for it. */
async function serveNobody(): Promise<{ child: ChildProcess; port: number }> {
  const listen = `const server = require('node:net').createServer()
    .listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => console.log(server.address().port))`;
  const child = spawn(process.execPath, ['-e', listen], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [printed] = (await once(child.stdout, 'data')) as [Buffer];
  const port = Number(printed.toString());
  child.kill('SIGSTOP');
  for (let waiting = false; !waiting;) {
    const socket = connect(port, '127.0.0.1');
    open.add(socket);
    waiting = await Promise.race([once(socket, 'connect').then(() => false), delay(300, true)]);
  }
  return { child, port };
}

test('a server that takes no connection is one that was never reached', async () => {
  const { child, port } = await serveNobody();
  const failure: unknown = await clientOf(port)
    .post('', '{}')
    .answer.catch((error: unknown) => error);
  child.kill('SIGKILL');
  expect(failure).toBeInstanceOf(ConnectionError);
  expect(failure).toMatchObject({ unprocessed: true });
});

describe('an answer', () => {
  test.each<[string, (string | null)[], string]>([
    ['with a length, in one piece', [hello], 'hello'],
    ['byte by byte', bytewise(hello), 'hello'],
    ['of no bytes', [`${ok}Content-Length: 0\r\n\r\n`], ''],
    ['in chunks', [`${ok}Transfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\n\r\n`], 'hello'],
    [
      'in chunks with trailers, byte by byte',
      bytewise(`${ok}transfer-encoding: chunked\r\n\r\n3\r\nhel\r\nA\r\nlo\r\n world\r\n0\r\nx-sum: 1\r\n\r\n`),
      'hello\r\n world'.slice(0, 5) + '\r\n world',
    ],
    ['until the connection ends', [`${ok}\r\nhel`, 'lo', null], 'hello'],
    [
      'after interim answers',
      [`HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n${hello}`],
      'hello',
    ],
    ['in UTF-8 cut within a letter', [`${ok}content-length: 3\r\n\r\na\xc3`, '\xa9'], 'aé'],
  ])('%s', async (_name, pieces, text) => {
    const { port } = await serve([pieces]);
    const answer = await clientOf(port).post('', '{}').answer;
    expect(answer.status).toBe(200);
    expect(answer.text).toBe(text);
  });

  test.each<[string, (string | null)[]]>([
    ['cut in the middle', [`${ok}content-length: 50\r\n\r\nhello`, null]],
    ['cut between chunks', [`${ok}transfer-encoding: chunked\r\n\r\n3\r\nhel\r\n`, null]],
    ['cut in its head', ['HTTP/1.1 200', null]],
    ['of another protocol', ['SSH-2.0-x\r\n\r\n']],
    ['with two lengths', [`${ok}content-length: 5\r\ncontent-length: 5\r\n\r\nhello`]],
    ['with a length that is none', [`${ok}content-length: 5x\r\n\r\nhello`]],
    ['with a length and chunks', [`${ok}content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`]],
    ['in chunks without an end', [`${ok}transfer-encoding: chunked\r\n\r\n3\r\nhello\r\n0\r\n\r\n`]],
    ['in chunks of no number', [`${ok}transfer-encoding: chunked\r\n\r\nxyz\r\n`]],
    ['followed by more than was asked for', [`${hello}more`]],
    ['compressed', [`${ok}content-encoding: gzip\r\ncontent-length: 5\r\n\r\nhello`]],
    ['with an endless head', [`${ok}${'x: y\r\n'.repeat(20_000)}`]],
  ])('%s is an error, and its connection not used again', async (_name, pieces) => {
    const { port, sockets } = await serve([pieces, [hello]]);
    const client = clientOf(port);
    const failure: unknown = await client.post('', '{}').answer.catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ConnectionError);
    expect(failure).toMatchObject({ unprocessed: false });
    expect((await client.post('', '{}').answer).text).toBe('hello');
    expect(sockets).toHaveLength(2);
  });

  test.each([
    ['with its length', `${ok}content-length: 1001\r\n\r\n`],
    ['in chunks', `${ok}transfer-encoding: chunked\r\n\r\n3e9\r\n${'x'.repeat(1001)}`],
    ['without a length', `${ok}\r\n${'x'.repeat(1001)}`],
  ])('longer than we take, %s, is no fault of the connection, which is not used again', async (_name, piece) => {
    const { port, sockets } = await serve([[piece], [hello]]);
    const client = clientOf(port);
    await expect(client.post('', '{}').answer).rejects.toBeInstanceOf(AnswerTooLong);
    expect((await client.post('', '{}').answer).text).toBe('hello');
    expect(sockets).toHaveLength(2);
  });

  test('tells its headers by name, cookies one by one', async () => {
    const head = `${ok}X-A: 1\r\nSet-Cookie: a=b, c\r\nx-a:2\r\nset-cookie: d=e\r\ncontent-length: 0\r\n\r\n`;
    const { port } = await serve([[head]]);
    const answer = await clientOf(port).post('', '').answer;
    expect(answer.header('x-a')).toBe('1, 2');
    expect(answer.header('x-b')).toBeUndefined();
    expect(answer.setCookies()).toEqual(['a=b, c', 'd=e']);
  });
});

describe('a request', () => {
  test('has its headers as they are and the length of its body in bytes', async () => {
    const { port, requests } = await serve([[hello], [hello]]);
    const client = clientOf(port);
    await client.post(headerLine('x-a', 'b'), '{"é":1}').answer;
    expect(requests[0]).toBe(
      `POST /graphql?a=b HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nx-a: b\r\ncontent-length: 8\r\n\r\n{"\xc3\xa9":1}`,
    );
    await client.post(headerLine('x-a', 'caf\xe9'), '"é"').answer;
    expect(requests[1]).toContain('x-a: caf\xe9\r\ncontent-length: 4\r\n\r\n"\xc3\xa9"');
  });

  test('takes no header that breaks out of its line', () => {
    for (const value of ['a\r\nb: c', 'a\nb', 'a\0', 'ф']) expect(() => headerLine('x', value)).toThrow(TypeError);
    for (const name of ['a b', 'a:', '', 'a\r\n']) expect(() => headerLine(name, 'v')).toThrow(TypeError);
  });

  test('uses a connection again, and waits when all are in use', async () => {
    const { port, sockets, requests } = await serve(Array.from({ length: 6 }, () => [hello]));
    const client = clientOf(port, { connections: 2 });
    const all = Array.from({ length: 6 }, () => client.post('', '{}').answer);
    expect(client.pending).toBe(6);
    await Promise.all(all);
    expect(client.pending).toBe(0);
    expect(requests).toHaveLength(6);
    expect(sockets).toHaveLength(2);
  });

  test.each([
    ['says so', `${ok}connection: close\r\ncontent-length: 5\r\n\r\nhello`],
    ['is an old one', 'HTTP/1.0 200 OK\r\ncontent-length: 5\r\n\r\nhello'],
    ['keeps it for less than we can rely on', `${ok}keep-alive: timeout=1\r\ncontent-length: 5\r\n\r\nhello`],
  ])('takes another connection when the server %s', async (_name, last) => {
    const { port, sockets } = await serve([[last], [hello]]);
    const client = clientOf(port);
    await client.post('', '{}').answer;
    expect((await client.post('', '{}').answer).text).toBe('hello');
    expect(sockets).toHaveLength(2);
  });

  test('that was given up closes its connection, and lets the next one go on', async () => {
    const { port, sockets, requests } = await serve([[], [hello]]);
    const client = clientOf(port, { connections: 1 });
    const given = client.post('', '{}');
    await vi.waitFor(() => expect(requests).toHaveLength(1));
    const next = client.post('', '{}');
    const queued = client.post('', '{}');
    queued.cancel(new Error('nobody waits'));
    await expect(queued.answer).rejects.toThrow('nobody waits');
    given.cancel(new Error('too late'));
    await expect(given.answer).rejects.toThrow('too late');
    expect((await next.answer).text).toBe('hello');
    expect(client.pending).toBe(0);
    await vi.waitFor(() => expect(sockets[0]?.destroyed).toBe(true));
  });

  test('to nobody was certainly not processed; one that broke off may have been', async () => {
    const { port } = await serve([[null]]);
    await expect(clientOf(port).post('', '{}').answer).rejects.toMatchObject({ unprocessed: false });
    const closed = await serve([]);
    await new Promise((resolve) => servers.at(-1)?.close(resolve));
    servers.pop();
    await expect(clientOf(closed.port).post('', '{}').answer).rejects.toMatchObject({ unprocessed: true });
  });

  test('under way is answered before the client has stopped', async () => {
    const { port } = await serve([[hello]]);
    const client = clientOf(port);
    const { answer } = client.post('', '{}');
    const stopped = client.stop();
    expect((await answer).text).toBe('hello');
    await stopped;
    await expect(client.post('', '{}').answer).rejects.toMatchObject({ unprocessed: true });
  });
});
