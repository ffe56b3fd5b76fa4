import { once } from 'node:events';
import { type IncomingMessage, request as sendRaw } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Compression } from '../src/http/compression.ts';
import { type Plain, startPlain } from './fixture/plain.ts';

const LONG = { data: { greeting: 'Good morning. '.repeat(1000) } };
const SHORT = { data: { greeting: 'Good morning.' } };

let plain: Plain;
beforeAll(async () => {
  plain = await startPlain({ CORS_ORIGINS: 'https://app.test' });
});
afterAll(() => plain.stop());

async function ask(url: string, accept: string | undefined, headers: Record<string, string> = {}) {
  const encoding = accept === undefined ? {} : { 'accept-encoding': accept };
  const request = sendRaw(url, {
    method: 'POST',
    agent: false,
    headers: { 'content-type': 'application/json', ...encoding, ...headers },
  });
  request.end('{"query":"{ greeting }"}');
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  const body = await buffer(response);
  expect(response.headers['content-length']).toBe(String(body.length));
  const used = response.headers['content-encoding'];
  const text = used === 'br' ? brotliDecompressSync(body) : used === 'gzip' ? gunzipSync(body) : body;
  return { used, vary: response.headers.vary, size: body.length, answer: JSON.parse(text.toString()) as unknown };
}

describe('a long answer is compressed as the client likes best:', () => {
  test.each([
    [undefined, undefined],
    ['', undefined],
    ['gzip', 'gzip'],
    ['x-gzip', 'gzip'],
    ['br', 'br'],
    ['gzip, deflate, br, zstd', 'br'],
    ['GZIP;q=1.0, br;q=0.5', 'gzip'],
    ['br;q=0, gzip', 'gzip'],
    ['*', 'br'],
    ['br;q=0, *;q=0.1', 'gzip'],
    ['identity', undefined],
    ['identity;q=1, gzip;q=0.5', undefined],
    ['identity;q=0, gzip;q=0.5', 'gzip'],
    ['deflate, zstd', undefined],
    ['gzip;q=0, br;q=0', undefined],
  ])('%s', async (accept, used) => {
    plain.answersWith(LONG);
    const answer = await ask(plain.url, accept);
    expect([answer.used, answer.answer]).toEqual([used, LONG]);
    if (used === undefined) return;
    expect(answer.vary).toBe('origin, accept-encoding');
    expect(answer.size).toBeLessThan(1000);
  });
});

test('a short one is not', async () => {
  plain.answersWith(SHORT);
  expect(await ask(plain.url, 'gzip, br')).toMatchObject({ used: undefined, answer: SHORT });
});

test('and none where it is switched off', async () => {
  const off = await plain.start({ COMPRESSION: 'false' });
  try {
    plain.answersWith(LONG);
    expect(await ask(off.url, 'gzip, br')).toMatchObject({ used: undefined, answer: LONG });
  } finally {
    await off.stop();
  }
});

test('what there is no thread for goes out as it is', async () => {
  const text = JSON.stringify(LONG);
  const compression = new Compression();
  const pending: Promise<Buffer>[] = [];
  let encoding = compression.choose('gzip', text);
  while (encoding !== null && pending.length < 1000) {
    pending.push(compression.compress(encoding, text));
    encoding = compression.choose('gzip', text);
  }
  expect(pending).toHaveLength(16);
  for (const body of await Promise.all(pending)) expect(gunzipSync(body).toString()).toBe(text);
  expect(compression.choose('gzip', text)).toBe('gzip');
});
