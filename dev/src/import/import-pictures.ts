import { createHash } from 'node:crypto';
import { openAsBlob } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { ChorusError, CreatePostDocument, UploadMediaDocument, UserPostsDocument } from '@chorus/sdk';
import type { UserPostsQuery } from '@chorus/sdk';
import type { ImportContext } from './import-graph.ts';
import { forEachOf } from './limiter.ts';
import type { Source } from './sources.ts';

const MAX_BYTES = 10 * 1024 * 1024;

/**
 * Uploads pictures and posts each as the importing person, with the file's name and folder as text and the file's time.
 * A post of that text and time says, whenever a later run asks, that the picture is there.
 */
export async function importPictures(
  pictures: readonly Source[],
  importer: string,
  context: ImportContext,
): Promise<void> {
  const posted = await postsOf(importer, context);
  await forEachOf(pictures, context.concurrency, async (picture) => {
    const { report, progress } = context;
    const text = path.join(path.basename(path.dirname(picture.file)), path.basename(picture.file));
    const { size, mtime } = await stat(picture.file);
    const createdAt = mtime.getTime() < 0 || mtime.getTime() > Date.now() ? null : mtime.toISOString();
    const key = keyOf(text, createdAt ?? '');
    if (posted.has(key)) report.counts.pictures += 1;
    else if (size > MAX_BYTES) report.skip(picture.file, null, 'larger than 10 MiB');
    else await post(picture, { text, createdAt, key }, importer, context);
    progress.add(1);
  });
}

async function post(
  { file }: Source,
  { text, createdAt, key }: { text: string; createdAt: string | null; key: string },
  importer: string,
  { bulk, report }: ImportContext,
): Promise<void> {
  try {
    const picture = { file: await openAsBlob(file), idempotencyKey: key };
    const { uploadMedia } = await bulk.request(UploadMediaDocument, picture, importer);
    if (!uploadMedia?.attachmentToken) return report.skip(file, null, 'no picture that the server can read');
    const input = { text, createdAt, attachments: [uploadMedia.attachmentToken], idempotencyKey: key };
    await bulk.request(CreatePostDocument, { input }, importer);
    report.counts.pictures += 1;
  } catch (error) {
    if (!(error instanceof ChorusError) || error.code !== 'BAD_USER_INPUT') throw error;
    report.skip(file, null, error.message);
  }
}

async function postsOf(importer: string, { bulk }: ImportContext): Promise<Set<string>> {
  const keys = new Set<string>();
  for (let after: string | null = null; ;) {
    const page: UserPostsQuery = await bulk.request(UserPostsDocument, { userId: importer, first: 100, after });
    for (const { node } of page.user?.posts?.edges ?? []) if (node) keys.add(keyOf(node.text, node.createdAt));
    const info = page.user?.posts?.pageInfo;
    after = info?.endCursor ?? null;
    if (!info?.hasNextPage) return keys;
  }
}

const keyOf = (text: string, createdAt: string): string =>
  `import-${createHash('sha256').update(`${text}\n${createdAt}`).digest('base64url').slice(0, 32)}`;
