import assert from 'node:assert/strict';
import { createServer, connect, type Server, type Socket } from 'node:net';
import { settle, testKeys, viewerOf } from '@chorus/kit/testing';
import { verifyToken } from '@chorus/kit/tokens';
import { anonymous } from '@chorus/kit/viewer';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { type Answer, type Harness, newKey, newUser, type Sending, startHarness } from './harness.ts';
import { picture, pngOfZeroes } from './images.ts';

const MAX_BYTES = 2 * 1024 * 1024;
let media: Harness;
beforeAll(async () => {
  media = await startHarness({ UPLOAD_MAX_BYTES: String(MAX_BYTES) });
});
afterAll(() => media.stop());

const refusal = (answer: Answer) => {
  expect(answer.data?.uploadMedia ?? null).toBeNull();
  expect(answer.errors).toHaveLength(1);
  return answer.errors?.[0]?.extensions;
};

describe('an upload', () => {
  it('answers at once with the medium and a token that proves who owns it', async () => {
    const owner = newUser();
    const file = await picture();
    const { data } = await media.send(viewerOf(owner), file, { name: '../../etc/passwd', type: 'text/html' });
    const upload = data?.uploadMedia;
    expect(upload?.media).toMatchObject({ id: expect.stringMatching(/^med_[0-9a-f]{32}$/), owner: { id: owner } });
    const claims = await verifyToken(testKeys.attachment, 'attachment+jwt', upload?.attachmentToken ?? '');
    expect(claims).toMatchObject({ id: upload?.media.id, owner, kind: 'image', size: file.length });
    expect((claims?.exp ?? 0) - (claims?.iat ?? 0)).toBe(24 * 3600);
    expect(await media.settled(viewerOf(owner), upload?.media.id ?? '')).toMatchObject({ state: 'READY' });
  });

  it('gives the same medium for the same key and file, also to two at once, and keeps one original', async () => {
    const viewer = viewerOf(newUser());
    const file = await picture();
    const key = newKey();
    const answers = await Promise.all([1, 2, 3].map(() => media.send(viewer, file, { key })));
    answers.push(await media.send(viewer, file, { key }));
    const ids = new Set(answers.map((answer) => answer.data?.uploadMedia?.media.id));
    expect(ids.size).toBe(1);
    expect(answers.every((answer) => answer.data?.uploadMedia?.attachmentToken)).toBe(true);
    expect(await media.db.media.count({ where: { ownerId: viewer.userId ?? '' } })).toBe(1);
    const [id = ''] = ids;
    await media.settled(viewer, id);
    const rows = await media.db.media.findMany({ select: { id: true } });
    const originals = (await media.objects()).filter((name) => name.startsWith('originals/'));
    expect(originals).toEqual(rows.map((row) => `originals/${row.id}`).sort());
  });

  it('keeps keys of different people apart, and refuses another file under a used key', async () => {
    const key = newKey();
    const [ada, bob] = [viewerOf(newUser()), viewerOf(newUser())];
    const file = await picture();
    const first = await media.send(ada, file, { key });
    const other = await media.send(bob, file, { key });
    expect(other.data?.uploadMedia?.media.id).not.toBe(first.data?.uploadMedia?.media.id);
    const before = await media.objects();
    const second = await media.send(ada, await picture(), { key });
    expect(refusal(second)).toMatchObject({ code: 'IDEMPOTENCY_CONFLICT' });
    const originals = (names: string[]) => names.filter((name) => name.startsWith('originals/'));
    expect(originals(await media.objects())).toEqual(originals(before));
  });

  it('takes a file just within the limit', async () => {
    const file = await picture();
    const padded = Buffer.concat([file, Buffer.alloc(MAX_BYTES - file.length)]);
    const { data } = await media.send(viewerOf(newUser()), padded);
    expect(data?.uploadMedia?.media.id).toBeTruthy();
  });

  it('takes many at once', async () => {
    const viewer = viewerOf(newUser());
    const file = await picture();
    const answers = await Promise.all(Array.from({ length: 40 }, () => media.send(viewer, file)));
    expect(new Set(answers.map((answer) => answer.data?.uploadMedia?.media.id)).size).toBe(40);
  });
});

