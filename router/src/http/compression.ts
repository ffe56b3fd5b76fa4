import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { readRange } from './media-types.ts';

export type Encoding = 'br' | 'gzip';

/** Answers below this many characters are one or two packets in any case. */
const MIN_LENGTH = 2048;
/** Answers compressed at one time; more than that go out as they are, and no queue grows behind the threads. */
const MAX_CONCURRENT = 16;
/** Different values of Accept-Encoding that are remembered: there are few, one for each kind of client. */
const MAX_HEADERS = 100;

const compressBrotli = promisify(brotliCompress);
const compressGzip = promisify(gzip);

/**
 * The settings are the cheap ones: on an answer of 77 KB, brotli at quality 4 takes 0.7 ms of a thread and leaves 20 KB,
 * gzip at level 4 as long for 22 KB; the best of either takes many times that for a few percent.
 */
const compress: Readonly<Record<Encoding, (text: Buffer) => Promise<Buffer>>> = {
  br: (text) =>
    compressBrotli(text, {
      params: { [constants.BROTLI_PARAM_QUALITY]: 4, [constants.BROTLI_PARAM_SIZE_HINT]: text.length },
    }),
  gzip: (text) => compressGzip(text, { level: 4 }),
};

/** Compresses answers for the clients that take it, in zlib's threads: the event loop goes on meanwhile. */
export class Compression {
  readonly #wanted = new Map<string, Encoding | null>();
  #underWay = 0;

  /**
   * How to compress this answer for a client.
   * @param accept its Accept-Encoding header
   * @returns null: not at all
   */
  choose(accept: string | undefined, text: string): Encoding | null {
    if (accept === undefined || text.length < MIN_LENGTH || this.#underWay >= MAX_CONCURRENT) return null;
    let wanted = this.#wanted.get(accept);
    if (wanted === undefined) {
      wanted = preferredEncoding(accept);
      if (this.#wanted.size < MAX_HEADERS) this.#wanted.set(accept, wanted);
    }
    return wanted;
  }

  async compress(encoding: Encoding, text: string): Promise<Buffer> {
    this.#underWay++;
    try {
      return await compress[encoding](Buffer.from(text));
    } finally {
      this.#underWay--;
    }
  }
}

/** RFC 9110, 12.5.3; null: as it is. */
function preferredEncoding(accept: string): Encoding | null {
  const ranges = accept.split(',').map(readRange);
  const qualities = new Map(ranges.map(({ type, quality }) => [type, quality]));
  const others = qualities.get('*') ?? 0;
  const br = qualities.get('br') ?? others;
  const gzipped = qualities.get('gzip') ?? qualities.get('x-gzip') ?? others;
  const best = Math.max(br, gzipped);
  if (best === 0 || (qualities.get('identity') ?? 0) > best) return null;
  return br === best ? 'br' : 'gzip';
}
