import { requireOpenAccount } from '@chorus/kit/accounts';
import { transact } from '@chorus/kit/database';
import { badInput, fault } from '@chorus/kit/errors';
import { checkIdempotencyKey, once } from '@chorus/kit/idempotency';
import type { Caller, Limits } from '@chorus/kit/limits';
import { newId } from '@chorus/kit/ids';
import { signToken } from '@chorus/kit/tokens';
import { requireUser } from '@chorus/kit/viewer';
import { ATTACHMENT, type AttachmentClaims } from '@chorus/schema/claims';
import type { FileUpload } from 'graphql-upload-minimal';
import { GraphQLError } from 'graphql';
import type { Logger } from '@chorus/kit/logger';
import type { Prisma, PrismaClient } from '../__generated__/prisma/client.ts';
import { type MediaRow, originalKey } from '../media/media.model.ts';
import type { Store } from '../store/store.ts';
import { receiveImage, type ReceivedImage } from './receive.ts';
import type { Slots } from './slots.ts';

export interface UploadService {
  /**
   * Takes a file: once this resolves, its bytes are in the store and its row is committed.
   * @throws GraphQLError UNAUTHENTICATED, BAD_USER_INPUT, IDEMPOTENCY_CONFLICT, RATE_LIMITED, SUBGRAPH_UNAVAILABLE; then nothing is kept
   */
  upload(
    caller: Caller,
    file: Promise<FileUpload>,
    idempotencyKey: string,
  ): Promise<{ media: MediaRow; attachmentToken: string | null }>;
}

export function createUploadService(options: {
  db: PrismaClient;
  store: Store;
  limits: Limits<'uploadMedia'>;
  /** Files in memory at once. */
  slots: Slots;
  maxBytes: number;
  attachmentKey: string;
  logger: Logger;
  /** There is something to process. */
  uploaded: () => void;
}): UploadService {
  const { db, store, limits, slots, maxBytes, attachmentKey, logger, uploaded } = options;

  const putOriginal = async (id: string, image: ReceivedImage) => {
    try {
      await store.put(originalKey(id), image.bytes, image.contentType);
    } catch (err) {
      logger.error({ err, mediaId: id }, 'the object store did not take an upload');
      // It may have been stored and only the answer lost; but the store is not well, and nobody should wait for it twice.
      void removeOriginal(id);
      throw fault('SUBGRAPH_UNAVAILABLE', 'Images cannot be stored at the moment. Try again a little later.');
    }
  };

  /** Never rejects. */
  const removeOriginal = async (id: string) => {
    try {
      await store.remove([originalKey(id)]);
    } catch (err) {
      logger.warn({ err, key: originalKey(id) }, 'an object without a row stays in the store');
    }
  };

  /** The id of the row that stands for this upload: `id`, or that of an earlier upload of the same under this key. */
  const insert = (id: string, ownerId: string, key: string, { sha256, bytes }: ReceivedImage): Promise<string> =>
    transact(db, (tx: Prisma.TransactionClient) =>
      once(tx, { viewerId: ownerId, mutation: 'uploadMedia', key, input: { sha256, size: bytes.length } }, async () => {
        await requireOpenAccount(tx, ownerId);
        return (await tx.media.create({ data: { id, ownerId, sha256, size: bytes.length } })).id;
      }),
    );

  const keep = async (ownerId: string, key: string, image: ReceivedImage): Promise<string> => {
    const id = newId('med');
    await putOriginal(id, image);
    try {
      const kept = await insert(id, ownerId, key, image);
      if (kept !== id) await removeOriginal(id);
      return kept;
    } catch (error) {
      // After any other failure the row may have been committed all the same: then its original must stay.
      if (error instanceof GraphQLError || (await db.media.count({ where: { id } })) === 0) await removeOriginal(id);
      throw error;
    }
  };

  return {
    async upload(caller, file, idempotencyKey) {
      const ownerId = requireUser(caller.viewer);
      checkIdempotencyKey(idempotencyKey);
      const upload = await file.catch(() => {
        throw badInput('file', 'The file is missing from the request.');
      });
      await limits.take(caller, 'uploadMedia');
      const id = await slots(async () => keep(ownerId, idempotencyKey, await receiveImage(upload, maxBytes)));
      uploaded();
      const row = await db.media.findUniqueOrThrow({ where: { id } });
      const claims: AttachmentClaims = { id, owner: ownerId, kind: 'image', size: row.size };
      const attachmentToken =
        row.state === 'REJECTED'
          ? null // an earlier upload of the same file that proved to be no picture
          : await signToken(attachmentKey, ATTACHMENT.typ, claims, ATTACHMENT.lifetimeSeconds);
      return { media: { ...row, ref: id }, attachmentToken };
    },
  };
}
