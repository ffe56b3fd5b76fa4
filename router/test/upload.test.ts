import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Fixture, startFixture } from './fixture/router.ts';

const RECEIVE = 'mutation ($file: Upload!) { receive(file: $file) { name type bytes sha256 } }';
const LIMIT = 32 * 1024;
const TIMEOUT_MS = 500;

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture({ UPLOAD_MAX_BYTES: String(LIMIT), SUBGRAPH_TIMEOUT: String(TIMEOUT_MS) });
});
afterAll(() => fixture.stop());

const fileOf = (bytes: number, name = 'photo.png') => {
  const content = randomBytes(bytes);
  return {
    file: new File([content], name, { type: 'image/png' }),
    sha256: createHash('sha256').update(content).digest('hex'),
  };
};

test('a file passes through, name and type and every byte', async () => {
  const { file, sha256 } = fileOf(15_000, 'Grüße "1"\r\n.png');
  const { status, data, errors } = await fixture.upload(RECEIVE, { file });
  expect(errors).toBeUndefined();
  expect(status).toBe(200);
  const name = expect.stringContaining('Grüße') as string;
  expect(data?.['receive']).toMatchObject({ name, type: 'image/png', bytes: 15_000, sha256 });
});

test('two files in one operation arrive each as itself', async () => {
  const query = 'mutation ($file: Upload!, $second: Upload) { receive(file: $file, second: $second) { bytes second } }';
  const { data, errors } = await fixture.upload(query, { file: fileOf(20_000).file, second: fileOf(30_000).file });
  expect(errors).toBeUndefined();
  expect(data).toEqual({ receive: { bytes: 20_000, second: 30_000 } });
});

test('a file of exactly the limit passes; a byte more is an error, never a part of the file', async () => {
  const exact = await fixture.upload(RECEIVE, { file: fileOf(LIMIT).file });
  expect(exact.data?.['receive']).toMatchObject({ bytes: LIMIT });
  for (const bytes of [LIMIT + 1, LIMIT + 2, 10 * LIMIT, 4 * 1024 * 1024]) {
    const { data, errors } = await fixture.upload(RECEIVE, { file: fileOf(bytes).file });
    expect(errors?.[0]?.extensions['code'], `${bytes} bytes`).toBe('BAD_USER_INPUT');
    expect(data?.['receive']).toBeNull();
  }
});

test('a file that nobody sent is the sender’s fault', async () => {
  const form = new FormData();
  form.set('operations', JSON.stringify({ query: RECEIVE, variables: { file: null } }));
  form.set('map', JSON.stringify({ 0: ['variables.file'] }));
  const answer = await fixture.send({ headers: { 'apollo-require-preflight': '1' }, body: form });
  expect(answer.errors?.[0]?.extensions['code']).toBe('BAD_USER_INPUT');
});

test('a multipart body that makes no sense is refused', async () => {
  const form = new FormData();
  form.set('0', new File(['x'], 'x.png'));
  const answer = await fixture.send({ headers: { 'apollo-require-preflight': '1' }, body: form });
  expect(answer.status).toBe(400);
  expect(answer.errors?.[0]?.extensions['code']).toBe('BAD_USER_INPUT');
});

test('a client may take longer to send a file than a subgraph to answer', async () => {
  const boundary = 'slow';
  const pieces = Array.from({ length: 8 }, () => 'x'.repeat(100));
  const part = (name: string, value: string) =>
    `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  async function* body() {
    yield part('operations', JSON.stringify({ query: RECEIVE, variables: { file: null } }));
    yield part('map', '{"0":["variables.file"]}');
    yield `--${boundary}\r\nContent-Disposition: form-data; name="0"; filename="a.png"\r\n\r\n`;
    for (const piece of pieces) {
      // Time itself is what is tested: all pieces together take longer than SUBGRAPH_TIMEOUT.
      await delay(TIMEOUT_MS / 4);
      yield piece;
    }
    yield `\r\n--${boundary}--\r\n`;
  }
  const streamed = {
    headers: { 'apollo-require-preflight': '1', 'content-type': `multipart/form-data; boundary=${boundary}` },
    body: Readable.toWeb(Readable.from(body(), { objectMode: false })) as ReadableStream,
    duplex: 'half',
  };
  const { data, errors } = await fixture.send(streamed);
  expect(errors).toBeUndefined();
  expect(data?.['receive']).toMatchObject({ bytes: 800 });
});