describe('a refused upload', () => {
  let before: { rows: number; keys: number; objects: string[] };
  const inventory = async () => ({
    rows: await media.db.media.count(),
    keys: await media.db.idempotencyKey.count(),
    objects: (await media.objects()).filter((key) => key.startsWith('originals/')),
  });
  beforeEach(async () => {
    before = await inventory();
  });
  afterEach(async () => {
    assert.deepEqual(await inventory(), before);
  });

  const cases: Record<string, () => Promise<Buffer>> = {
    'of zero bytes': async () => Buffer.alloc(0),
    'of one byte': async () => Buffer.from([0xff]),
    'that is no image, called one': async () => Buffer.from('<?php echo 1;'),
    'of an SVG': async () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
    'of a type not taken': () => picture().then((file) => sharp(file).tiff().toBuffer()),
    'of a HEIC container': async () => Buffer.from('0000001c66747970686569630000000068656963', 'hex'),
    'with the first bytes of a PNG only': async () => Buffer.from('89504e470d0a1a0a00000000', 'hex'),
    'with the first bytes of a JPEG before a PNG': async () =>
      Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), pngOfZeroes(4, 4)]),
    'of more than 50 megapixels': async () => pngOfZeroes(10_001, 5000),
    'of a PNG that promises 4 gigapixels': async () => {
      const file = pngOfZeroes(2, 2);
      file.writeUInt32BE(65_000, 16);
      file.writeUInt32BE(65_000, 20);
      return file;
    },
    'one byte over the limit': async () => {
      const file = await picture();
      return Buffer.concat([file, Buffer.alloc(MAX_BYTES + 1 - file.length)]);
    },
    'far over the limit': async () => Buffer.concat([await picture(), Buffer.alloc(4 * MAX_BYTES)]),
  };
  it.each(Object.entries(cases))('%s names the file', async (_name, file) => {
    const answer = await media.send(viewerOf(newUser()), await file(), { type: 'image/png', name: 'photo.png' });
    expect(refusal(answer)).toMatchObject({ code: 'BAD_USER_INPUT', field: 'file' });
  });

  it.each(['', 'short', 'x'.repeat(65), 'with space in it', 'ключ-ключ-ключ', 'nul\0nul\0nul'])(
    'with the key %j names the key',
    async (key) => {
      const answer = await media.send(viewerOf(newUser()), await picture(), { key });
      expect(refusal(answer)).toMatchObject({ code: 'BAD_USER_INPUT', field: 'idempotencyKey' });
    },
  );

  it('without a signed-in viewer is UNAUTHENTICATED', async () => {
    const file = Buffer.concat([await picture(), Buffer.alloc(MAX_BYTES / 2)]);
    expect(refusal(await media.send(anonymous, file))).toMatchObject({ code: 'UNAUTHENTICATED' });
    const forged: Sending = { token: 'eyJhbGciOiJIUzI1NiJ9.e30.x' };
    expect(refusal(await media.send(viewerOf(newUser()), file, forged))).toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('without the file, or with something else in its place, says so', async () => {
    const viewer = viewerOf(newUser());
    expect(refusal(await media.send(viewer, null))).toMatchObject({ code: 'BAD_USER_INPUT', field: 'file' });
    const query = `mutation ($file: Upload!) { uploadMedia(file: $file, idempotencyKey: "${newKey()}") { attachmentToken } }`;
    for (const file of [null, 'a file', 7, {}]) {
      const { errors } = await media.ask(viewer, query, { file });
      expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT' });
    }
    const literal = `mutation { uploadMedia(file: "x", idempotencyKey: "${newKey()}") { attachmentToken } }`;
    expect((await media.ask(viewer, literal)).errors?.[0]?.extensions?.['code']).toBe('GRAPHQL_VALIDATION_FAILED');
  });

  it('whose operation does not validate is answered, with the file unread', async () => {
    const file = Buffer.concat([await picture(), Buffer.alloc(MAX_BYTES / 2)]);
    const answer = await media.send(viewerOf(newUser()), file, { query: 'mutation ($file: Upload!) { nothing }' });
    expect(answer.errors?.[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
  });

  it('that breaks off keeps nothing', async () => {
    const { port, hostname } = new URL(media.url);
    const token = await media.token(viewerOf(newUser()));
    const boundary = 'b0undary';
    const part = (head: string, body: string | Buffer) =>
      Buffer.concat([
        Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; ${head}\r\n\r\n`),
        Buffer.from(body),
      ]);
    const query =
      'mutation ($file: Upload!, $key: String!) { uploadMedia(file: $file, idempotencyKey: $key) { attachmentToken } }';
    const body = Buffer.concat([
      part('name="operations"', JSON.stringify({ query, variables: { file: null, key: newKey() } })),
      Buffer.from('\r\n'),
      part('name="map"', '{"0":["variables.file"]}'),
      Buffer.from('\r\n'),
      part('name="0"; filename="a.jpg"', await picture()),
    ]);
    const socket = connect(Number(port), hostname);
    const head = `POST /graphql HTTP/1.1\r\nHost: media\r\nchorus-viewer: ${token}\r\n`;
    socket.write(`${head}Content-Type: multipart/form-data; boundary=${boundary}\r\nContent-Length: 1000000\r\n\r\n`);
    await new Promise<void>((resolve) => socket.write(body, () => resolve()));
    socket.destroy();
    // The next upload is answered: the broken one holds nothing up.
    const next = await media.send(viewerOf(newUser()), Buffer.alloc(0));
    expect(refusal(next)).toMatchObject({ code: 'BAD_USER_INPUT' });
  });
});

it('takes one file once in an operation', async () => {
  const owner = newUser();
  const query = `mutation ($file: Upload!, $key: String!, $other: String!) {
    first: uploadMedia(file: $file, idempotencyKey: $key) { media { id } }
    second: uploadMedia(file: $file, idempotencyKey: $other) { media { id } }
  }`;
  const answer = await media.send(viewerOf(owner), await picture(), { query, variables: { other: newKey() } });
  expect(answer.data).toMatchObject({ first: { media: { id: expect.any(String) } }, second: null });
  expect(answer.errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'file' });
  expect(await media.db.media.count({ where: { ownerId: owner } })).toBe(1);
});

describe('with an object store that goes away', () => {
  let gate: Gate;
  let harness: Harness;
  beforeAll(async () => {
    gate = await startGate(new URL(inject('s3').endpoint));
    harness = await startHarness({ S3_ENDPOINT: `http://127.0.0.1:${gate.port}` });
  });
  afterAll(async () => {
    await harness.stop();
    await gate.stop();
  });

  it('refuses uploads with a code, keeps nothing, stays ready, and goes on when it returns', async () => {
    const viewer = viewerOf(newUser());
    const file = await picture();
    const key = newKey();
    gate.close();
    expect(refusal(await harness.send(viewer, file, { key }))).toMatchObject({ code: 'SUBGRAPH_UNAVAILABLE' });
    expect(await harness.db.media.count()).toBe(0);
    expect(await harness.db.idempotencyKey.count()).toBe(0);
    expect((await fetch(`${harness.origin}/health/ready`)).status).toBe(200);

    gate.open();
    expect(await harness.objects()).toEqual([]);
    const id = (await harness.send(viewer, file, { key })).data?.uploadMedia?.media.id ?? '';
    expect(await harness.settled(viewer, id)).toMatchObject({ state: 'READY' });

    gate.close();
    const served = await fetch(`${harness.origin}/media/${id}/64.webp`);
    expect([served.status, served.headers.get('cache-control')]).toEqual([503, 'no-store']);
  });

  it('tries again what it could not process, at most five times, then rejects and cleans up', async () => {
    const viewer = viewerOf(newUser());
    gate.open();
    const lost = await harness.insertUploaded(viewer, await picture());
    const patient = await harness.insertUploaded(viewer, await picture());
    gate.close();
    const row = (id: string) => harness.db.media.findUniqueOrThrow({ where: { id } });
    const hurry = (ids: string[]) =>
      harness.db.media.updateMany({ where: { id: { in: ids } }, data: { availableAt: new Date(0) } });

    await settle(async () => (await row(patient)).attempts >= 1 && (await row(patient)).state === 'UPLOADED');
    await settle(async () => {
      await hurry([lost]);
      return (await row(lost)).state === 'REJECTED';
    });
    expect((await row(lost)).reason).toBeTruthy();
    expect((await row(lost)).stored).toBe(true);

    gate.open();
    await settle(async () => {
      await hurry([lost, patient]);
      return !(await row(lost)).stored && (await row(patient)).state === 'READY';
    });
    const left = (await harness.objects()).filter((name) => name.includes(lost));
    expect(left).toEqual([]);
  });
});

interface Gate {
  port: number;
  open(): void;
  close(): void;
  stop(): Promise<void>;
}

/** A way to the store that can be shut: connections break, and new ones are refused. */
async function startGate(target: URL): Promise<Gate> {
  let passing = true;
  const sockets = new Set<Socket>();
  const server: Server = createServer((inbound) => {
    if (!passing) return inbound.destroy();
    const outbound = connect(Number(target.port), target.hostname);
    for (const [socket, other] of [
      [inbound, outbound],
      [outbound, inbound],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => {}).on('close', () => (sockets.delete(socket), other.destroy()));
      socket.pipe(other);
    }
    return undefined;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const shut = () => {
    passing = false;
    sockets.forEach((socket) => socket.destroy());
  };
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    open: () => void (passing = true),
    close: shut,
    stop: () => {
      shut();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
