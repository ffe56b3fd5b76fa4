import { randomBytes } from 'node:crypto';
import { newId } from '@chorus/kit/ids';
import { createLogger } from '@chorus/kit/logger';
import {
  createSubgraphClient,
  createTestDatabase,
  settle,
  testKeys,
  testRedisUrl,
  viewerOf,
} from '@chorus/kit/testing';
import { type Viewer, VIEWER_HEADER } from '@chorus/kit/viewer';
import { Client } from 'minio';
import { inject } from 'vitest';
import type { Prisma } from '../src/__generated__/prisma/client.ts';
import { type Config, loadConfig } from '../src/config.ts';
import { openDatabase } from '../src/database.ts';
import { startMedia } from '../src/context.ts';

export interface MediaAnswer {
  id: string;
  ref: string;
  state: string;
  width: number | null;
  height: number | null;
  thumbHash: string | null;
  url: string | null;
  variants: { width: number; height: number; size: number; url: string }[];
  owner: { id: string } | null;
}
export interface Answer {
  data?: { uploadMedia: { media: MediaAnswer; attachmentToken: string | null } | null } | null;
  errors?: { message: string; extensions: { code: string; field?: string } }[];
}

const FIELDS = 'id ref state width height thumbHash url variants { width height size url } owner { id }';
const UPLOAD = `mutation ($file: Upload!, $key: String!) {
  uploadMedia(file: $file, idempotencyKey: $key) { attachmentToken media { ${FIELDS} } }
}`;

export const newUser = (): string => `usr_${randomBytes(16).toString('hex')}`;
export const newKey = (): string => `key-${randomBytes(8).toString('hex')}`;

export interface Sending {
  key?: string;
  name?: string;
  type?: string;
  token?: string;
  query?: string;
  variables?: Record<string, unknown>;
}

/** A media service with a database and a bucket of its own. */
export async function startHarness(
  overrides: Record<string, string> = {},
  options: { onStatement?: (statement: string) => void } = {},
) {
  const s3 = inject('s3');
  const database = await createTestDatabase('media');
  const bucket = `test-${randomBytes(6).toString('hex')}`;
  const config: Config = loadConfig({
    NODE_ENV: 'test',
    PORT: '0',
    DATABASE_URL: database.url,
    REDIS_URL: testRedisUrl(),
    VIEWER_KEY: testKeys.viewer,
    ATTACHMENT_KEY: testKeys.attachment,
    S3_ENDPOINT: s3.endpoint,
    S3_ACCESS_KEY: s3.accessKey,
    S3_SECRET_KEY: s3.secretKey,
    S3_BUCKET: bucket,
    S3_REGION: s3.region,
    ...overrides,
  });
  const logger = createLogger({ service: 'media', level: 'fatal' });
  const start = () => startMedia(config, logger, options);
  let server = await start();
  const db = openDatabase({ url: database.url, size: 2 });
  const endpoint = new URL(s3.endpoint);
  const s3Client = new Client({
    endPoint: endpoint.hostname,
    port: Number(endpoint.port),
    useSSL: false,
    accessKey: s3.accessKey,
    secretKey: s3.secretKey,
    region: s3.region,
  });
  await settle(() => s3Client.bucketExists(bucket), { what: 'the bucket' }).catch((error: unknown) => {
    if (overrides['S3_ENDPOINT'] === undefined) throw error;
  });

  const send = async (viewer: Viewer, file: Buffer | null, sending: Sending = {}): Promise<Answer> => {
    const form = new FormData();
    const variables = { file: null, key: sending.key ?? newKey(), ...sending.variables };
    form.append('operations', JSON.stringify({ query: sending.query ?? UPLOAD, variables }));
    form.append('map', JSON.stringify({ 0: ['variables.file'] }));
    if (file !== null) {
      form.append(
        '0',
        new Blob([new Uint8Array(file)], { type: sending.type ?? 'image/jpeg' }),
        sending.name ?? 'a.jpg',
      );
    }
    const token = sending.token ?? (await createSubgraphClient(server.url).token(viewer));
    const response = await fetch(server.url, {
      method: 'POST',
      headers: { [VIEWER_HEADER]: token },
      body: form,
      signal: AbortSignal.timeout(20_000),
    });
    return (await response.json()) as Answer;
  };

  const harness = {
    db,
    config,
    get url() {
      return server.url;
    },
    get origin() {
      return new URL(server.url).origin;
    },
    ask: <Data>(viewer: Viewer, query: string, variables: Record<string, unknown> = {}) =>
      createSubgraphClient(server.url).ask<Data>(viewer, query, variables),
    send,
    token: (viewer: Viewer) => createSubgraphClient(server.url).token(viewer),
    /** What an upload leaves behind just before it is processed, without waking anybody. */
    async insertUploaded(viewer: Viewer, file: Buffer, fields: Partial<Prisma.MediaCreateInput> = {}): Promise<string> {
      const id = newId('med');
      await s3Client.putObject(bucket, `originals/${id}`, file);
      await db.media.create({ data: { id, ownerId: viewer.userId ?? '', sha256: '', size: file.length, ...fields } });
      return id;
    },
    media: async (viewer: Viewer, id: string): Promise<MediaAnswer | null> => {
      const query = `query ($id: ID!) { media(id: $id) { ${FIELDS} } }`;
      const answer = await createSubgraphClient(server.url).ask<{ media: MediaAnswer | null }>(viewer, query, { id });
      return answer.data?.media ?? null;
    },
    /** Uploads, and waits until it is READY or REJECTED. */
    async process(file: Buffer, ownerId = newUser()): Promise<MediaAnswer> {
      const viewer = viewerOf(ownerId);
      const id = (await send(viewer, file)).data?.uploadMedia?.media.id ?? '';
      return harness.settled(viewer, id);
    },
    settled: (viewer: Viewer, id: string) =>
      settle(
        async () => {
          const media = await harness.media(viewer, id);
          return media !== null && ['READY', 'REJECTED'].includes(media.state) && media;
        },
        { what: 'a processed image', limitMs: 20_000 },
      ),
    fetchBytes: async (path: string): Promise<Buffer> =>
      Buffer.from(await (await fetch(new URL(path, server.url))).arrayBuffer()),
    /** The keys of all objects in the bucket. */
    async objects(): Promise<string[]> {
      const names: string[] = [];
      for await (const item of s3Client.listObjectsV2(bucket, '', true)) names.push((item as { name: string }).name);
      return names.sort();
    },
    stopServer: () => server.stop(),
    async startServer() {
      server = await start();
    },
    async stop() {
      await server.stop();
      await db.$disconnect();
      await database.drop();
    },
  };
  return harness;
}

export type Harness = Awaited<ReturnType<typeof startHarness>>;
