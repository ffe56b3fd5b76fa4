import { connect, type Socket } from 'node:net';
import { viewerOf } from '@chorus/kit/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Harness, newUser, startHarness } from './harness.ts';
import { picture } from './images.ts';

let media: Harness;
let path: string;
let id: string;
beforeAll(async () => {
  media = await startHarness();
  ({ id } = await media.process(await picture(500, 400)));
  path = `/media/${id}/400.webp`;
});
afterAll(() => media.stop());

/** The raw answer to a path sent as it is: fetch would normalise it. */
const rawStatus = (target: string, method = 'GET'): Promise<string> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(media.url);
    const socket: Socket = connect(Number(port), hostname);
    let answer = '';
    socket.on('data', (data) => (answer += data.toString('latin1')));
    socket.on('error', reject).on('close', () => resolve(answer.split(' ')[1] ?? answer));
    socket.write(`${method} ${target} HTTP/1.1\r\nHost: media\r\nConnection: close\r\n\r\n`);
  });

const GUARDS = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; sandbox",
  'cross-origin-resource-policy': 'cross-origin',
};

it('serves a variant that may be kept for ever', async () => {
  const response = await fetch(media.origin + path);
  const body = Buffer.from(await response.arrayBuffer());
  expect(response.status).toBe(200);
  expect(Object.fromEntries(response.headers)).toMatchObject({
    ...GUARDS,
    'content-type': 'image/webp',
    'content-length': String(body.length),
    'cache-control': 'public, max-age=31536000, immutable',
    etag: expect.stringMatching(/^"[0-9a-f]{32}"$/),
  });
  expect(body.subarray(8, 12).toString()).toBe('WEBP');
});

it('answers HEAD with the same headers and no body', async () => {
  const [whole, head] = await Promise.all([fetch(media.origin + path), fetch(media.origin + path, { method: 'HEAD' })]);
  expect(head.status).toBe(200);
  const headers = (response: Response) => ({
    ...Object.fromEntries(response.headers),
    date: '',
    connection: '',
    'keep-alive': '',
  });
  expect(headers(head)).toEqual(headers(whole));
  expect(await head.text()).toBe('');
  await whole.arrayBuffer();
});

it('answers 304 to whoever has it', async () => {
  const { headers } = await fetch(media.origin + path, { method: 'HEAD' });
  const etag = headers.get('etag') ?? '';
  const status = async (value: string) => {
    const response = await fetch(media.origin + path, { headers: { 'if-none-match': value } });
    await response.arrayBuffer();
    return response.status;
  };
  expect(await status(etag)).toBe(304);
  expect(await status(`"other", W/${etag}`)).toBe(304);
  expect(await status('*')).toBe(304);
  expect(await status('"other"')).toBe(200);
  const kept = await fetch(media.origin + path, { headers: { 'if-none-match': etag } });
  expect(kept.headers.get('etag')).toBe(etag);
  expect(kept.headers.get('cache-control')).toContain('immutable');
});

it('has nothing else, and never an original', async () => {
  const nowhere = [
    `/media/${id}/401.webp`,
    `/media/${id}/0400.webp`,
    `/media/${id}/400.png`,
    `/media/${id}/`,
    `/media/${id}`,
    '/media/',
    `/media/med_${'0'.repeat(32)}/400.webp`,
    `/media/originals/${id}`,
    `/media/${id}/99999999999999999999.webp`,
    `/media/${id}/-1.webp`,
    `/media/${id}/400.webp/..%2f..%2foriginals%2f${id}`,
  ];
  for (const target of nowhere) {
    const response = await fetch(media.origin + target);
    expect([target, response.status, response.headers.get('cache-control')]).toEqual([target, 404, 'no-store']);
    expect(response.headers.get('content-type')).toContain('text/plain');
    expect(await response.text()).toBe('Not found.\n');
  }
  const raw = [
    `/media/../originals/${id}`,
    `/media/${id}/../../originals/${id}`,
    `/media/%2e%2e/originals/${id}`,
    `/media/..%2foriginals%2f${id}`,
    `/media/${id}/..\\..\\originals\\${id}`,
    `/media/${id}/400.webp%00`,
    `/media/%00`,
    `//media/${id}`,
  ];
  for (const target of raw) expect([target, await rawStatus(target)]).toEqual([target, '404']);
  for (const method of ['POST', 'PUT', 'DELETE']) expect(await rawStatus(path, method)).toBe('404');
});

it('serves only what is READY', async () => {
  const viewer = viewerOf(newUser());
  const hidden = await media.process(await picture(30, 30), viewer.userId ?? '');
  const target = `${media.origin}/media/${hidden.id}/30.webp`;
  expect((await fetch(target, { method: 'HEAD' })).status).toBe(200);
  await media.db.media.update({ where: { id: hidden.id }, data: { state: 'REJECTED' } });
  expect((await fetch(target)).status).toBe(404);
});

it('outlives a client that goes away in the middle', async () => {
  const { hostname, port } = new URL(media.url);
  for (let round = 0; round < 10; round++) {
    const socket = connect(Number(port), hostname);
    socket.write(`GET ${path} HTTP/1.1\r\nHost: media\r\n\r\n`);
    await new Promise<void>((resolve) => socket.once('connect', () => resolve()));
    socket.resetAndDestroy();
  }
  expect((await fetch(media.origin + path)).status).toBe(200);
});
