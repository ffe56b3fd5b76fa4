import { createHash } from 'node:crypto';
import { addAbortSignal, type Readable } from 'node:stream';
import { badInput } from '@chorus/kit/errors';
import type { FileUpload } from 'graphql-upload-minimal';
import type { GraphQLError } from 'graphql';
import { inspectImage } from '../processing/image.ts';
import { contentTypeOf, imageType } from './image-type.ts';

/** However slowly a file comes in, its slot is taken no longer than this. */
const DEADLINE_MS = 60_000;

/** A whole file that looks like an image we take. */
export interface ReceivedImage {
  bytes: Buffer;
  contentType: string;
  /** Hex digest of the bytes. */
  sha256: string;
}

/**
 * Reads the file into memory and checks what it is. Its name and declared type are not looked at.
 * @param maxBytes at which the parser cuts the file off, without an error
 * @throws GraphQLError BAD_USER_INPUT, field `file`
 */
export async function receiveImage(file: FileUpload, maxBytes: number): Promise<ReceivedImage> {
  const bytes = await readWhole(file, maxBytes);
  if (bytes.length === 0) throw badInput('file', 'The file is empty.');
  const type = imageType(bytes);
  if (type === null) throw badInput('file', 'Only jpeg, png, webp, avif and gif images are taken.');
  const refusal = await inspectImage(bytes, type);
  if (refusal !== null) throw badInput('file', refusal);
  return { bytes, contentType: contentTypeOf(type), sha256: createHash('sha256').update(bytes).digest('hex') };
}

async function readWhole(file: FileUpload, maxBytes: number): Promise<Buffer> {
  const tooLarge = () => badInput('file', `The file is larger than ${maxBytes} bytes.`);
  const chunks: Buffer[] = [];
  try {
    const stream: Readable & { truncated?: boolean } = file.createReadStream();
    addAbortSignal(AbortSignal.timeout(DEADLINE_MS), stream);
    for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
    if (stream.truncated === true) throw tooLarge();
  } catch (error) {
    throw refusalOf(error, tooLarge);
  }
  return Buffer.concat(chunks);
}

/** Whatever goes wrong with the stream is the sender's: cut off, too slow, too large, or one file used twice. */
function refusalOf(error: unknown, tooLarge: () => GraphQLError): unknown {
  if (!(error instanceof Error)) return error;
  if ('status' in error && error.status === 413) return tooLarge();
  if ('extensions' in error) return error;
  if (error.message.includes('createReadStream() multiple times')) {
    return badInput('file', 'A file can be used once in an operation.');
  }
  return badInput('file', 'The upload broke off. Send the whole file again.');
}
