import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { badInput } from '@chorus/kit/errors';
import { GraphQLError } from 'graphql';
import { type FileUpload, Upload } from 'graphql-upload-minimal';

/** A file among the variables of a request, and where it stood. */
export interface UploadedFile {
  path: string;
  upload: Promise<FileUpload>;
}

/** Takes the files out of the variables; null stands in their places, as the multipart request specification says. */
export function collectUploads(variables: Record<string, unknown>): {
  files: UploadedFile[];
  variables: Record<string, unknown>;
} {
  const files: UploadedFile[] = [];
  const walk = (value: unknown, path: string): unknown => {
    if (value instanceof Upload) {
      files.push({ path, upload: value.promise });
      return null;
    }
    if (Array.isArray(value)) return value.map((item, index) => walk(item, `${path}.${index}`));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, walk(item, `${path}.${key}`)]));
  };
  return { variables: walk(variables, 'variables') as Record<string, unknown>, files };
}

export interface MultipartBody {
  body: Readable;
  /** For the Content-Type header. */
  type: string;
  /** What was wrong with a file, once that has ended the stream: the sender's fault, to be told instead of the call's. */
  failure(): GraphQLError | undefined;
}

/**
 * The request as a multipart stream: each file passes through as it comes in and is never held whole.
 * @param onProgress called for each piece of a file
 */
export function multipartBody(operations: string, files: UploadedFile[], onProgress: () => void): MultipartBody {
  let failure: GraphQLError | undefined;
  const boundary = `chorus-${randomUUID()}`;
  const map = Object.fromEntries(files.map(({ path }, index) => [index, [path]]));
  const field = (name: string, value: string) =>
    `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;

  async function* parts(): AsyncGenerator<Buffer, void> {
    yield Buffer.from(field('operations', operations) + field('map', JSON.stringify(map)));
    // In the order in which they come in: waiting for one while another holds up the stream would be waiting for ever.
    const waiting = new Map(
      files.map(({ upload }, index) => [index, upload.then((file) => ({ index, file }))] as const),
    );
    while (waiting.size > 0) {
      const { index, file } = await Promise.race(waiting.values());
      waiting.delete(index);
      const head = `name="${index}"; filename="${quote(file.filename)}"\r\nContent-Type: ${oneLine(file.mimetype)}`;
      yield Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; ${head}\r\n\r\n`);
      const stream = file.createReadStream();
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        onProgress();
        yield chunk;
      }
      // The parser ends a file at the limit without an error. Failing here leaves the body unfinished, so nobody can
      // take the part for the whole.
      if ('truncated' in stream && stream.truncated === true) throw tooLarge();
      yield Buffer.from('\r\n');
    }
    yield Buffer.from(`--${boundary}--\r\n`);
  }
  /** fetch tells only that the body broke, not why. */
  async function* remembered(): AsyncGenerator<Buffer, void> {
    try {
      yield* parts();
    } catch (error) {
      failure = refusalOf(error);
      throw error;
    }
  }
  return {
    body: Readable.from(remembered(), { objectMode: false }),
    type: `multipart/form-data; boundary=${boundary}`,
    failure: () => failure,
  };
}

const tooLarge = () => badInput('file', 'The file is larger than this server takes.');

/** Whatever goes wrong with an incoming file is the sender's: missing, too large, cut off, or used twice. */
function refusalOf(error: unknown): GraphQLError {
  if (error instanceof GraphQLError) return error;
  if (!(error instanceof Error)) return badInput('file', 'The file could not be read.');
  if ('status' in error && error.status === 413) return tooLarge();
  if (error.message.includes('createReadStream() multiple times')) {
    return badInput('file', 'A file can be used once in an operation.');
  }
  return badInput('file', 'The upload broke off, or a file is missing in it. Send it again, whole.');
}
const oneLine = (text: string): string => text.replaceAll(/[^\x20-\x7e]/g, '');
/** As browsers do in form data. */
const quote = (name: string): string => name.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
